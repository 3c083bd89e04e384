// Keys from files, and the list into one, in the real window and the system's own dialogs.

import { existsSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { addApiSets, openTenant, showAppearance } from "./harness/journey";
import { until } from "./harness/processes";
import { Key, Window } from "./harness/window";

const tenant = "Harbour Authority";
const random = "sk_live_9fQ2mX7Lr4Tz8VbK1nW6pYs3Hd5Gj0Ca";
const chosen = "hunter2hunter2";

let desktop: Desktop;
let window: Window;

const file = (name: string) => join(desktop.folder, name);

beforeAll(async () => {
  desktop = await Desktop.start();
  await desktop.cli(["init"]);
  await desktop.cli(["tenant", "add", tenant, "--local"]);
  window = await Window.open(desktop);
  await addApiSets(window, tenant);
  await openTenant(window, tenant);
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
});

async function open(path: string | null): Promise<void> {
  await window.click("button", "Import…");
  await desktop.openDialog(path, "Import keys");
}

it("imports the chosen entries of a table, without a key in the web view", async () => {
  const rows = [
    "name,api key,notes",
    `crane controller,${random},PLC of crane 4`,
    `gate terminal,${chosen},`,
    `ab,${random}2,`,
    `=cmd|' /C calc'!A0,${random}3,`,
    `once more,${random},`,
    "nothing,,",
  ];
  writeFileSync(file("partners.csv"), rows.join("\r\n"));
  await open(file("partners.csv"));
  await window.see("6 entries in partners.csv");
  expect(await window.axe()).toEqual([]);
  await window.picture("import-light");
  await window.see("The file has it before");
  await window.see("Nothing stands there");

  await window.fill("Name of the entry in line 4", "tide gauge");
  // The name is taken when its field is left, and what was wrong with it goes: a click would meet a page that moves.
  await window.press(Key.TAB);
  await window.see("4 of 6 come into Harbour Authority");
  await window.click("checkbox", /^Keep the secrets/);
  await window.see("No API set is selected: the keys can use none.");
  await window.fill("Tags", "partners");
  await window.click("button", "Import 4 keys");
  await window.see("4 keys came into Harbour Authority.", 30);
  await window.see("4 secrets are kept on this computer.");
  await window.picture("import-done");
  await window.click("button", "Close");
  await window.gone("dialog");

  for (const name of ["crane controller", "gate terminal", "tide gauge", "=cmd"]) {
    await window.find("row", { name: new RegExp(name.replace("|", "\\|")) });
  }
  expect((await desktop.cli(["verify", "-t", tenant], random)).status).toBe(0);
  expect((await desktop.cli(["verify", "-t", tenant], chosen)).stdout).toContain("gate terminal");
  expect(await desktop.keychain.labels()).toHaveLength(4);

  await window.click("row", /gate terminal/);
  await window.see("A person may have chosen this key");
  expect(await window.axe()).toEqual([]);
  await window.picture("weak-key-light");
  const told = JSON.stringify(await window.ipcAnswers()) + (await window.source());
  for (const secret of [random.slice(8), chosen]) expect(told).not.toContain(secret);
});

it("wipes what was not imported", async () => {
  writeFileSync(file(".env"), `CRANE_TOKEN=${random}9\nMODE=production\n`);
  await open(file(".env"));
  await window.see("Does not look like a key");
  await window.click("button", "Cancel");
  await window.gone("dialog");
  const answer = await window.driver.executeAsyncScript<string>(
    `const done = arguments[0];
     window.__TAURI_INTERNALS__.invoke("import_rename", { number: 0, name: "x" }).then(() => done("answered"), (error) => done(error.code));`,
  );
  expect(answer).toBe("secret_gone");
});

it("refuses a hostile file in words, and offers another", async () => {
  writeFileSync(file("huge.csv"), "");
  truncateSync(file("huge.csv"), 2 ** 31);
  writeFileSync(file("program.env"), Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 0]));
  writeFileSync(file("one.APIKEY"), `\u{feff}${random}7\r\n`);
  await open(file("huge.csv"));
  await window.see("larger than 16 MiB");
  await window.picture("import-refused");
  await window.click("button", "Choose another file…");
  await desktop.openDialog(file("program.env"), "Import keys");
  await window.see("not text");
  await window.click("button", "Choose another file…");
  await desktop.openDialog(file("one.APIKEY"), "Import keys");
  await window.see("1 entry in one.APIKEY");
  await window.click("button", "Cancel");
  await window.gone("dialog");
  // No file at all is no failure.
  await open(null);
  await window.gone("dialog");
});

it("exports the list as it is filtered, for a spreadsheet", async () => {
  const exported = async (name: string): Promise<string> => {
    await window.click("button", "Export list…");
    await desktop.saveDialog(file(name), "Export list");
    await until("the list", () => Promise.resolve(existsSync(file(name)) || undefined));
    return readFileSync(file(name), "utf8");
  };
  const all = await exported("list.csv");
  expect(all.split("\r\n")).toHaveLength(6);
  expect(all).toContain("'=cmd|' /C calc'!A0");
  expect(all).not.toContain(random.slice(8));

  await window.fill("Search keys", "crane");
  await window.gone("row", { name: /gate terminal/ });
  const some = await exported("some.csv");
  expect(some.trimEnd().split("\r\n")).toHaveLength(2);
  expect(some).toContain("crane controller");
  await window.fill("Search keys", "");
  await window.find("row", { name: /gate terminal/ });

  await window.click("button", /^Status/);
  await window.click("option", /^Revoked/);
  await window.press(Key.ESCAPE);
  await window.see("Nothing found");
  expect((await exported("none.csv")).trimEnd().split("\r\n")).toHaveLength(1);
  await window.click("button", "Clear search and filters");
  await window.find("row", { name: /gate terminal/ });
});

it("looks as well in the dark", async () => {
  await showAppearance(window, "Dark", tenant);
  await open(file("partners.csv"));
  await window.see("Known as crane controller");
  expect(await window.axe()).toEqual([]);
  await window.picture("import-dark");
  await window.click("button", "Cancel");
  await window.gone("dialog");
  await window.picture("keys-with-weak-dark");
});
