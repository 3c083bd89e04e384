// Rotation in the real window, killed at each of its steps: at the next start each key is in force or not, as it should
// be, and of what was not meant to stay nothing is left.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { openTenant } from "./harness/journey";
import { Window } from "./harness/window";

const tenant = "Harbour Authority";
const hour = 3_600;

let desktop: Desktop;
let window: Window;
let oldKey: string;

interface Listed {
  handle: string;
  status: string;
  holding: string;
}

async function cli(args: string[], clockAhead = 0): Promise<string> {
  const done = await desktop.cli(args, "", { LATCHKEY_CLOCK_AHEAD: String(clockAhead) });
  expect(done.status, done.stderr).toBe(0);
  return done.stdout;
}

/** What `verify` says of a key so many seconds from now. */
async function decision(key: string, clockAhead = 0): Promise<string> {
  const env = { LATCHKEY_CLOCK_AHEAD: String(clockAhead) };
  const { stdout } = await desktop.cli(["--json", "verify", "-t", tenant], key, env);
  const { decision, reason } = JSON.parse(stdout) as { decision: string; reason?: string };
  return reason ?? decision;
}

const handleOf = (key: string): string => key.split("_")[1]!;
const file = (): string => join(desktop.folder, "new.APIKEY");
const newKey = (): string => readFileSync(file(), "utf8").trim();
const later = 25 * hour;

async function successor(): Promise<Listed> {
  const keys = JSON.parse(await cli(["--json", "key", "list"])) as Listed[];
  expect(keys).toHaveLength(2);
  return keys.find(({ handle }) => handle !== handleOf(oldKey))!;
}

beforeEach(async () => {
  desktop = await Desktop.start();
  await cli(["init"]);
  await cli(["tenant", "add", tenant, "--local"]);
});

afterEach(async () => {
  await window?.close();
  await desktop?.close();
});

async function makeOld(...options: string[]): Promise<void> {
  const made = ["key", "new", "-t", tenant, "--name", "crane controller", "--expires", "90d", "--stdout"];
  oldKey = (await cli([...made, ...options])).trim();
}

/** The rotation is done: both keys work until tomorrow. */
async function rotated(...options: string[]): Promise<void> {
  await cli(["key", "rotate", handleOf(oldKey), "--out", file(), ...options]);
}

async function openAt(point: string, row: RegExp): Promise<void> {
  window = await Window.open(desktop, { LATCHKEY_FAULT: point });
  await openTenant(window, tenant);
  await window.click("row", row);
  await window.find("heading", { name: "crane controller" });
}

/** Clicks what the program dies of, perhaps before it has answered the click. */
async function last(name: string | RegExp): Promise<void> {
  await window.click("button", name).catch(() => undefined);
}

async function plan(): Promise<void> {
  await window.click("button", "Rotate…");
  await window.find("dialog", { name: "Rotate crane controller" });
}

async function begin(): Promise<void> {
  await plan();
  await window.click("button", "Generate successor");
  await window.find("dialog", { name: "Save generated key" });
}

async function download(): Promise<void> {
  await last("Download");
  await desktop.saveDialog(file());
}

/** What a person does until the program dies. */
const ways = {
  generate: async (point: string) => {
    await makeOld();
    await openAt(point, /crane controller/);
    await plan();
    await last("Generate successor");
  },
  download: async (point: string) => {
    await makeOld();
    await openAt(point, /crane controller/);
    await begin();
    await download();
  },
  keep: async (point: string) => {
    await makeOld();
    await openAt(point, /crane controller/);
    await begin();
    await last(/^Keep/);
  },
  close: async (point: string) => {
    await makeOld();
    await openAt(point, /crane controller/);
    await begin();
    await download();
    await window.see("Downloaded");
    await last("Close");
  },
  "close unsaved": async (point: string) => {
    await makeOld();
    await openAt(point, /crane controller/);
    await begin();
    await window.click("button", "Close");
    await window.see("so the rotation is undone");
    await last("Close without saving");
  },
  undo: async (point: string) => {
    await makeOld();
    await rotated("--keep");
    await openAt(point, /Superseded/);
    await window.click("button", "Undo…");
    await window.find("alertdialog", { name: "Undo the rotation of crane controller?" });
    await last("Undo rotation");
  },
  finish: async (point: string) => {
    await makeOld();
    await rotated("--prepare");
    await openAt(point, /rotation under way/);
    await window.click("button", "Finish…");
    await window.find("dialog", { name: "Finish the rotation of crane controller" });
    await last("Retire old key");
  },
  "finish now": async (point: string) => {
    await makeOld("--keep");
    await rotated();
    await openAt(point, /Superseded/);
    await window.click("button", "Finish now…");
    await window.find("alertdialog", { name: "Revoke the old key of crane controller now?" });
    await last("Revoke old key");
  },
};

