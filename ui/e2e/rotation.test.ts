// Rotation in the real window: by mouse and by keyboard, undone, and gone on with at the next start. Killed at each
// step it is in rotation-killed.test.ts.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { openTenant, showAppearance } from "./harness/journey";
import { until } from "./harness/processes";
import { Key, Window } from "./harness/window";

const tenant = "Harbour Authority";
const hour = 3_600;

let desktop: Desktop;
let window: Window;
let oldKey: string;

interface Listed {
  handle: string;
  status: string;
  succeeds: string | null;
}

async function cli(args: string[], clockAhead = 0): Promise<string> {
  const done = await desktop.cli(args, "", { LATCHKEY_CLOCK_AHEAD: String(clockAhead) });
  expect(done.status, done.stderr).toBe(0);
  return done.stdout;
}

async function listed(): Promise<Listed[]> {
  return JSON.parse(await cli(["--json", "key", "list"])) as Listed[];
}

/** What `verify` says of a key so many seconds from now. */
async function decision(key: string, clockAhead = 0): Promise<string> {
  const env = { LATCHKEY_CLOCK_AHEAD: String(clockAhead) };
  const { stdout } = await desktop.cli(["--json", "verify", "-t", tenant], key, env);
  const { decision, reason } = JSON.parse(stdout) as { decision: string; reason?: string };
  return reason ?? decision;
}

const handleOf = (key: string): string => key.split("_")[1]!;
const file = (name: string): string => join(desktop.folder, name);

async function open(env: NodeJS.ProcessEnv = {}): Promise<void> {
  window = await Window.open(desktop, env);
  await openTenant(window, tenant);
  await window.click("row", /crane controller/);
  await window.find("heading", { name: "crane controller" });
}

async function beginByMouse(): Promise<void> {
  await window.click("button", "Rotate…");
  await window.find("dialog", { name: "Rotate crane controller" });
  await window.click("button", "Generate successor");
  await window.find("dialog", { name: "Save generated key" });
}

async function choose(label: string, option: RegExp): Promise<void> {
  const field = await window.find("combobox", { name: label });
  await window.click("option", option, field);
}

async function download(name: string): Promise<string> {
  await window.click("button", "Download");
  await desktop.saveDialog(file(name));
  await window.see("Downloaded");
  return readFileSync(file(name), "utf8").trim();
}

beforeEach(async () => {
  desktop = await Desktop.start();
  await cli(["init"]);
  await cli(["tenant", "add", tenant, "--local"]);
  await cli(["api-set", "add", "-t", tenant, "billing", "--name", "Billing"]);
  const made = ["key", "new", "-t", tenant, "--name", "crane controller", "--api-set", "billing", "--expires", "90d"];
  oldKey = (await cli([...made, "--stdout"])).trim();
});

afterEach(async () => {
  await window?.close();
  await desktop?.close();
});

it("is done by mouse: both keys are good in the overlap, and only the new one after it", async () => {
  await open();
  await window.click("button", "Rotate…");
  await window.find("dialog", { name: "Rotate crane controller" });
  await window.see(`A new key takes the place of lk_${handleOf(oldKey)}`);
  await choose("Old key stays valid", /^7 days/);
  await window.see(/is valid until .*, then it is refused/);
  await window.picture("rotate-light");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Generate successor");
  await window.find("dialog", { name: "Save generated key" });
  await window.see("Close retires the old key:");
  await window.picture("rotate-save-light");
  expect(await window.axe()).toEqual([]);
  expect(await decision(oldKey, 8 * 24 * hour), "not retired before the successor is saved").toBe("valid");
  const newKey = await download("new.APIKEY");
  await window.click("button", "Close");
  await window.gone("dialog");

  expect([await decision(oldKey), await decision(newKey)]).toEqual(["valid", "valid"]);
  const later = 7 * 24 * hour + 60;
  expect([await decision(oldKey, later), await decision(newKey, later)]).toEqual(["superseded", "valid"]);

  // The successor is chosen, and says whose place it takes; the links lead from one to the other.
  await window.find("row", { name: /crane controller.*Superseded/ });
  await window.picture("rotation-successor-light");
  expect(await window.axe()).toEqual([]);
  await window.click("button", new RegExp(handleOf(oldKey)));
  await window.see(/Superseded, valid until/);
  await window.picture("rotation-overlap-light");
  expect(await window.axe()).toEqual([]);
  await window.click("button", new RegExp(`^lk_${handleOf(newKey)}`));
  await window.see("Succeeds");
  await window.click("button", new RegExp(`^lk_${handleOf(oldKey)}`));

  // Finish now: the old key is revoked.
  await window.click("button", "Finish now…");
  await window.find("alertdialog", { name: "Revoke the old key of crane controller now?" });
  await window.picture("rotation-finish-now-light");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Revoke old key");
  await window.gone("alertdialog");
  expect([await decision(oldKey), await decision(newKey)]).toEqual(["revoked", "valid"]);
});

it("is done by keyboard, at once", async () => {
  await open();
  await window.press(Key.chord(Key.CONTROL, "r"));
  await window.find("dialog", { name: "Rotate crane controller" });
  expect(await window.focused("combobox", "Old key stays valid")).toBe(true);
  await window.press(Key.END);
  await window.see("is revoked at once, for good");
  await window.tabTo("button", "Generate successor");
  await window.press(Key.ENTER);
  await window.find("dialog", { name: "Save generated key" });
  await window.tabTo("button", "Copy to clipboard");
  await window.press(Key.ENTER);
  await window.see("Copied");
  const newKey = await until("the clipboard", async () => (await desktop.clipboard()) || undefined);
  expect([await decision(oldKey), await decision(newKey)]).toEqual(["valid", "valid"]);
  await window.tabTo("button", "Close");
  await window.press(Key.ENTER);
  await window.gone("dialog");
  expect([await decision(oldKey), await decision(newKey)]).toEqual(["revoked", "valid"]);
});

