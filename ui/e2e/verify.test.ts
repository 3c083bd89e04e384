// The page that verifies, in the real window: the key goes from the clipboard or a file to Rust, and nowhere else.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { showAppearance } from "./harness/journey";
import { filesWith } from "./harness/leaks";
import { Key, Window } from "./harness/window";

const tenant = "Harbour Authority";
const longName = "The Harbour Authority of the Free and Hanseatic City, Department of Cranes";

let desktop: Desktop;
let window: Window;
let key: string;

async function cli(...args: string[]): Promise<string> {
  const done = await desktop.cli(args);
  expect(done.status, done.stderr).toBe(0);
  return done.stdout;
}

async function openVerify(): Promise<void> {
  await window.click("button", "Verify", await window.find("navigation", { name: "Tenants and views" }));
  await window.find("heading", { name: "Verify" });
}

beforeAll(async () => {
  desktop = await Desktop.start();
  await cli("init");
  await cli("tenant", "add", tenant, "--local");
  await cli("tenant", "add", longName, "--local");
  await cli("api-set", "add", "-t", tenant, "billing", "--name", "Billing");
  const made = ["key", "new", "-t", tenant, "--name", "crane controller", "--api-set", "billing", "--expires", "90d"];
  key = (await cli(...made, "--stdout")).trim();
  window = await Window.open(desktop);
  await openVerify();
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
});

it("says what a copied key may do, by the keyboard, and leads to its details", async () => {
  await window.see("Copy a key anywhere");
  await window.picture("verify-light");
  await desktop.copy(`${key}\n`);
  await window.press(Key.chord(Key.CONTROL, "v"));
  const answer = await window.find("group", { name: "The key is valid" });
  expect(await window.axe()).toEqual([]);
  await window.picture("verify-valid-light");
  expect(await answer.getAttribute("textContent")).toMatch(/API sets\s+Billing/);
  await window.tabTo("button", "Show key");
  await window.press(Key.ENTER);
  await window.find("heading", { name: "crane controller" });
});

it("says why it refuses a key that was revoked meanwhile, from a file too", async () => {
  await showAppearance(window, "Dark", tenant);
  await cli("key", "revoke", "crane controller", "--yes");
  await openVerify();
  await window.click("button", /^Verify the copied key/);
  await window.find("group", { name: "The key is refused" });
  await window.see("The key was revoked, for good.");
  expect(await window.axe()).toEqual([]);
  await window.picture("verify-revoked-dark");

  const file = join(desktop.folder, "cut.APIKEY");
  writeFileSync(file, `${key.slice(0, -1)}\n`);
  await window.click("button", "From a file…");
  await desktop.openDialog(file, "Choose the file with the key");
  await window.see("This is no key");
});

it("needs no scrolling to the side in a narrow window, however long a tenant's name is", async () => {
  await window.driver.manage().window().setRect({ width: 620, height: 700 });
  const field = await window.find("combobox", { name: "Tenant" });
  await window.click("option", longName, field);
  await window.click("button", /^Verify the copied key/);
  await window.see(`${longName} does not know this key.`);
  await window.picture("verify-narrow-dark");
  const wider = await window.driver.executeScript<string[]>(
    `return [...document.querySelectorAll("main, main *")]
       .filter((one) => getComputedStyle(one).overflowX === "auto" && one.scrollWidth > one.clientWidth)
       .map((one) => one.className);`,
  );
  expect(wider).toEqual([]);
});

it("keeps the key out of the page, its answers, the profile and the log", async () => {
  const secret = key.slice(key.lastIndexOf("_") + 1);
  expect(await window.source()).not.toContain(secret);
  for (const { command, body } of await window.ipcAnswers()) expect(body, command).not.toContain(secret);
  expect(filesWith(key, desktop.home)).toEqual([]);
  expect(filesWith(key, desktop.folder).filter((path) => path.endsWith("windows.log"))).toEqual([]);
});
