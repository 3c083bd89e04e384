// The window goes away while a generated key is not saved: by the operator's hand, and by a power cut.

import { afterEach, beforeEach, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { openNewKey, openTenant } from "./harness/journey";
import { until } from "./harness/processes";
import { Window } from "./harness/window";

const tenant = "Harbour Authority";

let desktop: Desktop;
let window: Window;

beforeEach(async () => {
  desktop = await Desktop.start();
  await desktop.cli(["init"]);
  await desktop.cli(["tenant", "add", tenant, "--local"]);
  window = await Window.open(desktop);
  await openTenant(window, tenant);
  await openNewKey(window);
  await window.fill(/^Name/, "crane controller");
  await window.click("button", "Finish");
  await window.find("dialog", { name: "Save generated key" });
});

afterEach(async () => {
  await window?.close();
  await desktop?.close();
});

it("asks when the window is closed over an unsaved key, and takes a copied one off the clipboard", async () => {
  await desktop.closeWindow("Latchkey");
  await window.see("neither copied, downloaded nor kept");
  await window.click("button", "Go back");
  await window.click("button", "Copy to clipboard");
  await window.see("Copied");
  const copied = await until("the clipboard", async () => (await desktop.clipboard()) || undefined);

  await desktop.closeWindow("Latchkey");
  await desktop.waitForNoWindow("Latchkey");
  expect(await desktop.clipboard()).toBe("");
  expect((await desktop.cli(["verify", "-t", tenant], copied)).status).toBe(0);
});

it("says after a power cut that nobody has saved the key", async () => {
  await window.kill();
  window = await Window.open(desktop);
  await window.click("row", /crane controller/);
  await window.see("Nobody saved this key");
  await window.picture("unsaved-key");
  expect(await window.axe()).toEqual([]);
});
