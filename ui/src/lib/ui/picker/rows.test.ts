import { describe, expect, it } from "vitest";

import { byGroup, toRows, toStretches, visibleRows } from "./rows";

const item = (name: string, group: string | null = null) => ({ id: name, name, group });

describe("the rows of a list", () => {
  it("bring scattered members of a group together, under one heading", () => {
    const items = byGroup([item("a", "One"), item("b", "Two"), item("c", "One"), item("d")]);
    expect(toRows(items).map((row) => (row.kind === "heading" ? `[${row.group}]` : row.item.name))).toEqual([
      "[One]",
      "a",
      "c",
      "[Two]",
      "b",
      "d",
    ]);
  });

  it("number the entries without the headings", () => {
    const rows = toRows([item("a", "One"), item("b", "Two")]);
    expect(rows.flatMap((row) => (row.kind === "item" ? [row.position] : []))).toEqual([1, 2]);
  });
});

describe("what stands in the page", () => {
  it("is a handful of rows of thousands", () => {
    const { first, end } = visibleRows(2000, 28, 28 * 1000, 280);
    expect(first).toBe(990);
    expect(end).toBe(1020);
  });

  it("stays within the list when the list got shorter", () => {
    expect(visibleRows(3, 28, 28 * 1000, 280)).toEqual({ first: 3, end: 3 });
    expect(visibleRows(0, 28, 0, 280)).toEqual({ first: 0, end: 0 });
  });

  it("is cut at the groups, also where a heading is out of sight", () => {
    const rows = toRows([item("a", "One"), item("b", "One"), item("c", "Two")]);
    expect(
      toStretches(rows, [2, 3, 4]).map(({ group, heading, items }) => [group, heading, items.map(({ row }) => row)]),
    ).toEqual([
      ["One", null, [2]],
      ["Two", 3, [4]],
    ]);
  });
});
