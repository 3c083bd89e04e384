// A window comes back as it was when somebody closed it.

import { afterAll, beforeAll, expect, it } from "vitest";

import { Desktop } from "./harness/desktop";
import { until } from "./harness/processes";
import { Window } from "./harness/window";

let desktop: Desktop;

interface Size {
  width: number;
  height: number;
}

function sizeOf(window: Window): Promise<Size> {
  return window.driver.executeScript<Size>("return { width: innerWidth, height: innerHeight }");
}

/** Opens the window, changes its size, and closes it as its close button does. Answers with the sizes before and after. */
async function visit(change?: (window: Window) => Promise<unknown>): Promise<[Size, Size]> {
  const window = await Window.open(desktop);
  try {
    const before = await sizeOf(window);
    await change?.(window);
    const after = await sizeOf(window);
    await desktop.closeWindow("Latchkey");
    await desktop.waitForNoWindow("Latchkey");
    return [before, after];
  } finally {
    await window.close();
  }
}

beforeAll(async () => {
  desktop = await Desktop.start();
  const made = await desktop.cli(["init"]);
  expect(made.status, made.stderr).toBe(0);
});

afterAll(async () => {
  await desktop?.close();
});

it("is as large as it was", async () => {
  const [first, changed] = await visit((window) =>
    window.driver.manage().window().setRect({ width: 1040, height: 660 }),
  );
  expect(changed).not.toEqual(first);
  const [again] = await visit();
  expect(again).toEqual(changed);
});

it("fills the screen again, and knows how large it is when it does not", async () => {
  let small: Size | undefined;
  let full: Size | undefined;
  await visit(async (window) => {
    small = await sizeOf(window);
    await window.driver.manage().window().maximize();
    full = await until("a larger window", async () => {
      const now = await sizeOf(window);
      return now.width > small!.width && now.height > small!.height ? now : undefined;
    });
  });
  const [again] = await visit(async (window) => {
    await desktop.restoreWindow();
    await until(
      "the window to have its size again",
      async () => JSON.stringify(await sizeOf(window)) === JSON.stringify(small) || undefined,
    );
  });
  expect(again).toEqual(full);
});
