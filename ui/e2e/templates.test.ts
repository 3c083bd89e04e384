// Each template, walked through as its vendor's page on creating a key has it: docs/templates.md puts the steps beside
// each other.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { createProfile, openTenant, showAppearance } from "./harness/journey";
import { until } from "./harness/processes";
import { Window } from "./harness/window";

let desktop: Desktop;
let window: Window;

beforeAll(async () => {
  desktop = await Desktop.start("unlocked");
  window = await Window.open(desktop);
  await createProfile(window);
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
});

/** What one test left open is not in the way of the next. */
afterEach(async (context) => {
  if (context.task.result?.state === "fail") await window.reload();
});

/** Chooses an option of a native select by its text. */
async function choose(label: string | RegExp, option: string): Promise<void> {
  const select = await window.find("combobox", { name: label });
  await window.driver.executeScript(
    `const [select, text] = arguments;
     const option = [...select.options].find((one) => one.textContent.trim().startsWith(text));
     if (!option) throw new Error("no option " + text);
     select.value = option.value;
     select.dispatchEvent(new Event("change", { bubbles: true }));`,
    select,
    option,
  );
}

/** Adds a tenant from a template, in the dialog. */
async function addFrom(template: string, name: string): Promise<void> {
  await window.clickFirst("button", "Add tenant");
  await window.find("dialog", { name: "Add local tenant" });
  await window.fill(/^Name/, name);
  await choose("Template", template);
  await window.picture(`template-add-${template.replaceAll(/\W+/g, "-").toLowerCase()}`);
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Add tenant", await window.find("dialog", { name: "Add local tenant" }));
  await window.gone("dialog");
  await window.find("heading", { name });
}

/** Presses the first of the buttons with this name: an empty list has a second one. */
function press(name: string): Promise<void> {
  return window.clickFirst("button", name);
}

/** Copies the key as the Save window does it, and answers with what is on the clipboard once it looks like that. */
async function copied(button: string, like: RegExp): Promise<string> {
  await window.click("button", button);
  return until("the key on the clipboard", async () => {
    const text = await desktop.clipboard();
    return like.test(text) ? text : undefined;
  });
}

async function verified(tenant: string, key: string): Promise<Record<string, unknown>> {
  const answer = await desktop.cli(["--json", "verify", "-t", tenant], key);
  return JSON.parse(answer.stdout) as Record<string, unknown>;
}

async function columns(): Promise<string[]> {
  return (await window.texts("columnheader")).map((text) => text.trim());
}

it("Documoto: + Add, Name, Organization, User Group(s), Save, API Authorization Header", async () => {
  await addFrom("Documoto", "Parts catalogue");
  await press("+ Add");
  const dialog = await window.find("dialog", { name: "New API Key" });
  await window.fill(/^Name/, "web shop");
  await choose(/^Organization/, "Main organization");
  await window.see("Choose its organization and its user groups");
  await window.click("checkbox", "Publishers", dialog);
  await window.click("checkbox", "Exporters", dialog);
  await window.see("The key has Publisher and Exporter: it may read and change content and tags and export media.");
  await window.picture("template-documoto-new");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Save", dialog);
  await window.see("API Authorization Header", 20);
  await window.picture("template-documoto-save");
  expect(await window.axe()).toEqual([]);
  const header = await copied("Copy as Authorization header", /^Authorization: lk_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$/);
  await window.click("button", "Close");
  await window.gone("dialog");
  // As many as fit: the day of creation goes first.
  expect(await columns()).toEqual(["Name", "Key", "Organization", "User Group(s)", "Expires", "Status"]);
  await window.find("gridcell", { name: "Main organization" });
  await window.find("gridcell", { name: "Exporters, Publishers" });
  await window.see("The key has Publisher and Exporter");
  const decided = await verified("Parts catalogue", header.replace("Authorization: ", ""));
  expect(decided).toMatchObject({ decision: "valid", organization: "main", permissions: ["publisher", "exporter"] });
  await window.picture("template-documoto-list");
  expect(await window.axe()).toEqual([]);
});

