import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { addTenant, catalogue, createProfile, openNewKey } from "./harness/journey";
import { filesWith } from "./harness/leaks";
import { until } from "./harness/processes";
import { Key, Window } from "./harness/window";

let desktop: Desktop;
let window: Window;

beforeEach(async () => {
  desktop = await Desktop.start("unlocked", { LATCHKEY_CLIPBOARD_SECONDS: "4" });
  window = await Window.open(desktop);
});

afterEach(async () => {
  await window?.close();
  await desktop?.close();
});

interface Verified {
  status: number | null;
  decision: string;
  reason?: string;
}

/** Asks the command line, with a clock that may be ahead of this computer's. */
async function verify(key: string, tenant: string, days = 0): Promise<Verified> {
  const env = { LATCHKEY_CLOCK_AHEAD: String(days * 86_400) };
  const answer = await desktop.cli(["--json", "verify", "-t", tenant], key, env);
  return { status: answer.status, ...(JSON.parse(answer.stdout) as { decision: string; reason?: string }) };
}

/**
 * Nothing of the page or of its source holds the secret, and of what Rust has told it, the answer to this command
 * included, only what was to be revealed.
 */
async function expectOnlyRevealed(key: string, command: string): Promise<void> {
  const secret = key.slice(12);
  expect(await window.text()).not.toContain(secret);
  expect(await window.source()).not.toContain(secret);
  const answers = await window.ipcAnswers();
  expect(answers.map(({ command }) => command)).toContain(command);
  expect(answers.some(({ body }) => body.includes("crane controller"))).toBe(true);
  expect(answers.filter(({ body }) => body.includes(secret)).map(({ command }) => command)).toEqual(["secret_reveal"]);
}

