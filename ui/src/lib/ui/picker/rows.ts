export interface PickerItem {
  id: string;
  name: string;
  /** The heading it stands under, if any. */
  group: string | null;
  /** What it opens, in words. */
  description?: string;
}

/** One line of the list. Headings and entries are equally high, so that a line's place follows from its number. */
export type Row = { kind: "heading"; group: string } | { kind: "item"; item: PickerItem; position: number };

/** Entries of one group that stand in the page now. */
export interface Stretch {
  group: string | null;
  heading: number | null;
  items: { item: PickerItem; row: number; position: number }[];
}

/** A heading goes before the first entry of each group; entries without a group come as they are. */
export function toRows(items: readonly PickerItem[]): Row[] {
  const rows: Row[] = [];
  let group: string | null = null;
  for (const [index, item] of items.entries()) {
    if (item.group !== null && item.group !== group) rows.push({ kind: "heading", group: item.group });
    group = item.group;
    rows.push({ kind: "item", item, position: index + 1 });
  }
  return rows;
}

/** Brings the entries of a group together and keeps the order otherwise: groups in the order of their first entry. */
export function byGroup(items: readonly PickerItem[]): PickerItem[] {
  const groups = new Map<string | null, PickerItem[]>();
  for (const item of items) {
    const members = groups.get(item.group);
    if (members) members.push(item);
    else groups.set(item.group, [item]);
  }
  return [...groups.values()].flat();
}

/** The numbers of the rows to put into the page for what is scrolled to, with some to spare at both ends. */
export function visibleRows(
  rows: number,
  rowHeight: number,
  scrolled: number,
  height: number,
): { first: number; end: number } {
  const spare = 10;
  const first = Math.max(0, Math.floor(scrolled / rowHeight) - spare);
  const end = Math.min(rows, Math.ceil((scrolled + height) / rowHeight) + spare);
  return { first: Math.min(first, end), end };
}

/** Cuts the rows that are to be in the page into stretches of one group each. */
export function toStretches(rows: readonly Row[], numbers: readonly number[]): Stretch[] {
  const stretches: Stretch[] = [];
  for (const number of numbers) {
    const row = rows[number];
    if (!row) continue;
    const group = row.kind === "heading" ? row.group : row.item.group;
    let stretch = stretches.at(-1);
    if (!stretch || stretch.group !== group || row.kind === "heading") {
      stretch = { group, heading: null, items: [] };
      stretches.push(stretch);
    }
    if (row.kind === "heading") stretch.heading = number;
    else stretch.items.push({ item: row.item, row: number, position: row.position });
  }
  return stretches;
}
