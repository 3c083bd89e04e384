// What is seen before there is a tenant, in both appearances: axe-core finds nothing.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, expect, it } from "vitest";

import { Desktop, type KeychainState } from "./harness/desktop";
import { createProfile } from "./harness/journey";
import { Window } from "./harness/window";

const passphrase = "correct horse battery";

let desktop: Desktop;
let window: Window | undefined;

afterEach(async () => {
  await window?.close();
  window = undefined;
  await desktop.close();
});

const appearances = ["light", "dark"] as const;
type Appearance = (typeof appearances)[number];

/** Without a profile there are no settings: the window follows the system. */
async function open(appearance: Appearance): Promise<Window> {
  window = await Window.open(desktop, { GTK_THEME: appearance === "dark" ? "Adwaita:dark" : "Adwaita" });
  expect(await window.driver.executeScript("return matchMedia('(prefers-color-scheme: dark)').matches")).toBe(
    appearance === "dark",
  );
  return window;
}

async function startIn(appearance: Appearance, keychain: KeychainState): Promise<Window> {
  desktop = await Desktop.start(keychain);
  return open(appearance);
}

async function check(window: Window, name: string): Promise<void> {
  await window.picture(name);
  expect(await window.axe(), name).toEqual([]);
}

it.each(appearances)("passes at the first start: %s", async (appearance) => {
  const window = await startIn(appearance, "unlocked");
  await window.find("radio", { name: "This computer's keychain" });
  await check(window, `first-start-${appearance}`);
  await createProfile(window);
  await check(window, `no-tenants-${appearance}`);
  await window.clickFirst("button", "Add tenant");
  await window.find("dialog", { name: "Add local tenant" });
  await check(window, `first-tenant-${appearance}`);
});

it.each(appearances)("passes without a keychain, and where a passphrase unlocks: %s", async (appearance) => {
  const first = await startIn(appearance, "none");
  await first.see("The keychain cannot be used now");
  await check(first, `first-start-no-keychain-${appearance}`);
  await first.fillPassword("Passphrase", passphrase);
  await first.fillPassword("Passphrase again", "another one");
  await first.click("button", "Create profile");
  await first.see("The two passphrases differ.");
  await check(first, `first-start-wrong-${appearance}`);
  await first.fillPassword("Passphrase again", passphrase);
  await first.click("button", "Create profile");
  await first.find("heading", { name: "Start with a tenant", seconds: 20 });
  await first.close();

  const second = await open(appearance);
  await second.find("heading", { name: "Unlock Latchkey" });
  await check(second, `unlock-${appearance}`);
  await second.fillPassword("Passphrase", "wrong horse battery");
  await second.click("button", "Unlock");
  await second.see("This is not the passphrase of the vault.", 20);
  await check(second, `unlock-wrong-${appearance}`);
});

it.each(appearances)("passes where the profile is broken: %s", async (appearance) => {
  desktop = await Desktop.start();
  mkdirSync(desktop.home, { mode: 0o700 });
  writeFileSync(join(desktop.home, "latchkey.db"), "This is a letter to a friend, not a database. ".repeat(200));
  const window = await open(appearance);
  await window.find("heading", { name: "The profile cannot be opened" });
  await check(window, `broken-profile-${appearance}`);
});
