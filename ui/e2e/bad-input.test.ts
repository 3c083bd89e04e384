import { afterAll, beforeAll, expect, it, vi } from "vitest";

import en from "../messages/en.json";
import { Desktop } from "./harness/desktop";
import { addApiSets, openNewKey, openTenant } from "./harness/journey";
import { Key, Window } from "./harness/window";

let desktop: Desktop;
let window: Window;

beforeAll(async () => {
  desktop = await Desktop.start();
  await desktop.cli(["init"]);
  await desktop.cli(["tenant", "add", "Harbour Authority", "--local"]);
  window = await Window.open(desktop);
  await addApiSets(window, "Harbour Authority");
  await desktop.cli(["tenant", "edit", "Harbour Authority", "--max-lifetime", "90", "--require-api-set", "true"]);
  await window.reload();
  await openTenant(window, "Harbour Authority");
  await openNewKey(window);
  await window.find("option", { name: "Billing" });
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
});

/** Puts text into the name as a paste does: WebDriver's keys cannot type what cannot be seen. */
async function pasteName(text: string): Promise<void> {
  const field = await window.find("textbox", { name: /^Name/ });
  await window.driver.executeScript(
    `const [field, text] = arguments; field.value = text; field.dispatchEvent(new InputEvent("input", { bubbles: true }));`,
    field,
    text,
  );
}

async function finish(): Promise<void> {
  await window.click("button", "Finish");
}

/** What stands at the field, once it does: this and nothing else. */
async function expectAt(role: string, name: RegExp, description: string | RegExp): Promise<void> {
  const field = await window.find(role, { name });
  await vi.waitFor(
    async () => {
      const told = await window.description(field);
      if (typeof description === "string") expect(told).toBe(description);
      else expect(told).toMatch(description);
    },
    { timeout: 10_000 },
  );
  expect(await field.getAttribute("aria-invalid")).toBe("true");
  expect(await window.focused(role, name), String(description)).toBe(true);
}

it.each([
  ["empty", "", "Fill this in."],
  ["two characters", "ab", "Use at least 3 characters."],
  ["101 characters", "a".repeat(101), "Use at most 100 characters."],
  ["a control character", "crane\u0007", "Remove the tabs, line breaks or other control characters."],
  [
    "a right-to-left override",
    "crane\u202Erellortnoc",
    "Remove the invisible characters. They often come with pasted text: type it afresh.",
  ],
  [
    "a web address",
    "https://example.com",
    "A web address is not a name. Say what it is for, and put the address into the description.",
  ],
])("says at the name what is wrong with %s", async (_, name, sentence) => {
  await pasteName(name);
  await finish();
  await expectAt("textbox", /^Name/, sentence);
  const field = await window.find("textbox", { name: /^Name/ });
  expect(await field.getAttribute("value")).toBe(name);
  expect(await window.all("dialog", { name: "New API Key" })).toHaveLength(1);
});

it("says that the tenant wants an API set", async () => {
  await pasteName("👩‍🔧 fitter");
  await finish();
  await expectAt("listbox", /^Available API/, `${en.ui_picker_keys} Fill this in.`);
});

it("says what is wrong with an end", async () => {
  await window.driver
    .actions()
    .doubleClick(await window.find("option", { name: "Billing" }))
    .perform();
  const select = await window.find("combobox", { name: /^Expiration/ });
  expect(await window.textOf(select)).not.toContain("Never");
  const date = await select.findElement({ xpath: "./option[contains(., 'date')]" });
  await window.clickOn(date);
  for (const [typed, sentence] of [
    ["2020-01-01", `This day is in the past. Choose today or a later day. ${en.expires_on_hint}`],
    ["2027-02-30", `This is not a date of the calendar. Choose one. ${en.expires_on_hint}`],
    [
      "2099-01-01",
      /^This tenant's keys live for at most 90 days\. Choose an earlier day\. 1 Jan 2099, in [\d,]+ days\. The key ends with that day \(UTC\)\.$/,
    ],
  ] as const) {
    await window.fill(/^Date/, typed);
    await finish();
    await expectAt("textbox", /^Date/, sentence);
  }
});

it("says that an API set was removed meanwhile", async () => {
  await window.fill(/^Date/, new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10));
  const removed = await desktop.cli(["api-set", "remove", "-t", "Harbour Authority", "billing"]);
  expect(removed.stderr).toBe("");
  await finish();
  await expectAt(
    "listbox",
    /^Available API/,
    `${en.ui_picker_keys} The tenant no longer has the API set “billing”. Take it out and try again.`,
  );
  const keys = await desktop.cli(["--json", "key", "list"]);
  expect(JSON.parse(keys.stdout)).toEqual([]);
});

it("asks before it drops what was typed", async () => {
  await window.press(Key.ESCAPE);
  await window.see(/discard/i);
});
