// The list and its records in the real window: filters and orders by click, what is deleted, and the catalogue's editor.

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

async function cli<T>(...args: string[]): Promise<T> {
  const done = await desktop.cli(["--json", ...args]);
  expect(done.status, done.stderr).toBe(0);
  return JSON.parse(done.stdout) as T;
}

const file = (name: string) => join(desktop.folder, name);

/** The names in the list, from the top. */
async function names(): Promise<string[]> {
  const rows = await window.texts("row");
  return rows.slice(1).map((text) => /crane controller|gate terminal|ledger export|tide gauge/.exec(text)?.[0] ?? text);
}

async function listed(...expected: string[]): Promise<void> {
  await until(`the list of ${expected.join(", ")}`, async () => {
    return JSON.stringify(await names()) === JSON.stringify(expected) || undefined;
  });
}

async function filterBy(filter: string, option: RegExp): Promise<void> {
  const filters = await window.find("group", { name: "Filters" });
  await window.click("button", new RegExp(`^${filter}`), filters);
  await window.click("option", option);
}

beforeAll(async () => {
  desktop = await Desktop.start();
  await cli("init");
  await cli("tenant", "add", tenant, "--local");
  await cli("tenant", "add", "Old quay", "--local");
  for (const [id, name] of [
    ["billing", "Billing"],
    ["tides", "Tide tables"],
  ] as const) {
    await cli("api-set", "add", "-t", tenant, id, "--name", name);
  }
  const key = (name: string, owner: string, expires: string, ...sets: string[]) =>
    cli("key", "new", "-t", tenant, "--name", name, "--owner", owner, "--expires", expires, "--stdout", ...sets);
  await key("crane controller", "Port operations", "90d", "--api-set", "billing", "--api-set", "tides");
  await key("gate terminal", "Security", "5d");
  await key("ledger export", "Finance", "never", "--api-set", "billing");
  await key("tide gauge", "Port operations", "30d", "--api-set", "tides");
  await cli("key", "disable", "ledger export");
  window = await Window.open(desktop);
  await openTenant(window, tenant);
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
});

it("filters by status, API set and owner, each alone and together", async () => {
  await listed("tide gauge", "ledger export", "gate terminal", "crane controller");
  await filterBy("Status", /^Disabled/);
  await listed("ledger export");
  // Several at a time: the list of choices stays open.
  await window.click("option", /^Expiring/);
  await window.picture("list-filter-status");
  expect(await window.axe()).toEqual([]);
  await window.press(Key.ESCAPE);
  await listed("ledger export", "gate terminal");
  await filterBy("Status", /^Any/);
  await listed("tide gauge", "ledger export", "gate terminal", "crane controller");

  await filterBy("API set", /^Tide tables/);
  await listed("tide gauge", "crane controller");
  await filterBy("Owner", /^Security/);
  await window.see("Nothing found");
  await filterBy("API set", /^Any/);
  await listed("gate terminal");
  await filterBy("Owner", /^Port operations/);
  await listed("tide gauge", "crane controller");
  await window.fill("Search keys", "crane");
  await listed("crane controller");
  await filterBy("Status", /^Revoked/);
  await window.press(Key.ESCAPE);
  await window.click("button", "Clear search and filters");
  await listed("tide gauge", "ledger export", "gate terminal", "crane controller");
});

it("sorts by the headings of its columns, and back", async () => {
  const order = async (column: string) =>
    (await window.find("columnheader", { name: new RegExp(`^${column}`) })).getAttribute("aria-sort");
  const sortBy = async (column: string) => {
    const heading = await window.find("columnheader", { name: new RegExp(`^${column}`) });
    await window.click("button", column, heading);
  };
  await sortBy("Name");
  await listed("crane controller", "gate terminal", "ledger export", "tide gauge");
  expect(await order("Name")).toBe("ascending");
  await sortBy("Name");
  await listed("tide gauge", "ledger export", "gate terminal", "crane controller");
  expect(await order("Name")).toBe("descending");
  await sortBy("Expires");
  await listed("gate terminal", "tide gauge", "crane controller", "ledger export");
  expect([await order("Expires"), await order("Name")]).toEqual(["ascending", "none"]);
  await window.picture("list-sorted");
  await sortBy("Expires");
  await listed("ledger export", "crane controller", "tide gauge", "gate terminal");
  expect(await order("Expires")).toBe("descending");
});

it("deletes a key, for the reason that is given", async () => {
  await window.click("row", /gate terminal/);
  await window.click("button", "Delete…");
  const question = await window.find("alertdialog", { name: "Delete gate terminal?" });
  expect(await window.textOf(question)).toContain("The key stops working at once");
  await window.fill(/^Reason/, "scrapped");
  await window.picture("list-delete");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Delete key");
  await window.gone("alertdialog");
  await listed("ledger export", "crane controller", "tide gauge");
  expect(await window.announced()).toContain("gate terminal is deleted.");
  const log = await cli<{ kind: string; subject: string | null; reason: string | null }[]>("audit", "list");
  expect(log[0]).toMatchObject({ kind: "key_deleted", subject: "gate terminal", reason: "scrapped" });
});

