// An end that was chosen as a day is that day everywhere, wherever on earth the operator sits.

import { afterEach, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { openTenant } from "./harness/journey";
import { Window } from "./harness/window";

const tenant = "Harbour Authority";
const end = "2030-01-31";

let desktop: Desktop;
let window: Window | undefined;

afterEach(async () => {
  await window?.close();
  window = undefined;
  await desktop.close();
});

async function expiresAt(): Promise<string> {
  return (JSON.parse((await desktop.cli(["--json", "key", "show", "gate 7"])).stdout) as { expires_at: string })
    .expires_at;
}

it.each(["UTC", "America/Los_Angeles", "Asia/Tokyo"])("shows and keeps a chosen day in %s", async (zone) => {
  desktop = await Desktop.start("unlocked", { TZ: zone });
  await desktop.cli(["init"]);
  await desktop.cli(["tenant", "add", tenant, "--local"]);
  await desktop.cli(["key", "new", "-t", tenant, "--name", "gate 7", "--stdout", "--expires", end]);
  const before = await expiresAt();
  expect(before).toBe("2030-02-01T00:00:00Z");

  window = await Window.open(desktop);
  await openTenant(window, tenant);
  await window.click("row", new RegExp(`gate 7.*${end}`));
  await window.see("31 Jan 2030, to the end of the day (UTC)");
  await window.click("button", "Edit…");
  const asItIs = await window.find("option", { name: "31 Jan 2030 (as it is)" });
  expect(await asItIs.isSelected()).toBe(true);
  await window.click("option", /^On a date/);
  const date = await window.find("textbox", { name: /^Date/ });
  expect(await date.getAttribute("value")).toBe(end);
  await window.see(/31 Jan 2030, in \d+ days\. The key ends with that day \(UTC\)\./);
  await window.picture("edit-expiration");
  await window.click("button", "Save");
  await window.gone("dialog");
  expect(await expiresAt()).toBe(before);

  // A day that is no day is said at the field, which stays as typed.
  await window.click("button", "Edit…");
  await window.click("option", /^On a date/);
  await window.fill(/^Date/, "2030-02-30");
  await window.click("button", "Save");
  await window.see("This is not a date of the calendar.");
  expect(await window.focused("textbox", /^Date/)).toBe(true);
  expect(await (await window.find("textbox", { name: /^Date/ })).getAttribute("value")).toBe("2030-02-30");
  expect(await expiresAt()).toBe(before);
});
