// What the window costs, as a share of an empty Tauri window that is started in turn with it: the time until the list is
// painted, the memory of all its processes, and the time from a key press to the painted answer of a search or a filter.

import { join } from "node:path";

import { Key, type WebDriver } from "selenium-webdriver";
import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop, target } from "../harness/desktop";
import { run, until } from "../harness/processes";
import { openSession, programOf } from "../harness/session";
import { memoryOf, quantile, startOf } from "./measure";

const built = join(target(), "release");
const latchkey = join(built, "latchkey-desktop");
const emptyWindow = join(built, "examples", "empty-window");
const rounds = 7;
const typed = ["quay-31 scan", "zürich", "production", "lovelace ada", "billing cam", "harbour gateway"];

interface Started {
  painted: number;
  memory: number;
}

let desktops: { few: Desktop; many: Desktop; most: Desktop };

/** A desktop whose profile has a tenant with so many keys. */
async function withKeys(keys: number): Promise<Desktop> {
  const desktop = await Desktop.start();
  for (const [program, args] of [
    [join(built, "latchkey"), ["init"]],
    [join(built, "examples", "fill"), [desktop.home, String(keys)]],
  ] as const) {
    const done = await run(program, [...args], desktop.env);
    expect(done.status, done.stderr).toBe(0);
  }
  return desktop;
}

beforeAll(async () => {
  desktops = { few: await withKeys(0), many: await withKeys(100_000), most: await withKeys(1_000_000) };
});

afterAll(async () => {
  await desktops?.few.close();
  await desktops?.many.close();
  await desktops?.most.close();
});

/** When the page said that it was painted, in milliseconds since 1970. */
function paintedAt(driver: WebDriver): Promise<number> {
  return until("the mark of the first painting", async () => {
    const at = await driver.executeScript<number | null>(
      `const [mark] = performance.getEntriesByName("painted");
       return mark ? performance.timeOrigin + mark.startTime : null;`,
    );
    return at ?? undefined;
  });
}

