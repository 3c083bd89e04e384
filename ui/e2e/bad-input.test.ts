import { afterAll, beforeAll, expect, it } from "vitest";

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

it.each([
  ["empty", "", /required|missing|Give|Fill/i],
  ["two characters", "ab", "3 characters"],
  ["101 characters", "a".repeat(101), "100 characters"],
  ["a control character", "crane\u0007", /control/i],
  ["a right-to-left override", "crane\u202Erellortnoc", /cannot be seen|invisible|direction/i],
  ["a web address", "https://example.com", /address/i],
])("says at the name what is wrong with %s", async (_, name, sentence) => {
  await pasteName(name);
  await finish();
  const all = await window.see(sentence);
  expect(all).toContain("New API Key");
  expect(await window.focused("textbox", /^Name/)).toBe(true);
  const field = await window.find("textbox", { name: /^Name/ });
  expect(await field.getAttribute("aria-invalid")).toBe("true");
  expect(await field.getAttribute("value")).toBe(name);
});

it("says that the tenant wants an API set", async () => {
  await pasteName("👩‍🔧 fitter");
  await finish();
  await window.see(/API set/);
  const list = await window.find("listbox", { name: /^Available API/ });
  expect(await list.getAttribute("aria-invalid")).toBe("true");
});

it("says what is wrong with an end", async () => {
  await window.driver
    .actions()
    .doubleClick(await window.find("option", { name: "Billing" }))
    .perform();
  const select = await window.find("combobox", { name: /^Expiration/ });
  expect(await select.getText()).not.toContain("Never");
  const date = await select.findElement({ xpath: "./option[contains(., 'date')]" });
  await date.click();
  for (const [typed, sentence] of [
    ["2020-01-01", /past/i],
    ["2027-02-30", /not a date|calendar|date such as/i],
    ["2099-01-01", /90 days/],
  ] as const) {
    await window.fill(/^Date/, typed);
    await finish();
    await window.see(sentence);
    expect(await window.focused("textbox", /^Date/), typed).toBe(true);
  }
});

it("says that an API set was removed meanwhile", async () => {
  await window.fill(/^Date/, new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10));
  const removed = await desktop.cli(["api-set", "remove", "-t", "Harbour Authority", "billing"]);
  expect(removed.stderr).toBe("");
  await finish();
  await window.see(/billing/);
  expect(await window.text()).toContain("New API Key");
  const keys = await desktop.cli(["--json", "key", "list"]);
  expect(JSON.parse(keys.stdout)).toEqual([]);
});

it("asks before it drops what was typed", async () => {
  await window.press(Key.ESCAPE);
  await window.see(/discard/i);
});
