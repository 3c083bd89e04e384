import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { GridWindow } from "./grid-window.svelte";

const row = 36;
let scroller: HTMLElement;
let rows: number;
let view: GridWindow;
let detach: () => void;

beforeEach(() => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
  rows = 1000;
  scroller = document.createElement("div");
  view = new GridWindow(() => rows);
  view.viewport = 10 * row;
  view.resize();
  detach = view.attach(scroller, document.createElement("div"), document.createElement("div"));
});

afterEach(() => {
  detach();
  vi.unstubAllGlobals();
});

function scrollTo(top: number): void {
  scroller.scrollTop = top;
  view.scrolled();
}

it("has the rows in sight, and more above and below them once somebody scrolls", () => {
  expect([view.first, view.last]).toEqual([0, 10]);
  scrollTo(100 * row);
  expect(view.first).toBeLessThan(100);
  expect(view.last).toBeGreaterThan(110);
});

it("has the rows in sight alone after another question, which takes it to the top", () => {
  view.answer("quay");
  scrollTo(100 * row);
  view.answer("gate");
  expect(scroller.scrollTop).toBe(0);
  view.scrolled();
  expect([view.first, view.last]).toEqual([0, 10]);
});

it("lets a row that is far away wait at the edge", () => {
  scrollTo(100 * row);
  expect(view.topOf(100)).toBe(100 * row);
  expect(view.topOf(0)).toBe(0);
  rows = 200;
  view.resize();
  expect(view.topOf(999)).toBe(199 * row);
});
