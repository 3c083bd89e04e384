// The menu of a row: what can be done with a key, where somebody points at it.

import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { Key, Window } from "./harness/window";

const tenant = "Harbour Authority";

let desktop: Desktop;
let window: Window;

async function cli(...args: string[]): Promise<string> {
  const done = await desktop.cli(args);
  expect(done.status, done.stderr).toBe(0);
  return done.stdout;
}

async function statusOf(name: string): Promise<string> {
  return (JSON.parse(await cli("key", "show", name, "--json")) as { status: string }).status;
}

async function pointAt(role: string, name: RegExp): Promise<void> {
  await window.driver
    .actions()
    .contextClick(await window.find(role, { name }))
    .perform();
}

/** What the menu offers, once it is there. */
async function offered(name: RegExp): Promise<string[]> {
  await window.find("menu", { name });
  return window.driver.executeScript<string[]>(
    "return [...document.querySelectorAll('[role=menuitem] .text')].map((one) => one.textContent)",
  );
}

beforeAll(async () => {
  desktop = await Desktop.start();
  await cli("init");
  await cli("tenant", "add", tenant, "--local");
  for (const name of ["crane controller", "gate terminal", "ledger export"]) {
    await cli("key", "new", "-t", tenant, "--name", name, "--expires", "never", "--keep");
  }
  window = await Window.open(desktop);
  await window.see("crane controller");
});

afterAll(async () => {
  expect(await window?.cspViolations()).toEqual([]);
  await window?.close();
  await desktop?.close();
});

it("offers what can be done with the key under the pointer, and does it", async () => {
  await pointAt("row", /crane controller/);
  expect(await offered(/crane controller/)).toEqual([
    "Show details",
    "Copy key…",
    "Edit…",
    "Disable",
    "Rotate…",
    "Revoke…",
    "Delete…",
  ]);
  await window.find("row", { name: /crane controller/ });
  expect(await window.axe()).toEqual([]);
  await window.picture("key-menu");
  await window.click("menuitem", /^Disable/);
  await window.gone("menu");
  await window.find("row", { name: /crane controller.*Disabled/ });
  expect(await statusOf("crane controller")).toBe("disabled");

  await pointAt("row", /crane controller/);
  expect(await offered(/crane controller/)).toContain("Enable");
  await window.press(Key.ESCAPE);
  await window.gone("menu");
  expect(await window.focused("row", /crane controller/)).toBe(true);
});

it("works with the keyboard alone", async () => {
  for (const keys of ["shift+F10", "Menu"]) {
    await desktop.press(keys);
    await offered(/crane controller/);
    expect(await window.focused("menuitem", /^Show details/)).toBe(true);
    await window.press(Key.ARROW_UP);
    expect(await window.focused("menuitem", /^Delete/)).toBe(true);
    await window.press("e");
    expect(await window.focused("menuitem", /^Edit/)).toBe(true);
    await window.press("e");
    expect(await window.focused("menuitem", /^Enable/)).toBe(true);
    await window.press(Key.HOME);
    expect(await window.focused("menuitem", /^Show details/)).toBe(true);
    await window.press(Key.TAB);
    await window.gone("menu");
    expect(await window.focused("row", /crane controller/)).toBe(true);
  }
  await desktop.press("shift+F10");
  await offered(/crane controller/);
  await window.press("r");
  await window.press("r");
  await window.press(Key.ENTER);
  await window.find("alertdialog", { name: /^Revoke crane controller/ });
  await window.press(Key.ESCAPE);
  await window.gone("alertdialog");
  expect(await window.focused("row", /crane controller/)).toBe(true);
  expect(await statusOf("crane controller")).toBe("disabled");
});

it("is about all keys that are chosen together, where it is one of them", async () => {
  await window.click("row", /ledger export/);
  await window.press(" ");
  await window.press(Key.SHIFT, Key.ARROW_DOWN);
  await pointAt("row", /gate terminal/);
  expect(await offered(/2 keys chosen/)).toEqual(["Disable…", "Enable…", "Extend…", "Tag…", "Export…", "Revoke…"]);
  await window.click("menuitem", /^Disable/);
  await window.find("dialog", { name: /Disable the chosen keys/ });
  await window.press(Key.ESCAPE);
  await window.gone("dialog");
  // One that is not chosen with them is meant alone.
  await pointAt("row", /crane controller/);
  expect(await offered(/crane controller/)).toContain("Show details");
  await window.press(Key.ESCAPE);
});

it("goes with a click beside it, and the web view has no menu of its own there", async () => {
  await pointAt("row", /gate terminal/);
  await window.find("menu");
  await window.click("heading", /All keys/);
  await window.gone("menu");
  await window.driver.executeScript(
    "addEventListener('contextmenu', (event) => { globalThis.asked = event.defaultPrevented; })",
  );
  await pointAt("heading", /All keys/);
  expect(await window.driver.executeScript("return globalThis.asked")).toBe(true);
});

it("asks in the middle of a narrow window, whose details are not shown", async () => {
  const rect = await window.driver.manage().window().getRect();
  await window.driver.manage().window().setRect({ width: 800, height: 700 });
  await window.click("button", "Close details");
  await window.press(Key.HOME);
  await window.press(Key.END);
  await desktop.press("shift+F10");
  await offered(/crane controller/);
  await window.click("menuitem", /^Edit/);
  const dialog = await window.find("dialog", { name: "Edit API key" });
  const seen = "return arguments[0].checkVisibility({ visibilityProperty: true })";
  expect(await window.driver.executeScript(seen, dialog)).toBe(true);
  await window.picture("key-menu-narrow");
  await window.press(Key.ESCAPE);
  await window.gone("dialog");
  await window.driver.manage().window().setRect(rect);
});
