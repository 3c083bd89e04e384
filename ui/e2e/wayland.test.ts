// The window on a desktop without X: what is different there is the clipboard, the dialogs and the window itself.

import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { addTenant, createProfile, openNewKey } from "./harness/journey";
import { filesWith } from "./harness/leaks";
import { until } from "./harness/processes";
import { WaylandScreen } from "./harness/wayland";
import { Key, Window } from "./harness/window";

const screen = new WaylandScreen();
let desktop: Desktop;
let window: Window;

function keyIn(file: string): string {
  return /ha_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}/.exec(readFileSync(file, "utf8"))![0];
}

beforeAll(async () => {
  desktop = await Desktop.start("unlocked", { LATCHKEY_CLIPBOARD_SECONDS: "4" }, screen);
  window = await Window.open(desktop);
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
});

it("issues a key: copied, downloaded, kept", async () => {
  expect(desktop.env.DISPLAY, "there is no X").toBeUndefined();
  await createProfile(window);
  await addTenant(window, "Harbour Authority", "ha");
  await openNewKey(window);
  await window.fill(/^Name/, "crane controller");
  await window.click("button", "Finish");
  await window.find("heading", { name: "Save generated key" });

  await window.click("button", "Copy to clipboard");
  const copied = await until("the clipboard", async () => (await desktop.clipboard()) || undefined);
  expect(copied).toMatch(/^ha_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}$/);
  expect(await desktop.clipboardTypes()).toContain("x-kde-passwordManagerHint");
  await until("the clipboard to be cleared", async () => ((await desktop.clipboard()) === "" ? true : undefined), 15);

  await window.click("button", "Download");
  const file = join(desktop.folder, "crane.APIKEY");
  await desktop.saveDialog(file);
  await until("the file", () => existsSync(file) || undefined);
  expect(readFileSync(file, "utf8")).toContain(copied);
  expect(statSync(file).mode & 0o777).toBe(0o600);

  await window.click("button", /^Keep in/);
  await window.find("button", { name: /^Kept/ });
  await window.click("button", "Close");
  await window.gone("dialog");
  const shown = await desktop.cli(["--json", "key", "show", "crane controller"]);
  expect(JSON.parse(shown.stdout)).toMatchObject({ name: "crane controller", kept: true });
});

it("verifies what another program has copied, and leaves it there", async () => {
  const key = keyIn(join(desktop.folder, "crane.APIKEY"));
  await desktop.copy(key);
  await window.click("button", "Verify");
  await window.see("Copy a key anywhere");
  await window.press(Key.chord(Key.CONTROL, "v"));
  await window.find("group", { name: "The key is valid" });
  expect(await desktop.clipboard()).toBe(key);
  // What follows copies the same key.
  await desktop.copy("something else");
});

it("takes a key off the clipboard when it is closed, and comes back as large as it was", async () => {
  const size = () => window.driver.executeScript<number[]>("return [innerWidth, innerHeight]");
  const before = await size();
  await screen.resize(await desktop.waitForWindow("Latchkey"), 1040, 660);
  const changed = await until("another size", async () => {
    const now = await size();
    return now[0] !== before[0] && now[1] !== before[1] ? now : undefined;
  });

  await window.click("button", "Show key");
  await window.click("button", "Copy again…");
  await desktop.answerQuestion("Copy again", "Return");
  await until("the key on the clipboard", async () => /^ha_/.test(await desktop.clipboard()) || undefined);
  await desktop.closeWindow("Latchkey");
  await desktop.waitForNoWindow("Latchkey");
  expect(await desktop.clipboard()).toBe("");
  await window.close();
  const file = join(desktop.folder, "crane.APIKEY");
  expect(filesWith(keyIn(file), desktop.folder)).toEqual([file]);
  window = await Window.open(desktop);
  expect(await size()).toEqual(changed);
});
