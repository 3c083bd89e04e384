import type { Column, Conventions } from "../../lib/ipc";
import { m } from "../../paraglide/messages";

interface OwnColumn {
  id: string;
  label: string;
  sortable?: boolean;
}

const widths: Record<Column, string> = {
  name: "minmax(8rem, 1.5fr)",
  key: "9.75rem",
  api_sets: "minmax(8rem, 1.6fr)",
  owner: "minmax(6rem, 1fr)",
  created: "6rem",
  expires: "6.5rem",
  status: "6.5rem",
  organization: "minmax(6rem, 1fr)",
  groups: "minmax(6rem, 1.2fr)",
};

/** The columns that a tenant's template lists, in its words; `null` where it leaves that to the program. */
export function ownColumns({ columns, words }: Conventions): { columns: OwnColumn[]; widths: string } | null {
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
  return {
    columns: columns.map((column) => all[column]),
    widths: columns.map((column) => widths[column]).join(" "),
  };
}
