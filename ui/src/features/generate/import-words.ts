import type { ImportEntry, ImportReason } from "../../lib/ipc";
import { m } from "../../paraglide/messages";

const reasons: Record<ImportReason, (entry: ImportEntry) => string> = {
  no_key_name: () => m.import_reason_no_key_name(),
  ambiguous: () => m.import_reason_ambiguous(),
  known: (entry) => m.import_reason_known({ name: entry.known_as ?? "" }),
  repeated: () => m.import_reason_repeated(),
  empty: () => m.import_reason_empty(),
  too_short: () => m.import_reason_too_short(),
  too_long: () => m.import_reason_too_long(),
  blank: () => m.import_reason_blank(),
  damaged: () => m.import_reason_damaged(),
  reference: () => m.import_reason_reference(),
  form: () => m.import_reason_form(),
  too_many_chosen: () => m.import_reason_too_many_chosen(),
};

/** What becomes of an entry, as it is chosen now. */
export function fateWords(entry: ImportEntry, taken: boolean): string {
  if (!taken) return entry.reason === null ? m.import_fate_left() : reasons[entry.reason](entry);
  if (entry.name_problem) return m.import_fate_name();
  return entry.weak ? m.import_fate_weak() : m.import_fate_import();
}
