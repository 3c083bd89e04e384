// The keychain missing, empty, locked, robbed and gone: each said with the way out, and nothing already done is lost.

import { afterEach, expect, it } from "vitest";

import { Desktop, type KeychainState } from "./harness/desktop";
import { createProfile, openNewKey, openTenant } from "./harness/journey";
import { filesWith } from "./harness/leaks";
import { until } from "./harness/processes";
import { Window } from "./harness/window";

const tenant = "Harbour Authority";

let desktop: Desktop;
let window: Window | undefined;

afterEach(async () => {
  await window?.close();
  window = undefined;
  await desktop.close();
});

/** A window over a profile with a tenant. */
async function openProfile(): Promise<Window> {
  desktop = await Desktop.start();
  await desktop.cli(["init"]);
  await desktop.cli(["tenant", "add", tenant, "--local"]);
  window = await Window.open(desktop);
  await openTenant(window, tenant);
  return window;
}

async function generate(window: Window, name: string): Promise<void> {
  await openNewKey(window);
  await window.fill(/^Name/, name);
  await window.click("button", "Finish");
  await window.find("heading", { name: "Save generated key" });
}

/** Generates a key, keeps it, closes its window and chooses it in the list. */
async function keepKey(window: Window, name: string): Promise<void> {
  await generate(window, name);
  await window.click("button", /^Keep/);
  await window.see("Kept");
  await window.click("button", "Close");
  await window.gone("dialog");
  await window.click("row", new RegExp(name));
  await window.find("button", { name: "Copy again…" });
}

interface Shown {
  holding: string;
}

async function shown(name: string): Promise<Shown> {
  return JSON.parse((await desktop.cli(["--json", "key", "show", name])).stdout) as Shown;
}

it.each<[KeychainState, string, RegExp]>([
  ["no bus", "This session has no message bus", /Start Latchkey from a desktop session/],
  ["none", "No keychain is running on this computer.", /GNOME Keyring, KWallet or KeePassXC/],
  ["empty", "no default collection to put anything into.", /create a keyring and make it the default/],
])("says at the first start what to do about a keychain that is: %s", async (state, sentence, todo) => {
  desktop = await Desktop.start(state);
  window = await Window.open(desktop);
  await window.see("The keychain cannot be used now");
  const text = await window.see(sentence);
  expect(text).toMatch(todo);
  expect(await (await window.find("radio", { name: "This computer's keychain" })).isEnabled()).toBe(false);
  expect(await (await window.find("radio", { name: "A passphrase vault" })).isSelected()).toBe(true);
  await window.picture(`keychain-${state.replace(" ", "-")}`);
});

it("can use a keychain that was started since", async () => {
  desktop = await Desktop.start("none");
  window = await Window.open(desktop);
  await window.see("No keychain is running on this computer.");
  await desktop.keychain.start();
  await window.click("button", "Try again");
  await window.gone("button", { name: "Try again" });
  await createProfile(window);
});

it("says that the keychain stayed locked, and keeps the key once it is unlocked", async () => {
  const window = await openProfile();
  await generate(window, "crane controller");
  await desktop.keychain.lock();
  await window.click("button", /^Keep/);
  await desktop.dismissPrompt();
  await window.see("The keychain asked to be unlocked, and the question was dismissed.");
  expect(await window.text()).toContain("type the password of the keychain when it asks");
  await window.find("heading", { name: "Save generated key" });
  await window.picture("keychain-dismissed");
  expect(await window.axe()).toEqual([]);
  expect((await shown("crane controller")).holding).toBe("none");

  // The other ways are still there, and so is this one.
  await window.click("button", /^Copy/);
  await window.see("Copied");
  expect(await window.text()).not.toContain("was dismissed");
  await desktop.keychain.stop();
  await desktop.keychain.start();
  await window.click("button", /^Keep/);
  await window.see("Kept");
  expect((await shown("crane controller")).holding).toBe("held");
});

it("says that the keychain went away while the window was open, and keeps the key once it is back", async () => {
  const window = await openProfile();
  await generate(window, "crane controller");
  await desktop.keychain.stop();
  await window.click("button", /^Keep/);
  await window.see("No keychain is running on this computer.");
  await window.find("heading", { name: "Save generated key" });
  await window.picture("keychain-gone");
  expect((await shown("crane controller")).holding).toBe("none");

  await desktop.keychain.start();
  await window.click("button", /^Keep/);
  await window.see("Kept");
  expect((await shown("crane controller")).holding).toBe("held");
  expect(await desktop.keychain.labels()).toHaveLength(1);
});

it("leaves a kept key as it is while the keychain is away, and copies it again once it is back", async () => {
  const window = await openProfile();
  await keepKey(window, "crane controller");
  await desktop.keychain.stop();
  await window.click("button", "Copy again…");
  await desktop.answerQuestion("Copy again", "Return");
  await window.see("No keychain is running on this computer.");
  await window.picture("keychain-gone-copy");
  expect((await shown("crane controller")).holding).toBe("held");

  await desktop.keychain.start();
  await window.click("button", "Copy again…");
  await desktop.answerQuestion("Copy again", "Return");
  await until("the clipboard", async () => (await desktop.clipboard()) || undefined);
});

it("says that a kept key was deleted from outside, and marks it", async () => {
  const window = await openProfile();
  await keepKey(window, "crane controller");
  await desktop.keychain.deleteItems();
  await window.click("button", "Copy again…");
  await desktop.answerQuestion("Copy again", "Return");
  await window.see("Missing from the vault");
  // The list says it too, whichever key is chosen.
  await window.find("row", { name: /crane controller.*its secret is missing from the vault/ });
  expect(await window.text()).toContain("revoke it and make a new one");
  expect(await window.all("button", { name: "Copy again…" })).toEqual([]);
  expect(await desktop.clipboard()).toBe("");
  await window.picture("keychain-item-deleted");
  expect(await window.axe()).toEqual([]);
  expect((await shown("crane controller")).holding).toBe("missing");
});

it("marks at the next start what was deleted from outside meanwhile", async () => {
  const first = await openProfile();
  await keepKey(first, "crane controller");
  await first.close();
  await desktop.keychain.deleteItems();
  window = await Window.open(desktop);
  await openTenant(window, tenant);
  const row = await window.find("row", { name: /crane controller.*its secret is missing from the vault/ });
  await window.picture("keychain-item-missing-list");
  await window.clickOn(row);
  await window.see("Missing from the vault");
});

it("keeps a secret in the keychain and nowhere else", async () => {
  const window = await openProfile();
  await generate(window, "crane controller");
  await window.click("button", /^Keep/);
  await window.see("Kept");
  await window.click("button", "Close");
  await window.gone("dialog");
  await window.click("row", /crane controller/);
  await window.click("button", "Copy again…");
  await desktop.answerQuestion("Copy again", "Return");
  const copied = await until("the clipboard", async () => (await desktop.clipboard()) || undefined);
  expect(copied).toMatch(/^lk_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$/);
  expect(await desktop.keychain.labels()).toHaveLength(1);
  expect(filesWith(copied, desktop.folder)).toEqual([]);
  await window.close();
  expect(filesWith(copied, desktop.folder)).toEqual([]);
});