it("Documoto: a key without a group is refused at the field, and groups are managed from there", async () => {
  await openTenant(window, "Parts catalogue");
  await press("+ Add");
  const dialog = await window.find("dialog", { name: "New API Key" });
  await window.fill(/^Name/, "no group");
  await window.click("button", "Save", dialog);
  const group = await window.find("group", { name: /^User Group/ });
  await window.see("Fill this in.");
  expect(await window.textOf(group)).toContain("Fill this in.");
  expect(await window.focused("checkbox", "Administrators")).toBe(true);
  await window.click("button", "Cancel", dialog);
  await window.click("button", "Discard");
  await window.gone("dialog");

  await window.click("button", "Organizations and groups");
  await window.find("dialog", { name: "Organizations and groups of Parts catalogue" });
  const add = await window.find("group", { name: "Add an organization" });
  await window.type(await window.find("textbox", { name: /^Name/, within: add }), "Dealers");
  await window.click("checkbox", /Its keys can have every permission/, add);
  await window.click("checkbox", /^Publisher/, add);
  await window.picture("organizations");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Add", add);
  await window.see("Dealers");
  await window.click("button", "Remove Publishers");
  await window.see("1 key belongs to Publishers.");
  await window.click("button", "Done");
  await window.gone("dialog");

  // An organization holds back what the groups carry, and the details say so.
  await window.click("row", /web shop/);
  await window.click("button", /^Edit…/);
  await choose(/^Organization/, "Dealers");
  await window.click("button", "Save", await window.find("dialog"));
  await window.gone("dialog");
  await window.see("Its organization holds back Exporter.");

  const filters = await window.find("group", { name: "Filters" });
  await window.click("button", /^Organization/, filters);
  await window.click("option", /^Main organization/);
  await window.see("Nothing found");
  await window.click("button", /^Organization/, filters);
  await window.click("option", /^Dealers/);
  await window.find("row", { name: /web shop/ });
  await window.picture("list-filter-organization");
  expect(await window.axe()).toEqual([]);
  await window.click("button", /^Organization/, filters);
  await window.click("option", /^Any/);
});

it("Documenso: Create token, Name, Expires in, Create token, Done", async () => {
  await addFrom("Documenso", "Signatures");
  // Besides the person's own tokens there are those of a team.
  await window.click("button", "Organizations and groups");
  const add = await window.find("group", { name: "Add an organization" });
  await window.type(await window.find("textbox", { name: /^Name/, within: add }), "Sales");
  await window.click("button", "Add", add);
  await window.find("button", { name: "Remove Sales" });
  await window.picture("template-documenso-teams");
  await window.click("button", "Done");
  await window.gone("dialog");

  await press("Create token");
  const dialog = await window.find("dialog", { name: "Create API token" });
  await window.fill(/^Name/, "ab");
  const ends = await window.find("combobox", { name: "Expires in" });
  const options = (await window.texts("option", { within: ends })).map((text) => text.split(" · ")[0]);
  expect(options).toEqual(["7 days", "1 month", "3 months", "6 months", "12 months", "Never"]);
  expect(await ends.getAttribute("value")).toBe("90");
  await window.see("The key may do everything in its team.");
  // Nobody chooses for the operator where there is more than one.
  await window.click("button", "Create token", dialog);
  await window.see("Use at least 3 characters.");
  await window.fill(/^Name/, "zapier");
  await window.click("button", "Create token", dialog);
  await window.see("Fill this in.");
  expect(await window.focused("combobox", /^Team/)).toBe(true);
  await choose(/^Team/, "Sales");
  await window.fill(/^Name/, "zapier-webhook");
  await choose("Expires in", "6 months");
  await window.picture("template-documenso-new");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Create token", dialog);
  await window.find("dialog", { name: "Token created", seconds: 20 });
  const header = await copied("Copy as Authorization header", /^Authorization: api_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$/);
  await window.click("button", "Done");
  await window.gone("dialog");
  expect(await columns()).toEqual(["Name", "Created", "Expires", "Status"]);
  const team = JSON.parse((await desktop.cli(["--json", "organization", "list", "-t", "Signatures"])).stdout) as {
    id: string;
    name: string;
  }[];
  expect(await verified("Signatures", header.replace("Authorization: ", ""))).toMatchObject({
    decision: "valid",
    everything: true,
    organization: team.find(({ name }) => name === "Sales")!.id,
  });
  await window.picture("template-documenso-list");
});

