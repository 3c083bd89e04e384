// The time from a key press in the window to the painted answer of the list.

import type { WebDriver } from "selenium-webdriver";
import { expect } from "vitest";

import { until } from "../harness/processes";

/** When the page said that it was painted, in milliseconds since 1970. */
export function paintedAt(driver: WebDriver): Promise<number> {
  return markedAt(driver, "painted");
}

/** When the page set this mark, in milliseconds since 1970. */
export function markedAt(driver: WebDriver, mark: "painted" | "usable"): Promise<number> {
  return until(`the mark "${mark}"`, async () => {
    const at = await driver.executeScript<number | null>(
      `const [mark] = performance.getEntriesByName(arguments[0]);
       return mark ? performance.timeOrigin + mark.startTime : null;`,
      mark,
    );
    return at ?? undefined;
  });
}

/** What a person does with the list, and how long it takes until its answer is painted. */
export class Answers {
  private readonly driver: WebDriver;
  private answered = 0;

  private constructor(driver: WebDriver) {
    this.driver = driver;
  }

  /** Once all `keys` have been read: the start is measured by itself. */
  static async of(driver: WebDriver, keys: number): Promise<Answers> {
    await paintedAt(driver);
    await until("the number of rows", async () => {
      const rows = Number(await driver.executeScript("return document.querySelector('[role=grid]').ariaRowCount"));
      return rows > keys || undefined;
    });
    await driver.executeScript(
      `window.__times = [];
       const grid = document.querySelector("[role=grid]");
       let pressed = null;
       document.addEventListener("keydown", (event) => { pressed = event.timeStamp; }, true);
       // The grid is busy from the question to the answer; two frames later the answer is painted.
       new MutationObserver(() => {
         if (pressed === null || grid.getAttribute("aria-busy") === "true") return;
         const from = pressed;
         pressed = null;
         requestAnimationFrame(() => requestAnimationFrame((now) => window.__times.push(now - from)));
       }).observe(grid, { attributes: true, attributeFilter: ["aria-busy"] });`,
    );
    return new Answers(driver);
  }

  /** Presses a key that asks the list something, and waits for the answer: after how long it was painted. */
  async ask(key: string): Promise<number> {
    await this.press(key);
    this.answered += 1;
    return until(`answer ${this.answered}`, async () => {
      const took = await this.driver.executeScript<number | null>(
        "return window.__times[arguments[0] - 1] ?? null",
        this.answered,
      );
      return took ?? undefined;
    });
  }

  /** Presses a key that asks nothing. */
  async press(key: string): Promise<void> {
    await this.driver.switchTo().activeElement().sendKeys(key);
  }

  async focus(selector: string): Promise<void> {
    await this.driver.executeScript("document.querySelector(arguments[0]).focus()", selector);
  }

  /** After how long each answer was painted. */
  async times(): Promise<number[]> {
    const times = await this.driver.executeScript<number[]>("return window.__times");
    expect(times).toHaveLength(this.answered);
    return times;
  }
}
