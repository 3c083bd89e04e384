// What the window paints before the rest of its code is read: whoever opens it sees the list at once, and what works afterwards
// is what was seen.

import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { openTenant } from "./harness/journey";
import { until } from "./harness/processes";
import { Window } from "./harness/window";

let desktop: Desktop;

interface Painted {
  text: string;
  theme: string | null;
  /** Where each row stood. */
  rows: string[];
  /** What was painted of the list and the places, and is no longer there now that the page works. */
  gone: string[];
}

/** What the page had painted before it could do anything. */
function painted(window: Window): Promise<Painted | null> {
  return window.driver.executeScript<Painted | null>(
    `const { painted } = window.__witness;
     if (!painted) return null;
     const { body } = new DOMParser().parseFromString(painted.html, "text/html");
     const rows = [...body.querySelectorAll("[data-row]")].map((row) => row.getAttribute("style"));
     const gone = painted.elements.filter((one) => !one.isConnected && one.matches("h1, nav *, [role=row], [role=row] *"));
     return { text: body.textContent, rows, theme: painted.theme ?? null, gone: gone.map(({ outerHTML }) => outerHTML) };`,
  );
}

async function cli(...args: string[]): Promise<void> {
  const done = await desktop.cli(args);
  expect(done.status, done.stderr).toBe(0);
}

/** Opens the window, looks, and closes it; nothing in it may have broken the policy. */
async function look<T>(what: (window: Window) => Promise<T>): Promise<T> {
  const window = await Window.open(desktop);
  try {
    return await what(window);
  } finally {
    await window.close();
  }
}

beforeAll(async () => {
  desktop = await Desktop.start();
  await cli("init");
});

afterAll(async () => {
  await desktop?.close();
});

it("says what there is to do without a tenant", async () => {
  const first = await look(painted);
  expect(first?.text).toContain("All keys");
  expect(first?.gone).toEqual([]);
});

it("shows the keys with all that is said of them, and works with what was painted", async () => {
  const tenant = "Harbour <b>Authority</b> & Sons";
  await cli("tenant", "add", tenant, "--local");
  await cli("api-set", "add", "-t", tenant, "billing", "--name", "Billing");
  const key = (name: string, ...more: string[]) => cli("key", "new", "-t", tenant, "--name", name, "--stdout", ...more);
  await key("crane controller", "--expires", "90d", "--api-set", "billing", "--tag", "north");
  await key("gate terminal", "--expires", "5d", "--owner", "Security");
  await key("ledger export", "--expires", "never");
  await key('style="color: red"', "--expires", "never");
  await cli("key", "disable", "ledger export");

  await look(async (window) => {
    const first = await painted(window);
    for (const text of [
      tenant,
      "crane controller",
      "north",
      "Billing",
      "Security",
      "Disabled",
      "Expiring",
      'style="color: red"',
    ]) {
      expect(first?.text).toContain(text);
    }
    expect(first?.gone).toEqual([]);
    expect(first?.rows).toEqual([0, 36, 72, 108].map((top) => `transform: translateY(${top}px);`));
    await window.click("row", /crane controller/);
    await window.find("heading", { name: "crane controller" });
  });
});

it("is dark from the start where that was chosen", async () => {
  await look(async (window) => {
    await window.click("button", "Settings", await window.find("navigation"));
    await window.click("radio", "Dark");
    await until(
      "the dark window",
      async () =>
        (await window.driver.executeScript("return document.documentElement.dataset.theme")) === "dark" || undefined,
    );
  });
  expect((await look(painted))?.theme).toBe("dark");
});

it("shows the tenant that was open last", async () => {
  await cli("tenant", "add", "Annex", "--local");
  await cli("key", "new", "-t", "Annex", "--name", "printer room", "--expires", "never", "--stdout");
  await look((window) => openTenant(window, "Harbour <b>Authority</b> & Sons"));
  await look(async (window) => {
    const first = await painted(window);
    expect(first?.text).toContain("crane controller");
    expect(first?.text).not.toContain("printer room");
    expect(first?.gone).toEqual([]);
    await window.find("heading", { name: "Harbour <b>Authority</b> & Sons" });
    await window.click("button", "API sets");
    await window.find("dialog");
  });
});

it("shows all keys where that tenant is gone", async () => {
  await look((window) => openTenant(window, "Annex"));
  await cli("key", "revoke", "printer room", "--yes");
  await cli("tenant", "remove", "Annex", "--yes");
  await look(async (window) => {
    const first = await painted(window);
    expect(first?.text).toContain("All keys");
    expect(first?.text).toContain("crane controller");
    await window.find("heading", { name: "All keys" });
  });
});
