import { describe, expect, it } from "vitest";

import { ScaledScroll, tallest } from "./scaled-scroll";

const row = 36;
const viewport = 600;

function list(rows: number): ScaledScroll {
  const scroll = new ScaledScroll();
  scroll.resize(rows * row, viewport);
  return scroll;
}

describe("a list that fits into an element", () => {
  it("moves as the element moves", () => {
    const scroll = list(1000);
    scroll.scrolled(12_345);
    expect(scroll.offset).toBe(12_345);
    expect(scroll.height).toBe(36_000);
    expect(scroll.settledTop).toBe(12_345);
  });

  it("stays inside when it becomes shorter", () => {
    const scroll = list(1000);
    scroll.scrolled(30_000);
    scroll.resize(100 * row, viewport);
    expect(scroll.offset).toBe(3000);
  });
});

describe("a list of a million rows", () => {
  const rows = 1_000_000;
  const last = rows * row - viewport;

  it("never asks for an element taller than a browser can make", () => {
    expect(list(rows).height).toBe(tallest);
  });

  it("reaches the last row with the bar at its end", () => {
    const scroll = list(rows);
    scroll.scrolled(tallest - viewport);
    expect(scroll.offset).toBe(last);
  });

  it("moves by as much as the wheel does", () => {
    const scroll = list(rows);
    scroll.scrolled(3_000_000);
    const before = scroll.offset;
    scroll.scrolled(3_000_120);
    expect(scroll.offset - before).toBe(120);
  });

  it("moves in proportion when the bar is dragged", () => {
    const scroll = list(rows);
    scroll.scrolled((tallest - viewport) / 2);
    expect(scroll.offset).toBeCloseTo(last / 2, 0);
  });

  it("comes to rest without moving what is shown", () => {
    const scroll = list(rows);
    for (let top = 500; top <= 50_000; top += 500) scroll.scrolled(top);
    const shown = scroll.offset;
    const top = scroll.settle();
    expect(top).not.toBe(50_000);
    scroll.scrolled(top);
    expect(scroll.offset).toBe(shown);
  });

  it.each([0, 1, 499_999, 999_982])("shows row %i where it is told to", (index) => {
    const scroll = list(rows);
    const top = scroll.goTo(index * row);
    scroll.scrolled(top);
    expect(scroll.offset).toBe(index * row);
  });

  it("reaches every single row by small steps from the end", () => {
    const scroll = list(rows);
    scroll.goTo(last);
    for (let step = 1; step <= 50; step += 1) {
      scroll.goTo(last - step * row);
      expect(scroll.offset).toBe(last - step * row);
    }
  });
});
