// A window that is left open keeps up with time: reminders come when their moment comes, by a clock that is moved.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { openTenant, showAppearance } from "./harness/journey";
import { Window } from "./harness/window";

const tenant = "Harbour Authority";
const day = 86_400;

let desktop: Desktop;
let window: Window;
let clock: string;

async function cli(...args: string[]): Promise<string> {
  const done = await desktop.cli(args, "", { LATCHKEY_CLOCK_FILE: clock });
  expect(done.status, done.stderr).toBe(0);
  return done.stdout;
}

/** So many days after the test began. */
function itIs(days: number): void {
  writeFileSync(clock, String(days * day));
}

beforeAll(async () => {
  desktop = await Desktop.start();
  clock = join(desktop.folder, "clock");
  itIs(0);
  await cli("init");
  await cli("tenant", "add", tenant, "--local");
  await cli("tenant", "edit", tenant, "--rotate-after", "30");
  await cli("key", "new", "-t", tenant, "--name", "crane controller", "--expires", "40d", "--stdout");
  await cli("key", "new", "-t", tenant, "--name", "gate terminal", "--expires", "never", "--stdout");
  window = await Window.open(desktop, { LATCHKEY_CLOCK_FILE: clock });
  await openTenant(window, tenant);
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
});

it("says that a key expires soon once it does, without anybody touching anything", async () => {
  await window.find("row", { name: /crane controller.*Active/ });
  expect(await window.all("button", { name: /expires within|due for rotation/ })).toEqual([]);
  itIs(27);
  await window.find("row", { name: /crane controller.*Expiring/ });
  await window.find("button", { name: "1 key expires within 14 days" });
  expect(await window.announced()).toContain("1 key expires within 14 days");
  await window.picture("reminder-light");
  expect(await window.axe()).toEqual([]);
});

it("says it on every page, and leads from there to the keys", async () => {
  await window.click("button", "Audit", await window.find("navigation", { name: "Tenants and views" }));
  await window.find("heading", { name: "Audit" });
  itIs(31);
  await window.find("button", { name: "2 due for rotation" });
  await window.picture("reminder-other-page");
  expect(await window.axe()).toEqual([]);
  await window.click("button", "1 expiring");
  await window.find("heading", { name: tenant });
  await window.find("row", { name: /crane controller.*Expiring due for rotation/ });
  await window.gone("row", { name: /gate terminal/ });
  // The list says this one itself now.
  await window.gone("button", { name: /expires within/ });
  await window.click("button", "2 keys are due for rotation");
  await window.find("row", { name: /gate terminal.*due for rotation/ });
  await window.find("row", { name: /crane controller/ });
});

it("notices that a key is over, and a clock that is set back", async () => {
  await showAppearance(window, "Dark", tenant);
  await window.find("button", { name: "1 key expires within 14 days" });
  await window.picture("reminder-dark");
  expect(await window.axe()).toEqual([]);
  itIs(41);
  await window.find("row", { name: /crane controller.*Expired/ });
  await window.find("button", { name: "1 key is due for rotation" });
  await window.gone("button", { name: /expires within/ });
  itIs(0);
  await window.find("row", { name: /crane controller.*Active/ });
  await window.gone("button", { name: /due for rotation/ });
});

it("asks the same of the command line, for a timer", async () => {
  itIs(31);
  const due = JSON.parse(await cli("--json", "key", "list", "--due")) as { name: string }[];
  expect(due.map(({ name }) => name).sort()).toEqual(["crane controller", "gate terminal"]);
  const expiring = JSON.parse(await cli("--json", "key", "list", "--status", "expiring")) as { name: string }[];
  expect(expiring.map(({ name }) => name)).toEqual(["crane controller"]);
});
