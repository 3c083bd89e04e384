// The rules of a tenant in the real window: what they refuse, and which keys do not meet them.

import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { openNewKey, openTenant } from "./harness/journey";
import { Key, Window } from "./harness/window";

const tenant = "Harbour Authority";
let desktop: Desktop;
let window: Window;

beforeAll(async () => {
  desktop = await Desktop.start();
  const cli = async (...args: string[]) => {
    const done = await desktop.cli(args);
    expect(done.status, done.stderr).toBe(0);
  };
  await cli("init");
  await cli("tenant", "add", tenant, "--local");
  for (const [name, expires] of [
    ["crane controller", "30d"],
    ["ledger export", "never"],
    ["quay-3 gateway", "365d"],
  ] as const) {
    await cli("key", "new", "-t", tenant, "--name", name, "--expires", expires, "--stdout");
  }
  window = await Window.open(desktop);
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
});

it("shows before Save which keys do not meet the rules, and holds new keys to them", async () => {
  await openTenant(window, tenant);
  await window.click("button", "Tenant settings");
  await window.see("All 3 keys in use meet these rules.");
  await window.fill("Longest lifetime in days", "90");
  await window.click("checkbox", /same name/);
  await window.click("checkbox", /for themselves only/);
  await window.see("2 of 3 keys in use do not meet these rules.");
  await window.picture("policy-gaps");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Show these keys");
  const list = await window.find("list", { name: "Keys and why" });
  expect(await window.textOf(list)).toMatch(
    /ledger export[^]*Has no end[^]*quay-3 gateway[^]*beyond the longest lifetime/,
  );
  await window.picture("policy-gaps-list");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "Close");

  const ends = await window.find("combobox", { name: "A new key ends" });
  await window.clickOn(await ends.findElement({ xpath: "./option[contains(., 'number of days')]" }));
  await window.fill(/^Number of days/, "120");
  await window.click("button", "Save");
  await window.see("at most 90 days");
  expect(await window.focused("textbox", /^Number of days/)).toBe(true);
  await window.fill(/^Number of days/, "45");
  await window.click("button", "Save");
  await window.gone("dialog");

  await openNewKey(window);
  expect(await (await window.find("combobox", { name: /^Expiration/ })).getAttribute("value")).toBe("45");
  await window.see("for yourself only");
  await window.fill(/^Name/, "crane controller");
  await window.click("button", "Finish");
  await window.see("This is taken already.");
  expect(await window.focused("textbox", /^Name/)).toBe(true);
  await window.press(Key.ESCAPE);
  await window.click("button", "Discard");
  await window.gone("dialog");
});
