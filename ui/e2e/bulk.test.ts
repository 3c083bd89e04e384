// One action on several keys, and the catalogue of API sets, in the real window.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { openNewKey, openTenant } from "./harness/journey";
import { until } from "./harness/processes";
import { Key, Window } from "./harness/window";

const tenant = "Harbour Authority";
let desktop: Desktop;
let window: Window;
/** The secrets of the keys, by name. */
const secrets = new Map<string, string>();

async function cli(...args: string[]): Promise<string> {
  const done = await desktop.cli(args);
  expect(done.status, done.stderr).toBe(0);
  return done.stdout;
}

beforeAll(async () => {
  desktop = await Desktop.start();
  await cli("init");
  await cli("tenant", "add", tenant, "--local");
  await cli("api-set", "add", "-t", tenant, "billing", "--name", "Billing", "--description", "Invoices and dunning");
  for (let number = 1; number <= 4; number += 1) {
    const name = `crane ${number}`;
    secrets.set(name, (await cli("key", "new", "-t", tenant, "--name", name, "--expires", "30d", "--stdout")).trim());
  }
  window = await Window.open(desktop);
  await openTenant(window, tenant);
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
});

it("disables the keys that are chosen, and gives them back", async () => {
  await window.click("row", /crane 4/);
  await window.press(" ");
  await window.press(Key.chord(Key.SHIFT, Key.ARROW_DOWN));
  await window.see("2 keys chosen");
  expect(await window.announced()).toContain("2 keys chosen");
  await window.picture("bulk-bar");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Disable…");
  await window.see("2 keys stop working at once:");
  await window.see(/crane 3/);
  await window.picture("bulk-preview");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Change 2 keys");
  await window.gone("dialog");
  await window.see("2 keys were changed.");
  expect(JSON.parse(await cli("--json", "key", "list", "--status", "disabled"))).toHaveLength(2);
  await window.picture("bulk-undo");
  await window.click("button", "Undo");
  await window.see("2 keys are as they were.");
  expect(JSON.parse(await cli("--json", "key", "list", "--status", "disabled"))).toHaveLength(0);
  await window.click("button", "Dismiss");
});

it("tags all that the list finds, and the search finds the tag", async () => {
  await window.click("row", /crane 1/);
  await window.press(Key.chord(Key.CONTROL, "a"));
  await window.see("4 keys chosen");
  await window.click("button", "Tag…");
  await window.fill("Tags to add", "north quay");
  await window.see("4 of 4 chosen keys change.");
  await window.click("button", "Change 4 keys");
  await window.gone("dialog");
  await window.fill("Search keys", "quay");
  await window.find("row", { name: /crane 2.*north quay/ });
  await window.picture("bulk-tags");
  await window.fill("Search keys", "");
});

async function ends(): Promise<string[]> {
  const keys = JSON.parse(await cli("--json", "key", "list", "--sort", "name")) as { expires_at: string }[];
  return keys.map(({ expires_at }) => expires_at);
}

it("gives the chosen keys a later end, and takes it back", async () => {
  const before = await ends();
  await window.click("row", /crane 1/);
  await window.press(Key.chord(Key.CONTROL, "a"));
  await window.see("4 keys chosen");
  await window.click("button", "Extend…");
  const dialog = await window.find("dialog", { name: "Give the chosen keys a later end" });
  const choice = await window.find("combobox", { within: dialog });
  await window.clickOn(await choice.findElement({ xpath: "./option[contains(., '180 days')]" }));
  await window.see("4 of 4 chosen keys change.");
  await window.see("You can undo this afterwards.");
  await window.picture("bulk-extend");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Change 4 keys");
  await window.gone("dialog");
  await window.see("4 keys were changed.");
  for (const [index, end] of (await ends()).entries()) {
    expect(Date.parse(end) - Date.parse(before[index]!)).toBeGreaterThan(149 * 86_400_000);
  }
  await window.click("button", "Undo");
  await window.see("4 keys are as they were.");
  expect(await ends()).toEqual(before);
  await window.click("button", "Dismiss");
});