interface ApiSet {
  id: string;
  name: string;
  group: string | null;
  description: string;
}

const sets = () => cli<ApiSet[]>("api-set", "list", "-t", tenant);

it("renames an API set, puts it under a heading and describes it", async () => {
  await window.click("button", "API sets");
  await window.click("button", "Edit Tide tables");
  const edit = await window.find("group", { name: "Edit Tide tables" });
  const field = (name: string) => window.find("textbox", { name, within: edit });
  await window.type(await field("Name"), "Tides and currents");
  await window.type(await field("Group"), "Water");
  await window.type(await field("Description"), "Heights by the hour");
  await window.picture("catalogue-edit");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Save", edit);
  await window.find("button", { name: "Edit Tides and currents" });
  await window.find("heading", { name: /^Water/ });
  await window.see("Heights by the hour");
  expect(await sets()).toContainEqual(
    expect.objectContaining({
      id: "tides",
      name: "Tides and currents",
      group: "Water",
      description: "Heights by the hour",
    }),
  );
  // Left with Escape, nothing is changed, and the dialog stays.
  await window.click("button", "Edit Billing");
  await window.type(
    await window.find("textbox", { name: "Name", within: await window.find("group", { name: "Edit Billing" }) }),
    "Invoices",
  );
  await window.press(Key.ESCAPE);
  await window.find("button", { name: "Edit Billing" });
});

it("removes an API set that no key uses, and says which keys use another", async () => {
  await window.click("button", "Remove Billing");
  await window.see(/2 keys/);
  await window.picture("catalogue-in-use");
  const add = await window.find("group", { name: "Add an API set" });
  await window.type(await window.find("textbox", { name: /^Identifier/, within: add }), "pilots");
  await window.click("button", "Add", add);
  await window.click("button", "Remove pilots");
  await window.gone("button", { name: "Remove pilots" });
  expect((await sets()).map(({ id }) => id).sort()).toEqual(["billing", "tides"]);
});

it("takes the catalogue to a JSON file and back", async () => {
  await window.click("button", "Export…");
  await desktop.saveDialog(file("sets.json"), "Export API sets");
  await until("the file", () => Promise.resolve(existsSync(file("sets.json")) || undefined));
  const text = readFileSync(file("sets.json"), "utf8");
  const before = await sets();
  const changed = text.replace("Heights by the hour", "Heights by the minute").replace("Tides and currents", "Tides");
  expect(changed).not.toBe(text);
  JSON.parse(changed);
  writeFileSync(file("back.json"), changed);
  await window.click("button", "Import…");
  await desktop.openDialog(file("back.json"), "Import API sets");
  await window.see("0 new, 1 changed, 1 as they were.");
  await window.click("button", "Import");
  await window.find("button", { name: "Edit Tides" });
  await window.see("Heights by the minute");
  expect(await sets()).toEqual(
    before.map((set) => (set.id === "tides" ? { ...set, name: "Tides", description: "Heights by the minute" } : set)),
  );
  await window.click("button", "Done");
  await window.gone("dialog");
  // The list and the picker have the new words.
  await window.find("row", { name: /crane controller.*Tides/ });
  await openNewKey(window);
  await window.find("option", { name: "Tides" });
  await window.press(Key.ESCAPE);
  await window.gone("dialog");
});

it("removes a tenant without working keys, and refuses one with them", async () => {
  await window.click("button", "Tenant settings");
  await window.click("button", "Remove tenant…");
  await window.find("alertdialog", { name: `Remove ${tenant}?` });
  await window.click("button", "Remove tenant", await window.find("alertdialog"));
  await window.see("still has keys that work");
  await window.picture("tenant-remove-refused");
  expect(await window.axe()).toEqual([]);
  await window.press(Key.ESCAPE);
  await window.gone("alertdialog");
  await window.press(Key.ESCAPE);
  await window.gone("dialog");

  await openTenant(window, "Old quay");
  await window.click("button", "Tenant settings");
  await window.click("button", "Remove tenant…");
  await window.see("The tenant and its API sets go away. It has no keys.");
  await window.click("button", "Remove tenant", await window.find("alertdialog"));
  await window.gone("alertdialog");
  await window.find("heading", { name: "All keys" });
  const places = await window.find("navigation", { name: "Tenants and views" });
  expect(await window.all("button", { name: /^Old quay/, within: places })).toEqual([]);
  expect((await cli<{ name: string }[]>("tenant", "list")).map(({ name }) => name)).toEqual([tenant]);
});
