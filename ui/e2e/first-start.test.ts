import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, expect, it } from "vitest";

import { Desktop, type KeychainState } from "./harness/desktop";
import { addTenant, createProfile } from "./harness/journey";
import { Key, Window } from "./harness/window";

const passphrase = "correct horse battery";

let desktop: Desktop;
let window: Window | undefined;

async function open(keychain: KeychainState, prepare?: (home: string) => void): Promise<Window> {
  desktop = await Desktop.start(keychain);
  prepare?.(desktop.home);
  window = await Window.open(desktop);
  return window;
}

afterEach(async () => {
  await window?.close();
  window = undefined;
  await desktop.close();
});

it("offers the keychain where there is one, and then asks for a tenant", async () => {
  const window = await open("unlocked");
  await window.picture("first-start");
  expect(await window.axe()).toEqual([]);
  await createProfile(window);
  expect(await window.cspViolations()).toEqual([]);
});

it("says why the keychain cannot be used, and offers the passphrase vault", async () => {
  const window = await open("none");
  await window.see("The keychain cannot be used now");
  await window.picture("first-start-no-keychain");
  expect(await window.axe()).toEqual([]);
  const keychain = await window.find("radio", { name: "This computer's keychain" });
  expect(await keychain.isEnabled()).toBe(false);

  await window.fillPassword("Passphrase", "too short");
  await window.fillPassword("Passphrase again", "too short");
  await window.click("button", "Create profile");
  await window.see("Use at least 12 characters.");

  await window.fillPassword("Passphrase", passphrase);
  await window.fillPassword("Passphrase again", "correct horse batter");
  await window.click("button", "Create profile");
  await window.see("The two passphrases differ.");
  await window.fillPassword("Passphrase again", passphrase);
  await window.click("button", "Create profile");
  await window.find("heading", { name: "Start with a tenant", seconds: 20 });
});

it("asks for the passphrase at the next start, and takes the right one only", async () => {
  const first = await open("none");
  await first.fillPassword("Passphrase", passphrase);
  await first.fillPassword("Passphrase again", passphrase);
  await first.click("button", "Create profile");
  await first.find("heading", { name: "Start with a tenant", seconds: 20 });
  await addTenant(first, "Harbour Authority");
  await first.close();

  window = await Window.open(desktop);
  await window.find("heading", { name: "Unlock Latchkey" });
  await window.picture("unlock");
  expect(await window.axe()).toEqual([]);
  // The guard is in Rust: the page cannot go round it.
  const around = await window.driver.executeAsyncScript<string>(
    `const done = arguments[0];
     window.__TAURI_INTERNALS__.invoke("tenant_list").then(() => done("answered"), (error) => done(error.code));`,
  );
  expect(around).toBe("vault_locked");
  await window.fillPassword("Passphrase", "wrong horse battery");
  await window.press(Key.ENTER);
  await window.see("This is not the passphrase of the vault.", 20);
  await window.fillPassword("Passphrase", passphrase);
  await window.press(Key.ENTER);
  await window.find("heading", { name: "Harbour Authority", seconds: 20 });
});

it("explains a profile that it cannot read, and leaves it alone", async () => {
  const window = await open("unlocked", (home) => {
    mkdirSync(home, { mode: 0o700 });
    writeFileSync(join(home, "latchkey.db"), "This is a letter to a friend, not a database. ".repeat(200));
  });
  await window.find("heading", { name: "The profile cannot be opened" });
  await window.see(/damaged/i);
  await window.picture("broken-profile");
  expect(await window.axe()).toEqual([]);
});