it("docAnalyzer: Create key, Label, copy, Revoke", async () => {
  await addFrom("docAnalyzer", "Documents");
  await press("Create key");
  const dialog = await window.find("dialog", { name: "Create key" });
  await window.fill(/^Label/, "blog ingest");
  await window.see("The key may do everything that its creator may do. It has no end.");
  await window.picture("template-docanalyzer-new");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Create key", dialog);
  await window.find("dialog", { name: "Save generated key", seconds: 20 });
  await window.see("Send it as Authorization: Bearer");
  const key = await copied("Copy to clipboard", /^lk_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$/);
  await window.click("button", "Close");
  await window.gone("dialog");
  expect(await verified("Documents", key)).toMatchObject({ decision: "valid", everything: true });
  expect(await columns()).toEqual(["Label", "Key", "Created", "Expires", "Status"]);
  await window.click("button", /^Revoke/);
  await window.click("button", /^Revoke/, await window.find("alertdialog"));
  await window.gone("alertdialog");
  expect(await verified("Documents", key)).toMatchObject({ decision: "refused", reason: "revoked" });
});

it("ONLYOFFICE DocSpace: Create new secret key, Label, Permissions, Key lifetime, Generate, Done", async () => {
  await addFrom("ONLYOFFICE DocSpace", "Rooms");
  await press("Create new secret key");
  const dialog = await window.find("dialog", { name: "Create new secret key" });
  await window.fill(/^Label/, "LangFlow");
  await window.see("The key may do everything that its creator may do. It has no end.");
  await window.click("radio", "Restricted");
  await window.see("The key may do everything that its creator may do.");
  const available = await window.find("listbox", { name: /^Available API/ });
  const read = await window.find("option", { name: /Files: Read/, within: available });
  await window.driver.actions().doubleClick(read).perform();
  await window.see("The key may use 1 of 11 API sets, without an end.");
  await choose("Key lifetime", "After a number of days");
  const days = await window.find("textbox", { name: /^Days/ });
  expect(await days.getAttribute("value")).toBe("7");
  await window.type(days, "366");
  await window.click("button", "Generate", dialog);
  await window.see("at most 365 days");
  await window.type(days, "365");
  await window.picture("template-docspace-new");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Generate", dialog);
  await window.find("dialog", { name: "Save generated key", seconds: 20 });
  await window.picture("template-docspace-save");
  const key = await copied("Copy to clipboard", /^sk-[0-9a-f]{64}$/);
  await window.click("button", "Done");
  await window.gone("dialog");
  // The day of creation has its place in a wider window, and in the details.
  expect(await columns()).toEqual(["Label", "Secret key", "Created by", "Permissions", "State"]);
  expect(await verified("Rooms", key)).toMatchObject({
    decision: "valid",
    everything: false,
    api_sets: ["files:read"],
  });
  // Deactivate and activate.
  await window.click("button", /^Disable/);
  await window.find("button", { name: /^Enable/ });
  expect(await verified("Rooms", key)).toMatchObject({ decision: "refused", reason: "disabled" });
  await window.click("button", /^Enable/);
  await window.find("button", { name: /^Disable/ });
  expect(await verified("Rooms", key)).toMatchObject({ decision: "valid" });
  await window.picture("template-docspace-list");
});

