// Download where it cannot work: the sentence says why, nothing is left behind, and the key is still there to be saved.

import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { Disk, disksCanBeMade } from "./harness/disk";
import { openTenant } from "./harness/journey";
import { Key, Window } from "./harness/window";

const name = "👩‍🔧 fitter 🏗️";

let desktop: Desktop;
let window: Window;
let disk: Disk | undefined;

const itWithDisk = it.skipIf(!disksCanBeMade());

beforeAll(async () => {
  desktop = await Desktop.start();
  await desktop.cli(["init"]);
  await desktop.cli(["tenant", "add", "Harbour Authority", "--local"]);
  window = await Window.open(desktop);
  await openTenant(window, "Harbour Authority");
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
});

beforeEach(async () => {
  await window.press(Key.chord(Key.CONTROL, "n"));
  await pasteName();
  await window.click("button", "Finish");
  await window.find("heading", { name: "Save generated key" });
  await window.see(`${name}.APIKEY, readable by you alone`);
});

afterEach(async () => {
  disk?.remove();
  disk = undefined;
  if ((await window.all("dialog")).length > 0) await close();
});

async function close(): Promise<void> {
  await window.click("button", "Close");
  await window.gone("dialog");
}

/** WebDriver's keys cannot type what is outside of the first plane of Unicode. */
async function pasteName(): Promise<void> {
  await window.driver.executeScript(
    `const [field, text] = arguments; field.value = text; field.dispatchEvent(new InputEvent("input", { bubbles: true }));`,
    await window.find("textbox", { name: /^Name/ }),
    name,
  );
}

/** Saves to a place where it works after all. */
async function downloadAfterAll(path: string): Promise<void> {
  await window.click("button", /^Download/);
  await desktop.saveDialog(path);
  await window.find("button", { name: "Downloaded" });
  expect(readFileSync(path, "utf8")).toMatch(/^lk_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}\n$/);
}

it("takes a name of emoji, and shows it everywhere", async () => {
  await downloadAfterAll(join(desktop.folder, "emoji.APIKEY"));
  await window.picture("download-emoji");
  await close();
  const row = await window.find("row", { name: new RegExp(name) });
  await window.clickOn(row);
  await window.find("heading", { name });
  const keys = JSON.parse((await desktop.cli(["--json", "key", "list"])).stdout) as { name: string }[];
  expect(keys.map((key) => key.name)).toEqual([name]);
  await window.picture("emoji-listed");
});

it("asks before it replaces a file, and leaves it where the answer is no", async () => {
  const file = join(desktop.folder, "there.APIKEY");
  writeFileSync(file, "something else");
  await window.click("button", /^Download/);
  await desktop.saveDialogOver(file);
  await desktop.answerOverwrite("Escape");
  await desktop.cancelSaveDialog();
  expect(readFileSync(file, "utf8")).toBe("something else");
  await window.find("button", { name: "Download" });

  await window.click("button", /^Download/);
  await desktop.saveDialogOver(file);
  await desktop.answerOverwrite("Return");
  await window.find("button", { name: "Downloaded" });
  expect(readFileSync(file, "utf8")).toMatch(/^lk_/);
});

it("never replaces a folder", async () => {
  const folder = join(desktop.folder, "folder.APIKEY");
  mkdirSync(folder);
  writeFileSync(join(folder, "inside"), "something else");
  await window.click("button", /^Download/);
  // The system's dialog goes into a folder whose name is typed.
  await desktop.saveDialogInto(folder);
  await desktop.cancelSaveDialog();
  await window.find("button", { name: "Download" });
  expect(readdirSync(folder)).toEqual(["inside"]);
  await downloadAfterAll(join(desktop.folder, "beside a folder.APIKEY"));
});

itWithDisk("says that a folder cannot be written to", async () => {
  disk = new Disk(join(desktop.folder, "read-only"));
  disk.setReadOnly(true);
  const file = join(disk.folder, "crane.APIKEY");
  await window.click("button", /^Download/);
  await desktop.saveDialog(file);
  await window.see("The place cannot be written to.");
  expect(await window.text()).toContain("Check the permissions of the folder");
  await window.picture("download-read-only");
  expect(existsSync(file)).toBe(false);
  disk.setReadOnly(false);
  await downloadAfterAll(file);
  expect(await window.text()).not.toContain("cannot be written to");
});

itWithDisk("says that the disk is full, and leaves nothing of the key on it", async () => {
  disk = new Disk(join(desktop.folder, "small"));
  disk.fill();
  const file = join(disk.folder, "crane.APIKEY");
  await window.click("button", /^Download/);
  await desktop.saveDialog(file);
  await window.see("The disk is full.");
  expect(await window.text()).toContain("Free some space and try again.");
  await window.picture("download-disk-full");
  expect(readdirSync(disk.folder)).toEqual(["ballast"]);
  disk.empty();
  await downloadAfterAll(file);
});