/** The memory once it has come to rest. */
async function memoryAtRest(program: number): Promise<number> {
  let before = memoryOf(program);
  let calm = 0;
  return until("the memory to come to rest", () => {
    const now = memoryOf(program);
    calm = Math.abs(now - before) < 0.5 ? calm + 1 : 0;
    before = now;
    return calm >= 25 ? now : undefined;
  });
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function start(desktop: Desktop, program: string): Promise<Started> {
  const session = await openSession(desktop, program);
  try {
    const pid = programOf(session.server);
    const painted = (await paintedAt(session.driver)) - startOf(pid);
    return { painted, memory: await memoryAtRest(pid) };
  } finally {
    await session.close();
  }
}

function median(all: Started[], what: keyof Started): number {
  return quantile(
    all.map((one) => one[what]),
    0.5,
  );
}

it("starts", async () => {
  const empty: Started[] = [];
  const few: Started[] = [];
  const many: Started[] = [];
  // In turn, so that what else the computer does falls on all of them alike. The first round warms the caches up.
  for (let round = 0; round <= rounds; round += 1) {
    const figures = [
      await start(desktops.few, emptyWindow),
      await start(desktops.few, latchkey),
      await start(desktops.many, latchkey),
    ] as const;
    if (round === 0) continue;
    empty.push(figures[0]);
    few.push(figures[1]);
    many.push(figures[2]);
  }
  for (const [name, all] of [
    ["an empty window", empty],
    ["Latchkey, no keys", few],
    ["Latchkey, 100 000 keys", many],
  ] as const) {
    const painted = median(all, "painted");
    const memory = median(all, "memory");
    tell(
      `${name.padEnd(24)} painted after ${painted.toFixed(0).padStart(5)} ms (× ${(painted / median(empty, "painted")).toFixed(2)}), ` +
        `${memory.toFixed(0).padStart(4)} MiB (× ${(memory / median(empty, "memory")).toFixed(2)})`,
    );
  }
});

/** What a person does with the list, and how long it takes until its answer is painted. */
class Answers {
  private readonly driver: WebDriver;
  private answered = 0;

  private constructor(driver: WebDriver) {
    this.driver = driver;
  }

  static async of(driver: WebDriver): Promise<Answers> {
    await paintedAt(driver);
    // All keys have been read: the start is measured by itself.
    await until("the number of rows", async () => {
      const rows = Number(await driver.executeScript("return document.querySelector('[role=grid]').ariaRowCount"));
      return rows > 50_000 || undefined;
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

  /** Presses a key that asks the list something, and waits for the answer. */
  async ask(key: string): Promise<void> {
    await this.press(key);
    this.answered += 1;
    await until(`answer ${this.answered}`, async () => {
      const answers = await this.driver.executeScript<number>("return window.__times.length");
      return answers >= this.answered || undefined;
    });
  }

  /** Presses a key that asks nothing. */
  async press(key: string): Promise<void> {
    await this.driver.switchTo().activeElement().sendKeys(key);
  }

  async focus(selector: string): Promise<void> {
    await this.driver.executeScript("document.querySelector(arguments[0]).focus()", selector);
  }

  async tell(what: string, keys: string): Promise<void> {
    const times = await this.driver.executeScript<number[]>("return window.__times");
    expect(times).toHaveLength(this.answered);
    tell(
      `${times.length} ${what} in ${keys} keys: painted after ${quantile(times, 0.5).toFixed(0)} ms (half of them), ` +
        `${quantile(times, 0.99).toFixed(0)} ms (99 of 100)`,
    );
  }
}

const sizes = [
  { size: "100 000", which: "many" },
  { size: "1 000 000", which: "most" },
] as const;

it.each(sizes)("answers key presses with $size keys", async ({ size, which }) => {
  const session = await openSession(desktops[which], latchkey);
  try {
    const answers = await Answers.of(session.driver);
    await answers.focus("[role=search] input");
    for (const text of typed) {
      for (const key of [...text, ...Array.from(text, () => Key.BACK_SPACE)]) await answers.ask(key);
    }
    await answers.tell("key presses", size);
  } finally {
    await session.close();
  }
});

it.each(sizes)("changes filters with $size keys", async ({ size, which }) => {
  const session = await openSession(desktops[which], latchkey);
  try {
    const answers = await Answers.of(session.driver);
    // Several statuses, one after the other and together.
    await answers.focus("[role=group] button[aria-haspopup=dialog]");
    await answers.press(Key.ENTER);
    for (let round = 0; round < 10; round += 1) {
      await answers.press(Key.HOME);
      for (let status = 0; status < 4; status += 1) {
        await answers.press(Key.ARROW_DOWN);
        await answers.ask(Key.SPACE);
      }
    }
    await answers.tell("filter changes", size);
  } finally {
    await session.close();
  }
});

it("goes through a million keys to the last row and back", async () => {
  const session = await openSession(desktops.most, latchkey);
  const { driver } = session;
  /** The text of the row with this number, once it is in sight. */
  const inSight = (row: number): Promise<string> =>
    until(`row ${row} in sight`, async () => {
      const text = await driver.executeScript<string | null>(
        `const row = document.querySelector("[role=grid] [role=row][aria-rowindex='" + arguments[0] + "']");
         const place = row?.getBoundingClientRect();
         const grid = document.querySelector("[role=grid]").getBoundingClientRect();
         if (!place || place.top < grid.top || place.bottom > Math.min(grid.bottom, innerHeight) + 1) return null;
         return row.querySelector("code") ? row.textContent.trim() : null;`,
        row,
      );
      return text ?? undefined;
    });
  try {
    await paintedAt(driver);
    const rows = await until("the number of rows", async () => {
      const count = Number(await driver.executeScript("return document.querySelector('[role=grid]').ariaRowCount"));
      return count > 1_000_000 ? count : undefined;
    });
    const first = await inSight(2);
    await driver.executeScript(`document.querySelector("[data-row][tabindex='0']").focus();`);
    const begun = performance.now();
    await driver.switchTo().activeElement().sendKeys(Key.END);
    const last = await inSight(rows);
    tell(
      `End in 1 000 000 keys: the last row, number ${rows - 1}, is there after ${(performance.now() - begun).toFixed(0)} ms`,
    );
    expect(last).not.toBe(first);
    await driver.switchTo().activeElement().sendKeys(Key.HOME);
    expect(await inSight(2)).toBe(first);
  } finally {
    await session.close();
  }
});