it("goTransverse: Generate key, Available API and Selected API, Finish, Save generated key", async () => {
  await addFrom("goTransverse", "Billing system");
  await press("Generate key");
  const dialog = await window.find("dialog", { name: "New API Key" });
  await window.see("that takes the authority Manage User API Key");
  await window.fill(/^Name/, "ledger export");
  await window.fill("Description", "Nightly");
  const available = await window.find("listbox", { name: /^Available API/ });
  for (const set of ["Billing", "Dunning"]) {
    const option = await window.find("option", { name: new RegExp(`^${set}`), within: available });
    await window.driver.actions().doubleClick(option).perform();
  }
  await window.see("The key may use 2 of 9 API sets, without an end.");
  // Each user generates for themselves.
  await window.see("This tenant's keys are for yourself only.");
  const owner = await window.find("textbox", { name: /^Owner/ });
  expect(await owner.getAttribute("readonly")).not.toBeNull();
  const operator = await owner.getAttribute("value");
  await window.picture("template-gotransverse-new");
  await window.click("button", "Finish", dialog);
  await window.find("dialog", { name: "Save generated key", seconds: 20 });
  await window.see("Send it as X-API-Key:");
  const file = join(desktop.folder, "ledger.APIKEY");
  await window.click("button", "Download");
  await desktop.saveDialog(file);
  await window.find("button", { name: "Downloaded" });
  const plain = await copied("Copy to clipboard", /^[0-9a-f]{32}$/);
  const header = await copied("Copy as X-API-Key header", /^X-API-Key: [0-9a-f]{32}$/);
  await window.click("button", "Close");
  await window.gone("dialog");
  const key = readFileSync(file, "utf8").trimEnd();
  expect(key).toMatch(/^[0-9a-f]{32}$/);
  expect(plain).toBe(key);
  expect(header).toBe(`X-API-Key: ${key}`);
  expect(await verified("Billing system", key)).toMatchObject({ decision: "valid", api_sets: ["billing", "dunning"] });
  await window.picture("template-gotransverse-list");
  // As many as fit: the owner and the day of creation have their place in a wider window, and in the details.
  expect(await columns()).toEqual(["Name", "Key", "API sets", "Expires", "Status"]);
  await window.find("row", { name: /ledger export.*Billing.*Dunning/ });
  expect(await window.textOf(await window.find("complementary"))).toContain(operator!);
  const other = ["key", "new", "-t", "Billing system", "--name", "other", "--owner", "Somebody Else", "--stdout"];
  const refused = await desktop.cli([...other, "--api-set", "billing"]);
  expect([refused.status, refused.stdout]).toEqual([2, ""]);
});

it("saves a tenant as a template, starts another one from it, and looks right in the dark", async () => {
  await openTenant(window, "Parts catalogue");
  await window.click("button", "Tenant settings");
  await window.picture("template-settings");
  expect(await window.axe()).toEqual([]);
  const file = join(desktop.folder, "parts.json");
  await window.click("button", "Save as template…");
  await desktop.saveDialog(file, "Save as template");
  await window.see("Saved as parts.json");
  await window.click("button", "Cancel");
  await window.gone("dialog");

  await window.clickFirst("button", "Add tenant");
  const dialog = await window.find("dialog", { name: "Add local tenant" });
  await window.fill(/^Name/, "Second catalogue");
  await window.click("button", "From a file…", dialog);
  await desktop.openDialog(file, "Open template");
  await until("the template from the file", async () => {
    const text = await window.textOf(await window.find("combobox", { name: "Template" }));
    return text.includes("Parts catalogue (from a file)") || undefined;
  });
  await window.click("button", "Add tenant", dialog);
  await window.gone("dialog");
  await showAppearance(window, "Dark", "Second catalogue");
  await window.click("button", "Organizations and groups");
  await window.see("Dealers");
  await window.picture("organizations-dark");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Done");
  await press("+ Add");
  await window.see("Choose its organization and its user groups");
  await window.picture("template-documoto-new-dark");
  expect(await window.axe()).toEqual([]);
  expect(await window.cspViolations()).toEqual([]);
});
