// However wide the window is: what a row says is there as a whole, or its column is not.

import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { openTenant } from "./harness/journey";
import { Window } from "./harness/window";

const tenant = "Harbour Authority";

let desktop: Desktop;
let window: Window;

async function cli(...args: string[]): Promise<void> {
  const done = await desktop.cli(args);
  expect(done.status, done.stderr).toBe(0);
}

/** What of the list's head and rows does not fit: the cells beyond the list's edge, and the statuses that are cut off. */
function unfit(): Promise<string[]> {
  return window.driver.executeScript<string[]>(
    `const grid = document.querySelector("[role=grid]");
     const edge = grid.getBoundingClientRect().right;
     const cells = [...grid.querySelectorAll("[role=gridcell], [role=columnheader]")].filter((one) => one.offsetParent);
     const beyond = cells.filter((one) => one.getBoundingClientRect().right > edge + 1);
     const cut = cells.filter((one) => one.matches(".col-status") && one.scrollWidth > one.clientWidth);
     return [...new Set([...beyond, ...cut].map((one) => one.className + ": " + one.textContent.trim()))];`,
  );
}

/** All widths that a window may have. Those that the screen has no room for are tried with smaller letters. */
async function sweep(): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  const { width, height } = await window.driver.manage().window().getRect();
  for (let now = 720; now <= width; now += 40) {
    await window.driver.manage().window().setRect({ width: now, height });
    const cells = await unfit();
    if (cells.length > 0) found[`${now} px`] = cells;
  }
  await window.driver.manage().window().setRect({ width, height });
  for (let letters = 15.5; letters > 10; letters -= 0.5) {
    // Signs do not grow with letters, so they are made smaller too.
    await window.driver.executeScript(
      `document.documentElement.style.fontSize = arguments[0] + "px";
       for (const sign of document.querySelectorAll("[role=grid] svg")) sign.style.width = "0.75rem";`,
      letters,
    );
    const cells = await unfit();
    if (cells.length > 0) found[`letters of ${letters} px`] = cells;
  }
  await window.driver.executeScript(
    `document.documentElement.style.fontSize = "";
     for (const sign of document.querySelectorAll("[role=grid] svg")) sign.style.width = "";`,
  );
  return found;
}

beforeAll(async () => {
  desktop = await Desktop.start();
  await cli("init");
  await cli("tenant", "add", tenant, "--local");
  await cli("api-set", "add", "-t", tenant, "billing");
  for (const name of ["crane controller", "gate terminal"]) {
    await cli("key", "new", "-t", tenant, "--name", name, "--expires", "never", "--api-set", "billing", "--keep");
  }
  await cli("bundle", "export", "-t", tenant, "--out", `${desktop.home}/keys.lkb`);
  await cli("key", "rotate", "crane controller", "--stdout");
  // So that a status has a mark beside it.
  await desktop.keychain.deleteItems();
  window = await Window.open(desktop);
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
});

it("all keys", async () => {
  await window.find("row", { name: /Superseded.*missing/ });
  await window.picture("columns-all");
  expect(await sweep()).toEqual({});
});

it("the keys of a tenant", async () => {
  await openTenant(window, tenant);
  await window.find("row", { name: /Superseded.*missing/ });
  await window.picture("columns-tenant");
  expect(await sweep()).toEqual({});
});