it("goes through the whole main job by mouse, and leaks nothing", async () => {
  await createProfile(window);
  await addTenant(window, "Harbour Authority", "ha");

  // Two API sets, added in the editor one after the other.
  await window.click("button", "API sets");
  for (const set of catalogue.slice(0, 3)) {
    await window.fill(/^Identifier/, set.id);
    await window.fill(/^Name/, set.name);
    await window.fill(/^Group/, set.group, "combobox");
    await window.click("button", "Add");
    await window.find("button", { name: `Edit ${set.name}` });
  }
  await window.click("button", "Done");

  await openNewKey(window);
  await window.fill(/^Name/, "crane controller");
  await window.fill("Description", "PLC of crane 4, north quay");
  await window.click("option", "Billing");
  await window.click("button", "Add what is chosen");
  await window.click("option", "Dunning");
  await window.click("button", "Add what is chosen");
  await window.see("2 of 3 API sets");
  await window.click("button", "Finish");

  await window.find("heading", { name: "Save generated key" });
  expect(await window.text()).toMatch(/ha_[0-9A-Za-z]{8}/);
  await window.click("button", "Reveal");
  await window.see(/ha_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}/);
  await window.click("button", "Hide");

  await window.click("button", /^Copy/);
  await window.see("Copied");
  const copied = await until("the clipboard", async () => (await desktop.clipboard()) || undefined);
  expect(copied).toMatch(/^ha_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$/);
  expect(await desktop.clipboardTypes()).toContain("x-kde-passwordManagerHint");

  const file = join(desktop.folder, "crane controller.APIKEY");
  await window.click("button", /^Download/);
  await desktop.saveDialog(file);
  await window.find("button", { name: "Downloaded" });
  expect(existsSync(file)).toBe(true);
  expect(readFileSync(file, "utf8")).toBe(`${copied}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o600);

  await until("the clipboard to be cleared", async () => ((await desktop.clipboard()) === "" ? true : undefined), 15);
  await window.click("button", "Close");
  await window.gone("dialog");

  await expectOnlyRevealed(copied, "secret_close");

  await window.click("row", /crane controller/);
  await window.see("PLC of crane 4, north quay");

  expect(await verify(copied, "Harbour Authority")).toMatchObject({ status: 0, decision: "valid" });
  const typo = copied.slice(0, -1) + (copied.endsWith("a") ? "b" : "a");
  expect(await verify(typo, "Harbour Authority")).toMatchObject({ status: 3, reason: "malformed" });
  expect(await verify(copied, "Harbour Authority", 91)).toMatchObject({ status: 3, reason: "expired" });
  await desktop.cli(["tenant", "add", "Vessel fleet", "--local"]);
  expect(await verify(copied, "Vessel fleet")).toMatchObject({ status: 3, reason: "unknown" });

  await window.click("button", "Disable");
  await window.find("button", { name: "Enable" });
  expect(await verify(copied, "Harbour Authority")).toMatchObject({ status: 3, reason: "disabled" });
  await window.click("button", "Enable");
  await window.find("button", { name: "Disable" });
  expect(await verify(copied, "Harbour Authority")).toMatchObject({ status: 0 });
  await window.click("button", "Revoke…");
  await window.see("PLC of crane 4, north quay");
  await window.click("button", "Revoke key");
  await window.see("Revoked");
  expect(await verify(copied, "Harbour Authority")).toMatchObject({ status: 3, reason: "revoked" });

  // Every place that shows the key was visited by now.
  await window.click("button", "Audit", await window.find("navigation", { name: "Tenants and views" }));
  await window.find("table", { name: "Audit log" });
  await window.see("crane controller");
  await expectOnlyRevealed(copied, "audit_list");

  await window.close();
  expect(filesWith(copied, desktop.folder)).toEqual([file]);
});

it("goes through the whole main job by keyboard alone", async () => {
  const type = async (...keys: string[]) => window.press(...keys);
  await window.tabTo("button", "Create profile");
  await type(Key.ENTER);
  await window.find("heading", { name: "Start with a tenant" });

  await window.tabTo("button", "Add tenant");
  await type(Key.ENTER);
  await until("the focus on the name", async () => (await window.focused("textbox", /^Name/)) || undefined);
  await type("Harbour Authority", Key.ENTER);
  await window.find("heading", { name: "Harbour Authority" });

  await window.tabTo("button", "API sets");
  await type(Key.ENTER);
  await until("the focus on the identifier", async () => (await window.focused("textbox", /^Identifier/)) || undefined);
  await type("billing", Key.ENTER);
  await window.find("button", { name: "Edit billing" });
  await until("the focus back", async () => (await window.focused("textbox", /^Identifier/)) || undefined);
  await type("dunning", Key.ENTER);
  await window.find("button", { name: "Edit dunning" });
  await type(Key.ESCAPE);
  await window.gone("dialog");

  await type(Key.chord(Key.CONTROL, "n"));
  await until("the focus on the name", async () => (await window.focused("textbox", /^Name/)) || undefined);
  await type("quay gateway");
  await window.tabTo("listbox", /^Available API/);
  await type(Key.HOME, " ", Key.chord(Key.SHIFT, Key.ARROW_DOWN), Key.ENTER);
  await window.see("2 of 2 API sets");
  await window.tabTo("button", "Finish");
  await type(Key.ENTER);

  await window.find("heading", { name: "Save generated key" });
  await window.tabTo("button", /^Copy/);
  await type(Key.ENTER);
  const copied = await until("the clipboard", async () => (await desktop.clipboard()) || undefined);
  await window.tabTo("button", "Close");
  await type(Key.ENTER);
  await window.gone("dialog");

  // A second key, downloaded.
  await type(Key.chord(Key.CONTROL, "n"));
  await until("the focus on the name", async () => (await window.focused("textbox", /^Name/)) || undefined);
  await type("north gate", Key.ENTER);
  await window.find("heading", { name: "Save generated key" });
  await window.tabTo("button", "Download");
  await type(Key.ENTER);
  const file = join(desktop.folder, "north gate.APIKEY");
  await desktop.saveDialog(file);
  await window.find("button", { name: "Downloaded" });
  const downloaded = readFileSync(file, "utf8").trim();
  await window.tabTo("button", "Close");
  await type(Key.ENTER);
  await window.gone("dialog");
  await window.find("row", { name: /north gate/ });

  await type(Key.chord(Key.CONTROL, "f"));
  await type("quay");
  await window.gone("row", { name: /north gate/ });
  const row = await window.find("row", { name: /quay gateway/ });
  expect(await row.isDisplayed()).toBe(true);

  // From the search to the list, and from its row to the details.
  await type(Key.ARROW_DOWN);
  await until("the focus on the row", async () => (await window.focused("row", /quay gateway/)) || undefined);
  await type(Key.ENTER);
  await until("the focus in the details", async () => (await window.focused("heading", "quay gateway")) || undefined);
  const stands = async (key: string) => {
    const { decision, reason } = await verify(key, "Harbour Authority");
    return reason ?? decision;
  };
  expect(await stands(copied)).toBe("valid");
  await window.tabTo("button", "Disable");
  await type(Key.ENTER);
  await until("the key to be disabled", async () => (await window.focused("button", "Enable")) || undefined);
  expect(await stands(copied)).toBe("disabled");
  await type(Key.ENTER);
  await until("the key to be enabled", async () => (await window.focused("button", "Disable")) || undefined);
  expect(await stands(copied)).toBe("valid");

  await type(Key.DELETE);
  await window.find("alertdialog", { name: "Revoke quay gateway?" });
  await window.tabTo("textbox", "Reason (optional)");
  await type("Found in a repository");
  await window.tabTo("button", "Revoke key");
  await type(Key.ENTER);
  await window.gone("alertdialog");
  await window.see("Found in a repository");
  expect([await stands(copied), await stands(downloaded)]).toEqual(["revoked", "valid"]);

  await window.tabTo("button", "Delete…");
  await type(Key.ENTER);
  await window.find("alertdialog", { name: "Delete quay gateway?" });
  await window.tabTo("textbox", "Reason (optional)");
  await type("The gateway was scrapped");
  await window.tabTo("button", "Delete key");
  await type(Key.ENTER);
  await window.gone("alertdialog");
  await window.gone("row", { name: /quay gateway/ });
  expect([await stands(copied), await stands(downloaded)]).toEqual(["unknown", "valid"]);
  const told = JSON.parse((await desktop.cli(["--json", "audit", "list"])).stdout) as { reason?: string }[];
  expect(told.map(({ reason }) => reason)).toEqual(
    expect.arrayContaining(["Found in a repository", "The gateway was scrapped"]),
  );
});
