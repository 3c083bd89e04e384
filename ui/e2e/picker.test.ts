import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";

import { Origin } from "selenium-webdriver";

import { Desktop } from "./harness/desktop";
import { addApiSets, openNewKey, openTenant } from "./harness/journey";
import { until } from "./harness/processes";
import { Key, Window } from "./harness/window";

let desktop: Desktop;
let window: Window;

beforeAll(async () => {
  desktop = await Desktop.start();
  await desktop.cli(["init"]);
  await desktop.cli(["tenant", "add", "Harbour Authority", "--local"]);
  window = await Window.open(desktop);
  await openTenant(window, "Harbour Authority");
  await addApiSets(window, "Harbour Authority");
});

afterAll(async () => {
  await window?.close();
  await desktop?.close();
});

beforeEach(async () => {
  await window.reload();
  await window.find("heading", { name: "Harbour Authority" });
  await openNewKey(window);
  await option("Available API", "Billing");
});

async function list(name: "Available API" | "Selected API") {
  return window.find("listbox", { name: new RegExp(`^${name}`) });
}

async function option(of: "Available API" | "Selected API", name: string) {
  return window.find("option", { name, within: await list(of) });
}

async function names(of: "Available API" | "Selected API"): Promise<string[]> {
  return window.texts("option", { within: await list(of) });
}

/** Waits until the list holds just these. */
async function holds(of: "Available API" | "Selected API", wanted: string[]): Promise<void> {
  let last: string[] = [];
  await until(`${of} to hold ${wanted.join(", ")}`, async () => {
    last = await names(of);
    return JSON.stringify(last) === JSON.stringify(wanted) || undefined;
  }).catch((cause: unknown) => {
    throw new Error(`${String(cause)}; it holds ${last.join(", ")}`);
  });
}

const everything = ["Billing", "Dunning", "Tax Essentials", "Job Scheduler", "Usage Processing"];

it("moves one with a click and the arrow button, and back", async () => {
  await window.clickOn(await option("Available API", "Dunning"));
  await window.click("button", "Add what is chosen");
  await holds("Selected API", ["Dunning"]);
  await window.picture("picker");
  await holds(
    "Available API",
    everything.filter((name) => name !== "Dunning"),
  );
  expect(await window.announced()).toContain("Dunning added. 1 of 5 selected.");
  await window.clickOn(await option("Selected API", "Dunning"));
  await window.click("button", "Remove what is chosen");
  await holds("Selected API", []);
  await holds("Available API", everything);
});

it("moves all, and all back", async () => {
  await window.click("button", "Add all shown");
  await holds("Selected API", everything);
  await window.click("button", "Remove all shown");
  await holds("Available API", everything);
});

it("moves only what the filter shows", async () => {
  await window.fill("Filter Available API", "ing");
  await holds("Available API", ["Billing", "Dunning", "Usage Processing"]);
  await window.click("button", "Add all shown");
  await holds("Selected API", ["Billing", "Dunning", "Usage Processing"]);
});

it("chooses several with Ctrl and a range with Shift", async () => {
  const actions = window.driver.actions();
  await window.clickOn(await option("Available API", "Billing"));
  await actions
    .keyDown(Key.CONTROL)
    .click(await option("Available API", "Job Scheduler"))
    .keyUp(Key.CONTROL)
    .perform();
  await window.click("button", "Add what is chosen");
  await holds("Selected API", ["Billing", "Job Scheduler"]);
  await window.clickOn(await option("Available API", "Dunning"));
  await window.driver
    .actions()
    .keyDown(Key.SHIFT)
    .click(await option("Available API", "Usage Processing"))
    .keyUp(Key.SHIFT)
    .perform();
  await window.click("button", "Add what is chosen");
  await holds("Selected API", everything);
});

it("moves with a double click", async () => {
  await window.driver
    .actions()
    .doubleClick(await option("Available API", "Tax Essentials"))
    .perform();
  await holds("Selected API", ["Tax Essentials"]);
});

it("moves what is dragged", async () => {
  const from = await option("Available API", "Dunning");
  const to = await list("Selected API");
  await window.driver
    .actions()
    .move({ origin: from, duration: 50 })
    .press()
    .move({ origin: Origin.POINTER, x: 40, y: 10, duration: 100 })
    .move({ origin: to, duration: 200 })
    .release()
    .perform();
  await holds("Selected API", ["Dunning"]);
});

it("does everything by keyboard, and tells a screen reader", async () => {
  await window.tabTo("listbox", /^Available API/);
  // Home goes to the first; Space chooses; Shift and Down stretch the choice; Enter moves it.
  await window.press(Key.HOME, " ");
  await window.press(Key.chord(Key.SHIFT, Key.ARROW_DOWN));
  const active = await window.driver.executeScript<string>(
    "return document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).textContent.trim()",
  );
  expect(active).toBe("Dunning");
  await window.press(Key.ENTER);
  await holds("Selected API", ["Billing", "Dunning"]);
  expect(await window.announced()).toMatch(/Billing.*Dunning.*added\. 2 of 5 selected\./);
  // Typing jumps to a name; the arrow key towards the other list moves it.
  await window.press("usa");
  await window.press(" ");
  await window.press(Key.ARROW_RIGHT);
  await until(
    "Usage Processing to move",
    async () => (await names("Selected API")).includes("Usage Processing") || undefined,
  );
  await window.tabTo("listbox", /^Selected API/);
  await window.press(Key.chord(Key.CONTROL, "a"), Key.ARROW_LEFT);
  await holds("Selected API", []);
  const multi = await (await list("Available API")).getAttribute("aria-multiselectable");
  expect(multi).toBe("true");
});