it("says at the field what is wrong with an overlap, and keeps what was typed", async () => {
  await open();
  await window.click("button", "Rotate…");
  await choose("Old key stays valid", /^Until a date/);
  await window.fill(/^Old key valid until/, "2020-01-01");
  await window.click("button", "Generate successor");
  await until("the focus at the date", async () =>
    (await window.focused("textbox", /^Old key valid until/)) ? true : undefined,
  );
  await window.picture("rotate-wrong-date");
  expect(await window.axe()).toEqual([]);
  expect(await listed()).toHaveLength(1);
  await window.press(Key.ESCAPE);
  await window.gone("dialog");
});

it("is undone in the overlap, and by closing an unsaved successor", async () => {
  await open();
  await beginByMouse();
  await window.click("button", "Close");
  await window.see("so the rotation is undone");
  await window.picture("rotate-unsaved");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Close without saving");
  await window.gone("dialog");
  await window.find("heading", { name: "crane controller" });
  expect(await listed()).toHaveLength(1);

  const before = await cli(["--json", "key", "show", handleOf(oldKey)]);
  await beginByMouse();
  const newKey = await download("new.APIKEY");
  await window.click("button", "Close");
  await window.gone("dialog");
  await showAppearance(window, "Dark", tenant);
  await window.click("row", /Superseded/);
  await window.see(/Superseded, valid until/);
  await window.picture("rotation-overlap-dark");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Undo…");
  await window.find("alertdialog", { name: "Undo the rotation of crane controller?" });
  await window.picture("rotation-undo-dark");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Undo rotation");
  await window.gone("alertdialog");
  expect([await decision(oldKey), await decision(newKey)]).toEqual(["valid", "revoked"]);
  const after = await cli(["--json", "key", "show", handleOf(oldKey)]);
  const end = (shown: string) => (JSON.parse(shown) as { expires_at: string }).expires_at;
  expect(end(after)).toBe(end(before));
  await window.click("button", "Rotate…");
  await window.find("dialog", { name: "Rotate crane controller" });
  await window.picture("rotate-dark");
  expect(await window.axe()).toEqual([]);
});

it("goes on or is undone at the next start, and the window says which", async () => {
  // Killed with the successor in the Save window, which nobody had saved.
  await open();
  await beginByMouse();
  await window.kill();
  window = await Window.open(desktop);
  await window.see("was interrupted before its new key was saved. It is undone");
  await window.picture("rotation-interrupted-undone");
  expect(await window.axe()).toEqual([]);
  expect(await listed()).toHaveLength(1);
  await window.click("button", "Dismiss");
  await window.see("crane controller");
  await window.close();

  // Killed with the successor saved, before the window was closed.
  await open();
  await beginByMouse();
  const newKey = await download("new.APIKEY");
  await window.kill();
  expect(await decision(newKey)).toBe("valid");
  window = await Window.open(desktop);
  await openTenant(window, tenant);
  await window.find("row", { name: /Superseded/ });
  const later = 24 * hour + 60;
  expect([await decision(oldKey, later), await decision(newKey, later)]).toEqual(["superseded", "valid"]);
});

it("shows what is due and what is under way, in the list and as a notice", async () => {
  await cli(["key", "new", "-t", tenant, "--name", "old gate", "--stdout"], -40 * 24 * hour);
  await cli(["key", "rotate", handleOf(oldKey), "--prepare", "--out", file("prepared.APIKEY")]);
  window = await Window.open(desktop);
  await openTenant(window, tenant);
  await window.click("button", "Tenant settings");
  await window.fill(/^Rotate keys after/, "a month");
  await window.click("button", "Save");
  await window.see("Type a whole number.");
  expect(await window.focused("textbox", /^Rotate keys after/)).toBe(true);
  await window.fill(/^Rotate keys after/, "30");
  await window.picture("rotation-rule");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Save");
  await window.gone("dialog");
  await window.find("button", { name: "1 key is due for rotation" });
  await window.find("button", { name: "1 rotation is under way" });
  await window.picture("rotation-notices-light");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "1 key is due for rotation");
  await until("one row", async () => ((await window.all("row", { name: /old gate/ })).length === 1 ? true : undefined));
  await until("no other", async () => ((await window.all("row", { name: /crane/ })).length === 0 ? true : undefined));
  await window.picture("rotation-filter-light");
  await window.click("button", /^Rotation/);
  await window.click("option", /^Under way/);
  await window.find("row", { name: /crane controller.*rotation under way/ });
  await window.click("row", /crane controller/);
  await window.see("and this key still works");
  await window.picture("rotation-under-way-light");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Finish…");
  await window.find("dialog", { name: "Finish the rotation of crane controller" });
  await window.picture("rotation-finish-light");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Retire old key");
  await window.gone("dialog");
  const newKey = readFileSync(file("prepared.APIKEY"), "utf8").trim();
  expect([await decision(oldKey, 25 * hour), await decision(newKey, 25 * hour)]).toEqual(["superseded", "valid"]);
});
