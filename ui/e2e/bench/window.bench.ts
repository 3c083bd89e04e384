// What the window costs, as a share of an empty Tauri window that is started in turn with it: the time until the list is
// painted, the memory of all its processes, and the time from a key press to the painted answer of a search or a filter.

import { join } from "node:path";

import { Key } from "selenium-webdriver";
import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop, target } from "../harness/desktop";
import { run, until } from "../harness/processes";
import { openSession, programOf } from "../harness/session";
import { Answers, markedAt, paintedAt } from "./answers";
import { atRest, memoryOf, quantile, startOf } from "./measure";

const built = join(target(), "release");
const latchkey = join(built, "latchkey-desktop");
const emptyWindow = join(built, "examples", "empty-window");
const rounds = 7;
const typed = ["quay-31 scan", "zürich", "production", "lovelace ada", "billing cam", "harbour gateway"];

interface Started {
  painted: number;
  /** When what was painted begins to do something; the empty window never does. */
  usable: number;
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
  const session = await openSession(desktop, program, {}, (_, pid) => atRest(pid));
  try {
    const pid = programOf(session.server);
    const painted = (await paintedAt(session.driver)) - startOf(pid);
    const usable = program === emptyWindow ? Number.NaN : (await markedAt(session.driver, "usable")) - startOf(pid);
    return { painted, usable, memory: await memoryAtRest(pid) };
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
        `${memory.toFixed(0).padStart(4)} MiB (× ${(memory / median(empty, "memory")).toFixed(2)})` +
        (all === empty ? "" : `, usable after ${median(all, "usable").toFixed(0)} ms`),
    );
  }
});

function tellTimes(times: number[], what: string, keys: string): void {
  tell(
    `${times.length} ${what} in ${keys} keys: painted after ${quantile(times, 0.5).toFixed(0)} ms (half of them), ` +
      `${quantile(times, 0.99).toFixed(0)} ms (99 of 100)`,
  );
}

const sizes = [
  { size: "100 000", which: "many" },
  { size: "1 000 000", which: "most" },
] as const;

it.each(sizes)("answers key presses with $size keys", async ({ size, which }) => {
  const session = await openSession(desktops[which], latchkey);
  try {
    const answers = await Answers.of(session.driver, 50_000);
    await answers.focus("[role=search] input");
    for (const text of typed) {
      for (const key of [...text, ...Array.from(text, () => Key.BACK_SPACE)]) await answers.ask(key);
    }
    tellTimes(await answers.times(), "key presses", size);
  } finally {
    await session.close();
  }
});

it.each(sizes)("changes filters with $size keys", async ({ size, which }) => {
  const session = await openSession(desktops[which], latchkey);
  try {
    const answers = await Answers.of(session.driver, 50_000);
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
    tellTimes(await answers.times(), "filter changes", size);
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
