// A profile that cannot be read or written: each trouble has its sentence, and once it is over the same button works.

import { copyFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { Disk, disksCanBeMade } from "./harness/disk";
import { addApiSets, createProfile, openNewKey, openTenant } from "./harness/journey";
import { firstLine, run, stop } from "./harness/processes";
import { Window } from "./harness/window";

const tenant = "Harbour Authority";

let desktop: Desktop;
let window: Window | undefined;
let disk: Disk | undefined;

const itWithDisk = it.skipIf(!disksCanBeMade());

afterEach(async () => {
  await window?.close();
  disk?.remove();
  window = disk = undefined;
  await desktop.close();
});

async function startDesktop(onDisk = false): Promise<void> {
  desktop = await Desktop.start();
  if (onDisk) disk = new Disk(desktop.home);
}

async function createTenant(): Promise<void> {
  for (const args of [["init"], ["tenant", "add", tenant, "--local"]]) {
    const done = await desktop.cli(args);
    expect(done.stderr).toBe("");
  }
}

/** Runs a statement on the database as another program does. */
async function sql(statement: string): Promise<string> {
  const done = await run("sqlite3", [join(desktop.home, "latchkey.db"), statement], desktop.env);
  expect(done.stderr).toBe("");
  return done.stdout.trim();
}

async function names(): Promise<string[]> {
  const keys = JSON.parse((await desktop.cli(["--json", "key", "list"])).stdout) as { name: string }[];
  return keys.map(({ name }) => name);
}

/** The page says what is wrong with the profile; trying again opens it once that is over. */
async function refuses(window: Window, picture: string, ...sentences: string[]): Promise<void> {
  await window.find("heading", { name: "The profile cannot be opened" });
  for (const sentence of sentences) await window.see(sentence);
  await window.picture(picture);
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Try again");
  await window.find("heading", { name: "The profile cannot be opened" });
}

async function opensAgain(window: Window): Promise<void> {
  await window.click("button", "Try again");
  await openTenant(window, tenant);
}

/** New API Key with all its fields typed into. */
async function typeKey(window: Window): Promise<void> {
  await addApiSets(window, tenant);
  await openTenant(window, tenant);
  await openNewKey(window);
  await window.fill(/^Name/, "crane controller");
  await window.fill("Description", "PLC of crane 4, north quay");
  await window.click("option", "Billing");
  await window.click("button", "Add what is chosen");
  await window.see("1 of 5 API sets");
}

/** Nothing that was typed is lost, and the key can be generated after all. */
async function finishesAfterAll(window: Window): Promise<void> {
  await window.find("dialog", { name: "New API Key" });
  expect(await (await window.find("textbox", { name: /^Name/ })).getAttribute("value")).toBe("crane controller");
  const description = await window.find("textbox", { name: "Description" });
  expect(await description.getAttribute("value")).toBe("PLC of crane 4, north quay");
  expect(await window.text()).toContain("1 of 5 API sets");
  await window.click("button", "Finish");
  await window.find("heading", { name: "Save generated key" });
  expect(await names()).toEqual(["crane controller"]);
}

it("refuses a database that was cut in half, and leaves it alone", async () => {
  await startDesktop();
  await createTenant();
  const database = join(desktop.home, "latchkey.db");
  const whole = join(desktop.folder, "whole.db");
  copyFileSync(database, whole);
  truncateSync(database, readFileSync(whole).length / 2);
  const half = readFileSync(database);
  window = await Window.open(desktop);
  await refuses(
    window,
    "trouble-truncated",
    "The profile's database is damaged and cannot be read.",
    "Restore the newest backup into an empty folder.",
    "Latchkey has not changed anything in it.",
  );
  expect(readFileSync(database).equals(half)).toBe(true);
  writeFileSync(database, readFileSync(whole));
  await opensAgain(window);
});

it("asks to update Latchkey for a database of a newer one", async () => {
  await startDesktop();
  await createTenant();
  const version = await sql("PRAGMA user_version");
  await sql("PRAGMA user_version = 9999");
  window = await Window.open(desktop);
  await refuses(
    window,
    "trouble-newer",
    "This profile was written by a newer Latchkey.",
    "Install the newer version on this computer.",
  );
  expect(await sql("PRAGMA user_version")).toBe("9999");
  await sql(`PRAGMA user_version = ${version}`);
  await opensAgain(window);
});

it("keeps what was typed while another program holds the database, and finishes afterwards", async () => {
  await startDesktop();
  await createTenant();
  window = await Window.open(desktop);
  await typeKey(window);
  const holder = desktop.spawn("sqlite3", [join(desktop.home, "latchkey.db")], {}, ["pipe", "pipe", "ignore"]);
  holder.stdin!.write("BEGIN EXCLUSIVE;\nSELECT 'held';\n");
  expect(await firstLine(holder.stdout!)).toBe("held");
  await window.click("button", "Finish");
  await window.see("Another program is using the profile just now.", 30);
  expect(await window.text()).toContain("Wait until it has finished, or close it, and try again.");
  await window.picture("trouble-busy");
  expect(await window.axe()).toEqual([]);
  await stop(holder);
  expect(await names()).toEqual([]);
  await finishesAfterAll(window);
});

itWithDisk("keeps what was typed while the disk is full, and finishes afterwards", async () => {
  await startDesktop(true);
  await createTenant();
  window = await Window.open(desktop);
  await typeKey(window);
  disk!.fill();
  await window.click("button", "Finish");
  await window.see("The disk is full. Nothing was changed.");
  expect(await window.text()).toContain("Free some space and try again.");
  await window.picture("trouble-disk-full");
  disk!.empty();
  expect(await names()).toEqual([]);
  await finishesAfterAll(window);
});

itWithDisk("says that a profile on a disk that cannot be written to does not open", async () => {
  await startDesktop(true);
  await createTenant();
  disk!.setReadOnly(true);
  window = await Window.open(desktop);
  await refuses(
    window,
    "trouble-read-only",
    "The place cannot be written to.",
    "Check the permissions of the folder, or whether the drive is write-protected",
  );
  disk!.setReadOnly(false);
  await opensAgain(window);
});

itWithDisk("makes no profile on a disk that cannot be written to", async () => {
  await startDesktop(true);
  disk!.setReadOnly(true);
  window = await Window.open(desktop);
  await window.click("button", "Create profile");
  await window.see("The profile was not created");
  expect(await window.text()).toContain("The place cannot be written to.");
  await window.picture("trouble-first-start-read-only");
  expect(await window.axe()).toEqual([]);
  disk!.setReadOnly(false);
  await createProfile(window);
});

itWithDisk("makes no profile on a disk that is full", async () => {
  await startDesktop(true);
  disk!.fill();
  window = await Window.open(desktop);
  await window.click("button", "Create profile");
  await window.see("The profile was not created");
  expect(await window.text()).toContain("The disk is full.");
  disk!.empty();
  await createProfile(window);
});