it("exports the keys that are chosen, and no others", async () => {
  await window.click("row", /crane 4/);
  await window.press(" ");
  await window.press(Key.chord(Key.SHIFT, Key.ARROW_DOWN));
  await window.see("2 keys chosen");
  await window.click("button", "Export…", await window.find("toolbar", { name: "Chosen keys" }));
  const out = join(desktop.folder, "chosen.csv");
  await desktop.saveDialog(out, "Export list");
  await until("the file", () => Promise.resolve(existsSync(out) || undefined));
  const table = readFileSync(out, "utf8");
  expect(table.trimEnd().split("\r\n")).toHaveLength(3);
  expect(table).toMatch(/crane 4[^]*crane 3/);
  for (const secret of secrets.values()) expect(table).not.toContain(secret.slice(12));
  // They stay chosen, for what comes next.
  await window.see("2 keys chosen");
  await window.click("button", "Choose none");
});

it("says what stops working before it revokes the keys that are chosen", async () => {
  await window.click("row", /crane 4/);
  await window.press(" ");
  await window.press(Key.chord(Key.SHIFT, Key.ARROW_DOWN));
  await window.see("2 keys chosen");
  await window.click("button", "Revoke…", await window.find("toolbar", { name: "Chosen keys" }));
  const question = await window.find("alertdialog", { name: "Revoke the chosen keys?" });
  await window.see("2 keys stop working at once:");
  const named = await window.texts("listitem", { within: question });
  expect(named.map((text) => text.slice(0, 7))).toEqual(["crane 4", "crane 3"]);
  expect(await window.textOf(question)).toContain("Revoking is for good and cannot be undone.");
  await window.fill(/^Reason/, "sold");
  await window.picture("bulk-revoke");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Change 2 keys");
  await window.gone("alertdialog");
  await window.see("2 keys were changed.");
  expect(await window.all("button", { name: "Undo" })).toEqual([]);
  await window.find("row", { name: /crane 4.*Revoked/ });
  await window.find("row", { name: /crane 3.*Revoked/ });
  for (const [name, status] of [
    ["crane 3", 3],
    ["crane 4", 3],
    ["crane 2", 0],
  ] as const) {
    expect((await desktop.cli(["verify", "-t", tenant], secrets.get(name))).status, name).toBe(status);
  }
  const log = await cli("--json", "audit", "list");
  expect((JSON.parse(log) as { reason: string | null }[]).filter(({ reason }) => reason === "sold")).toHaveLength(2);
  await window.click("button", "Dismiss");
});

it("retires, exports and imports API sets", async () => {
  await window.click("button", "API sets");
  await window.see("Invoices and dunning");
  await window.click("button", "Retire Billing");
  await window.find("button", { name: "Restore Billing" });
  await window.picture("catalogue");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Export…");
  const out = join(desktop.folder, "sets.csv");
  await desktop.saveDialog(out, "Export API sets");
  await window.see("Invoices and dunning");
  expect(readFileSync(out, "utf8")).toMatch(/^id,name,group,description,retired_at\r?\nbilling,Billing,/);

  const file = join(desktop.folder, "more.csv");
  writeFileSync(file, "id,name,description\nbilling,Billing,Invoices\nfiles:read,Read files,=cmd\n");
  await window.click("button", "Import…");
  await desktop.openDialog(file, "Import API sets");
  await window.see("1 new, 1 changed, 0 as they were.");
  await window.picture("catalogue-import");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Import");
  await window.find("button", { name: "Edit Read files" });
  await window.click("button", "Done");
  await window.gone("dialog");
  await openNewKey(window);
  await window.find("option", { name: "Read files" });
  expect(await window.all("option", { name: "Billing" })).toHaveLength(0);
  await window.press(Key.ESCAPE);
  await window.gone("dialog");
});