/** What has become of it once Latchkey has started again. */
const ends = {
  "as before": async () => {
    expect(JSON.parse(await cli(["--json", "key", "list"]))).toHaveLength(1);
    expect([await decision(oldKey), await decision(oldKey, later)]).toEqual(["valid", "valid"]);
    expect(await desktop.keychain.labels()).toEqual([]);
    expect(readdirSync(desktop.folder).filter((name) => name.includes("APIKEY"))).toEqual([]);
  },
  "saved in the file": async () => {
    expect([await decision(oldKey), await decision(newKey())]).toEqual(["valid", "valid"]);
    expect([await decision(oldKey, later), await decision(newKey(), later)]).toEqual(["superseded", "valid"]);
  },
  "kept in the keychain": async () => {
    expect(await successor()).toMatchObject({ status: "active", holding: "held" });
    expect(await desktop.keychain.labels()).toHaveLength(1);
    expect([await decision(oldKey), await decision(oldKey, later)]).toEqual(["valid", "superseded"]);
    expect(existsSync(file())).toBe(false);
  },
  "successor revoked": async () => {
    expect(await successor()).toMatchObject({ status: "revoked", holding: "none" });
    expect([await decision(oldKey, later), await decision(newKey())]).toEqual(["valid", "revoked"]);
    expect(await desktop.keychain.labels()).toEqual([]);
  },
  "old key revoked": async () => {
    expect([await decision(oldKey), await decision(newKey(), later)]).toEqual(["revoked", "valid"]);
    expect(await desktop.keychain.labels()).toEqual([]);
  },
};

const undone = "was interrupted before its new key was saved. It is undone";
const resumed = "the old one is retired as you had chosen";

it.each<[point: string, way: keyof typeof ways, end: keyof typeof ends, said: string | null]>([
  ["rotate.journaled", "generate", "as before", null],
  ["generate.listed", "generate", "as before", undone],
  ["generate.done", "generate", "as before", undone],
  ["download.journaled", "download", "as before", undone],
  ["download.written", "download", "saved in the file", resumed],
  ["download.delivered", "download", "saved in the file", resumed],
  ["keep.journaled", "keep", "as before", undone],
  ["keep.stored", "keep", "kept in the keychain", resumed],
  ["keep.done", "keep", "kept in the keychain", resumed],
  ["retire.listed", "close", "saved in the file", null],
  ["retire.done", "close", "saved in the file", null],
  ["undo.listed", "close unsaved", "as before", null],
  ["undo.done", "close unsaved", "as before", null],
  ["undo.listed", "undo", "successor revoked", null],
  ["discard.gone", "undo", "successor revoked", null],
  ["undo.done", "undo", "successor revoked", null],
  ["retire.listed", "finish", "saved in the file", null],
  ["retire.done", "finish", "saved in the file", null],
  ["retire.listed", "finish now", "old key revoked", null],
  ["discard.gone", "finish now", "old key revoked", null],
  ["retire.done", "finish now", "old key revoked", null],
])("killed at %s (%s), it is then: %s", async (point, way, end, said) => {
  await ways[way](point);
  await desktop.waitForNoWindow("Latchkey");
  await window.close();

  window = await Window.open(desktop);
  await openTenant(window, tenant);
  await window.find("row", { name: new RegExp(`crane controller.*${handleOf(oldKey)}`) });
  if (said) await window.see(said);
  else expect(await window.text()).not.toContain("was interrupted");
  await ends[end]();
  // Nothing is left to be done: another start finds it the same.
  await window.close();
  window = await Window.open(desktop);
  await openTenant(window, tenant);
  expect(await window.text()).not.toContain("was interrupted");
  await ends[end]();
});
