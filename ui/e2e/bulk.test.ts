// One action on several keys, and the catalogue of API sets, in the real window.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { openNewKey, openTenant } from "./harness/journey";
import { Key, Window } from "./harness/window";

const tenant = "Harbour Authority";
let desktop: Desktop;
let window: Window;

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
    await cli("key", "new", "-t", tenant, "--name", `crane ${number}`, "--expires", "30d", "--stdout");
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
