import type { Column, Conventions } from "../../lib/ipc";
import { m } from "../../paraglide/messages";

interface OwnColumn {
  id: string;
  label: string;
  sortable?: boolean;
}

/** The least width of each column in rem, and how it grows. */
const widths: Record<Column, [least: number, grows: string | null]> = {
  name: [7, "1.5fr"],
  key: [9.5, null],
  api_sets: [8, "1.6fr"],
  owner: [6, "1fr"],
  created: [5.5, null],
  expires: [5.5, null],
  status: [6, null],
  organization: [5, "1fr"],
  groups: [5, "1.2fr"],
};

/** Where there is no room for all, these go, the first one first. */
const dispensable: Column[] = ["created", "owner", "key", "groups", "expires", "organization", "api_sets"];

/** The distance between two columns in rem. */
const gap = 1;

/**
 * The columns that a tenant's template lists, in its words, as far as `room` rem have place for them; `null` where the
 * template leaves that to the program.
 */
export function ownColumns(
  { columns, words }: Pick<Conventions, "columns" | "words">,
  room: number,
): { columns: OwnColumn[]; widths: string } | null {
  if (columns.length === 0) return null;
  const all: Record<Column, OwnColumn> = {
    name: { id: "name", label: words.name ?? m.keys_column_name(), sortable: true },
    key: { id: "key", label: words.key ?? m.keys_column_key() },
    api_sets: { id: "sets", label: words.api_sets ?? m.keys_column_api_sets() },
    owner: { id: "owner", label: words.owner ?? m.keys_column_owner(), sortable: true },
    created: { id: "created", label: m.keys_column_created(), sortable: true },
    expires: { id: "expires", label: m.keys_column_expires(), sortable: true },
    status: { id: "status", label: words.status ?? m.keys_column_status() },
    organization: { id: "organization", label: words.organization ?? m.keys_column_organization() },
    groups: { id: "groups", label: words.groups ?? m.keys_column_groups() },
  };
  let shown = columns;
  const needs = (list: Column[]): number => list.reduce((sum, column) => sum + widths[column][0] + gap, -gap);
  for (const column of dispensable) {
    if (needs(shown) <= room) break;
    shown = shown.filter((one) => one !== column);
  }
  const width = (column: Column): string => {
    const [least, grows] = widths[column];
    return grows === null ? `${least}rem` : `minmax(${least}rem, ${grows})`;
  };
  return { columns: shown.map((column) => all[column]), widths: shown.map(width).join(" ") };
}
