import { m } from "../paraglide/messages";
import { serverWords } from "./server-words";
import {
  type ErrorBody,
  type ErrorCode,
  type Field,
  type FieldProblem,
  type LatchkeyError,
  toLatchkeyError,
} from "./ipc";

/** What happened, and what to do about it where there is something to do. */
export interface ErrorWords {
  what: string;
  todo: string | null;
}

/** A code without words does not compile; nothing here looks at the text that came with it. */
export function errorWords(error: ErrorBody): ErrorWords {
  const code: ErrorCode = error.code;
  switch (code) {
    case "invalid_input":
      return { what: error.field ? fieldText(error.field) : m.error_invalid_input(), todo: null };
    case "not_found":
      return { what: m.error_not_found(), todo: m.error_not_found_todo() };
    case "ambiguous":
      return { what: m.error_ambiguous(), todo: m.error_ambiguous_todo() };
    case "not_now":
      return { what: m.error_not_now(), todo: m.error_not_now_todo() };
    case "not_permitted":
      return { what: m.error_not_permitted(), todo: m.error_not_permitted_todo() };
    case "profile_missing":
      return { what: m.error_profile_missing(), todo: m.error_profile_missing_todo() };
    case "profile_exists":
      return { what: m.error_profile_exists(), todo: m.error_profile_exists_todo() };
    case "profile_newer":
      return { what: m.error_profile_newer(), todo: m.error_profile_newer_todo() };
    case "profile_damaged":
      return { what: m.error_profile_damaged(), todo: m.error_profile_damaged_todo() };
    case "profile_busy":
      return { what: m.error_profile_busy(), todo: m.error_profile_busy_todo() };
    case "disk_full":
      return { what: m.error_disk_full(), todo: m.error_disk_full_todo() };
    case "read_only":
      return { what: m.error_read_only(), todo: m.error_read_only_todo() };
    case "vault_locked":
      return { what: m.error_vault_locked(), todo: m.error_vault_locked_todo() };
    case "vault_wrong_passphrase":
      return { what: m.error_vault_wrong_passphrase(), todo: m.error_vault_wrong_passphrase_todo() };
    case "vault_damaged":
      return { what: m.error_vault_damaged(), todo: m.error_vault_damaged_todo() };
    case "keychain_no_bus":
      return { what: m.error_keychain_no_bus(), todo: m.error_keychain_no_bus_todo() };
    case "keychain_no_service":
      return { what: m.error_keychain_no_service(), todo: m.error_keychain_no_service_todo() };
    case "keychain_no_collection":
      return { what: m.error_keychain_no_collection(), todo: m.error_keychain_no_collection_todo() };
    case "keychain_dismissed":
      return { what: m.error_keychain_dismissed(), todo: m.error_keychain_dismissed_todo() };
    case "keychain_failed":
      return { what: m.error_keychain_failed(), todo: m.error_keychain_failed_todo() };
    case "secret_missing":
      return { what: m.error_secret_missing(), todo: m.error_secret_missing_todo() };
    case "secret_gone":
      return { what: m.error_secret_gone(), todo: m.error_secret_gone_todo() };
    case "secret_unsaved":
      return { what: m.error_secret_unsaved(), todo: m.error_secret_unsaved_todo() };
    case "file_exists":
      return { what: m.error_file_exists(), todo: m.error_file_exists_todo() };
    case "clipboard_unreachable":
      return { what: m.error_clipboard_unreachable(), todo: m.error_clipboard_unreachable_todo() };
    case "offline":
      return { what: m.error_offline(), todo: m.error_offline_todo() };
    case "remote_unreachable":
      if (error.server) return serverWords(error.server);
      return { what: m.error_remote_unreachable({ detail: error.message }), todo: error.hint };
    case "remote_refused":
      if (error.server) return serverWords(error.server);
      return { what: m.error_remote_refused({ detail: error.message }), todo: error.hint };
    case "remote_credential":
      return { what: m.error_remote_credential(), todo: m.error_remote_credential_todo() };
    case "remote_sign_in":
      return { what: m.error_remote_sign_in(), todo: m.error_remote_sign_in_todo() };
    case "remote_throttled":
      if (error.server) return serverWords(error.server);
      return { what: m.error_remote_throttled({ detail: error.message }), todo: m.error_remote_throttled_todo() };
    case "cancelled":
      // A hint is there where something was sent: it may be done all the same.
      return { what: m.error_cancelled(), todo: error.hint === null ? null : m.error_cancelled_todo() };
    case "failed":
      // Nobody branches on it, so only Rust knows what it was.
      return { what: m.error_failed({ detail: error.message }), todo: error.hint };
    default:
      return unknownCode(code, error);
  }
}

/** Both sentences for whatever was thrown, for a banner or the foot of a dialog. */
export function errorText(reason: unknown): string {
  const { what, todo } = errorWords(toLatchkeyError(reason).body);
  return todo ? `${what} ${todo}` : what;
}

