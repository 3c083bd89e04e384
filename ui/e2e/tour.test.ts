// What `make run` does where there is no display: the main job from the first start to the list, with a picture of each
// step and the downloaded key in target/tour. The pictures in docs/pictures are copies of these.

import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop, target } from "./harness/desktop";
import { addTenant, createProfile, openNewKey, showAppearance } from "./harness/journey";
import { until } from "./harness/processes";
import { Window } from "./harness/window";

const folder = join(target(), "tour");
const tenant = "Harbour Authority";
const day = 86_400;

let desktop: Desktop;
let window: Window;

beforeAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  desktop = await Desktop.start();
  window = await Window.open(desktop);
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
});

async function picture(name: string): Promise<void> {
  await window.picture(name, folder);
}

async function cli(args: string[], clockAhead = 0): Promise<void> {
  const done = await desktop.cli(args, "", { LATCHKEY_CLOCK_AHEAD: String(clockAhead) });
  expect(done.status, done.stderr).toBe(0);
}

/** What the tenant has issued before, so that the list looks as it does after some time. */
async function addHistory(): Promise<void> {
  for (const [id, name, group] of [
    ["jobs", "Job Scheduler", "Operations"],
    ["usage", "Usage Processing", "Operations"],
    ["revenue", "Revenue Management", "Finance"],
    ["quotes", "Configure Price Quote", "Sales"],
    ["vouchers", "Stored Value Service", "Sales"],
  ] as const) {
    await cli(["api-set", "add", "-t", tenant, id, "--name", name, "--group", group]);
  }
  const issued: [name: string, owner: string, sets: string[], expires: string, daysAgo: number][] = [
    ["archive reader", "Records", ["vouchers"], "365d", 251],
    ["old laptop", "IT desk", ["billing"], "365d", 240],
    ["field tablet 015", "Port operations", ["jobs"], "180d", 61],
    ["field tablet 014", "Port operations", ["jobs"], "180d", 61],
    ["staging-integration", "IT desk", ["billing", "tax", "jobs", "usage", "revenue"], "365d", 60],
    ["zapier-webhook", "Sales", ["quotes"], "30d", 50],
    ["ledger export (nightly)", "Finance", ["billing", "revenue"], "never", 41],
    ["quay-3 gateway", "Port operations", ["usage"], "180d", 20],
    ["weighbridge", "Port operations", ["usage", "jobs"], "90d", 78],
  ];
  for (const [name, owner, sets, expires, daysAgo] of issued) {
    await cli(
      ["key", "new", "-t", tenant, "--name", name, "--owner", owner, "--expires", expires, "--stdout"].concat(
        sets.flatMap((set) => ["--api-set", set]),
      ),
      -daysAgo * day,
    );
  }
  await cli(["key", "disable", "staging-integration"], -day);
  await cli(["key", "revoke", "old laptop", "--yes", "--reason", "Lost on the ferry"], -day);
}

it("shows the main job", async () => {
  await window.find("heading", { name: "Welcome to Latchkey" });
  await picture("1-first-start");
  await createProfile(window);
  await addTenant(window, tenant);

  await window.click("button", "API sets");
  for (const [id, name] of [
    ["billing", "Billing"],
    ["tax", "Tax Essentials"],
  ] as const) {
    await window.fill(/^Identifier/, id);
    await window.fill(/^Name/, name);
    await window.fill(/^Group/, "Finance", "combobox");
    await window.click("button", "Add");
    await window.find("button", { name: `Edit ${name}` });
  }
  await picture("2-api-sets");
  await window.click("button", "Done");
  await addHistory();
  await window.find("row", { name: /weighbridge/ });

  await openNewKey(window);
  await window.fill(/^Name/, "crane controller");
  await window.fill("Description", "PLC of crane 4, north quay");
  await window.fill("Owner", "Port operations");
  for (const name of ["Billing", "Tax Essentials"]) {
    await window.click("option", name);
    await window.click("button", "Add what is chosen");
  }
  await window.see("The key may use 2 of 7 API sets");
  await picture("3-new-key");
  await window.click("button", "Finish");

  await window.find("dialog", { name: "Save generated key" });
  await picture("4-save-key");
  await window.click("button", "Copy to clipboard");
  await window.see("Copied");
  await picture("5-copied");
  const copied = await until("the clipboard", async () => (await desktop.clipboard()) || undefined);
  await window.click("button", "Download");
  const file = join(folder, "crane controller.APIKEY");
  await desktop.saveDialog(file);
  await window.see("Downloaded");
  expect(readFileSync(file, "utf8")).toBe(`${copied}\n`);
  await window.click("button", "Close");
  await window.gone("dialog");

  await window.see("PLC of crane 4, north quay");
  await picture("6-list");
  await showAppearance(window, "Dark", tenant);
  await window.click("row", /weighbridge/);
  await window.see("Expiring in 12 days");
  await picture("7-list-dark");
});
