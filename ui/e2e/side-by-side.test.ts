// Several programs on one profile: the command line and two windows.

import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { openNewKey, openTenant } from "./harness/journey";
import { Window } from "./harness/window";

const tenant = "Harbour Authority";

let desktop: Desktop;
let window: Window;
let other: Window | undefined;

beforeAll(async () => {
  desktop = await Desktop.start();
  await desktop.cli(["init"]);
  await desktop.cli(["tenant", "add", tenant, "--local"]);
  window = await Window.open(desktop);
  await openTenant(window, tenant);
});

afterAll(async () => {
  await other?.close();
  await window?.close();
  await desktop?.close();
});

async function generate(window: Window, name: string): Promise<void> {
  await openNewKey(window);
  await window.fill(/^Name/, name);
  await window.click("button", "Finish");
  await window.find("heading", { name: "Save generated key" });
}

async function saveAndClose(window: Window): Promise<void> {
  await window.click("button", /^Keep/);
  await window.see("Kept");
  await window.click("button", "Close");
  await window.gone("dialog");
}

it("shows by itself what the command line does, and loses nothing of what is being typed", async () => {
  const made = await desktop.cli(["key", "new", "-t", tenant, "--name", "gate 7", "--stdout"]);
  expect(made.status).toBe(0);
  await window.click("row", /gate 7/);
  await window.find("heading", { name: "gate 7" });
  await window.find("button", { name: "Disable" });

  await openNewKey(window);
  await window.fill(/^Name/, "half a na");
  await desktop.cli(["key", "revoke", "gate 7", "--yes"]);
  // Behind the dialog: what can be reached there is the dialog alone.
  await window.see("Revoked");
  const name = await window.find("textbox", { name: /^Name/ });
  expect(await name.getAttribute("value")).toBe("half a na");
  expect(await window.focused("textbox", /^Name/)).toBe(true);
  await window.click("button", "Cancel");
  await window.click("button", "Discard");
  await window.gone("dialog");

  await desktop.cli(["key", "delete", "gate 7", "--yes"]);
  await window.gone("row", { name: /gate 7/ });
  await desktop.cli(["tenant", "add", "Vessel fleet", "--local"]);
  await window.find("button", { name: /^Vessel fleet/ });
});

it("lets two windows work on one profile", async () => {
  other = await Window.open(desktop);
  await openTenant(other, tenant);
  await generate(window, "crane controller");
  // The Save window of one is none of the other's.
  await other.find("row", { name: /crane controller/ });
  expect(await other.all("dialog")).toEqual([]);
  await generate(other, "quay gateway");
  await saveAndClose(other);
  await window.find("heading", { name: "Save generated key" });
  await saveAndClose(window);
  await window.find("row", { name: /quay gateway/ });

  // What one does to a key the other shows, and neither finds fault with the journal of the other.
  await other.click("row", /crane controller/);
  await other.find("heading", { name: "crane controller" });
  await other.click("button", "Revoke…");
  await other.click("button", "Revoke key");
  await window.find("row", { name: /crane controller.*Revoked/ });
  await other.find("row", { name: /crane controller.*Revoked/ });
  const keys = JSON.parse((await desktop.cli(["--json", "key", "list"])).stdout) as { name: string; holding: string }[];
  expect(keys.map(({ name, holding }) => `${name}: ${holding}`).sort()).toEqual([
    "crane controller: none",
    "quay gateway: held",
  ]);
  expect(await desktop.keychain.labels()).toHaveLength(1);
});

it("says of a key that is gone that it is gone, and asks no more about it", async () => {
  await window.click("row", /quay gateway/);
  await window.find("heading", { name: "quay gateway" });
  await window.click("button", "Revoke…");
  await window.find("alertdialog", { name: /Revoke quay gateway/ });
  await desktop.cli(["key", "delete", "quay gateway", "--yes"]);
  await window.gone("alertdialog");
  await window.see("This is no longer there.");
  await window.gone("row", { name: /quay gateway/ });
  await window.picture("gone-meanwhile");
});

it("opens with what there is, before it asks", async () => {
  await desktop.cli(["key", "new", "-t", tenant, "--name", "berth <12>", "--stdout"]);
  await other?.close();
  other = await Window.open(desktop);
  await other.find("row", { name: /berth <12>/ });
  const told = new Set((await other.ipcAnswers()).map(({ command }) => command));
  for (const command of ["profile_view", "tenant_list", "connector_list"]) expect(told).not.toContain(command);
  // And then it listens: what comes later is shown as ever.
  await desktop.cli(["key", "revoke", "berth <12>", "--yes"]);
  await other.find("row", { name: /berth <12>.*Revoked/ });
});