/** What is wrong with a field and how to put it right, for the place at the field. */
export function fieldText(problem: FieldProblem): string {
  switch (problem.rule) {
    case "required":
      return m.error_rule_required();
    case "too_short":
      return m.error_rule_too_short({ min: problem.min });
    case "too_long":
      return m.error_rule_too_long({ max: problem.max });
    case "control_character":
      return m.error_rule_control_character();
    case "invisible_character":
      return m.error_rule_invisible_character();
    case "url":
      return m.error_rule_url();
    case "characters":
      return charactersText(problem.name);
    case "taken":
      return m.error_rule_taken();
    case "not_a_date":
      return m.error_rule_not_a_date();
    case "in_the_past":
      return m.error_rule_in_the_past();
    case "beyond_ceiling":
      return m.error_rule_beyond_ceiling({ days: problem.days });
    case "never_forbidden":
      return m.error_rule_never_forbidden();
    case "own_keys_only":
      return m.error_rule_own_keys_only();
    case "unknown_api_set":
      return m.error_rule_unknown_api_set({ id: problem.id });
    case "retired_api_set":
      return m.error_rule_retired_api_set({ id: problem.id });
    case "out_of_range":
      return m.error_rule_out_of_range({ min: problem.min, max: problem.max });
    case "pattern":
      return m.error_rule_pattern({ number: "{n}", digits: "{n:05}" });
    case "line":
      return m.error_rule_line({ line: problem.line, problem: fieldText(problem.problem) });
    case "unknown":
      return unknownText(problem.name);
    case "not_an_address":
      return m.error_rule_not_an_address();
    case "unanswered":
      return m.error_rule_unanswered();
    case "asked":
      return m.error_rule_asked();
    case "orphaned":
      return m.error_rule_orphaned();
    case "not_a_file":
      return isPem(problem.name) ? m.error_rule_not_a_pem() : m.error_rule_not_a_file();
    case "too_large":
      return m.error_rule_too_large({
        size: problem.max_kib >= 1024 ? `${problem.max_kib / 1024} MiB` : `${problem.max_kib} KiB`,
      });
    case "not_text":
      return isPem(problem.name) ? m.error_rule_not_a_pem() : m.error_rule_not_text();
    case "no_certificate":
      return m.error_rule_no_certificate();
    case "key_alone":
      return m.error_rule_key_alone();
    case "no_private_key":
      return m.error_rule_no_private_key();
    case "encrypted_key":
      return m.error_rule_encrypted_key();
    case "other_key":
      return m.error_rule_other_key();
    case "not_a_proxy":
      return m.error_rule_not_a_proxy();
    case "password_inside":
      return m.error_rule_password_inside();
    case "not_a_sign_in":
      return m.error_rule_not_a_sign_in();
    case "other_server":
      return m.error_rule_other_server();
    case "not_local":
      return m.error_rule_not_local();
    case "not_exported":
      return m.error_rule_not_exported();
    case "not_a_public_key":
      return m.error_rule_not_a_public_key();
    case "no_key":
      return m.error_rule_no_key();
    case "no_key_column":
      return m.error_rule_no_key_column();
    case "answer_wanted":
      return m.error_rule_answer_wanted();
    case "answer_wrong":
      return m.error_rule_answer_wrong();
    case "not_for_you":
      return m.error_rule_not_for_you();
    case "known_key":
      return m.error_rule_known_key({ key: problem.key });
    case "too_many":
      return m.error_rule_too_many({ max: problem.max });
    default:
      return unknownRule(problem);
  }
}

/** What is wrong with this very field, if it is the one at fault. */
export function textAt(error: LatchkeyError | null, field: Field): string | null {
  return error?.field?.name === field ? fieldText(error.field) : null;
}

function isPem(field: Field): boolean {
  return field === "authorities" || field === "client_certificate";
}

/** Which characters a field takes depends on the field. */
function charactersText(field: FieldProblem["name"]): string {
  if (field === "prefix") return m.error_rule_characters_prefix();
  if (field === "id") return m.error_rule_characters_id();
  return m.error_rule_characters();
}

/** What a field would know depends on the field. */
function unknownText(field: FieldProblem["name"]): string {
  if (field === "recipients") return m.error_rule_unknown_recipient();
  if (field === "names") return m.error_rule_unknown_columns();
  if (field === "expires") return m.error_rule_unknown_end();
  return m.error_rule_unknown();
}

// A newer program may report what this window was not made for: then its own words are better than none. The
// parameter type `never` is what makes a forgotten case fail to compile.

function unknownCode(_code: never, error: Pick<ErrorBody, "message" | "hint">): ErrorWords {
  return { what: m.error_failed({ detail: error.message }), todo: error.hint };
}

function unknownRule(_problem: never): string {
  return m.error_rule_unknown();
}
