import { m } from "../paraglide/messages";
import { spokenTime } from "./dates";
import type { ServerFault, ServerProblem } from "./ipc";

/** What is the matter with a server. What it said itself, or the system, stands behind it. */
export function serverWords(problem: ServerProblem): { what: string; todo: string } {
  const [what, todo] = faultWords(problem);
  const said = problem.said?.replace(/\.$/u, "");
  return {
    what: said ? m.server_said({ what: what.replace(/\.$/u, ""), said }) : what,
    todo: problem.advice ?? todo,
  };
}

/** A fault without words does not compile. */
function faultWords({ host, fault, status: answered, seconds }: ServerProblem): [string, string] {
  const status = answered ?? "?";
  const known: ServerFault = fault;
  switch (known) {
    case "address":
      return [m.server_address(), m.server_address_todo()];
    case "plain_http":
      return [m.server_plain_http({ host }), m.server_plain_http_todo()];
    case "not_reached":
      return [m.server_not_reached({ host }), m.server_not_reached_todo()];
    case "certificate":
      return [m.server_certificate({ host }), m.server_certificate_todo()];
    case "encryption":
      return [m.server_encryption({ host }), m.server_encryption_todo()];
    case "setting":
      return [m.server_setting(), m.server_setting_todo()];
    case "time_out":
      return [m.server_time_out({ host }), m.server_time_out_todo()];
    case "redirect":
      return [m.server_redirect({ host }), m.server_redirect_todo()];
    case "too_large":
      return [m.server_too_large({ host }), m.server_too_large_todo()];
    case "broken_off":
      return [m.server_broken_off({ host }), m.server_broken_off_todo()];
    case "not_its_answer":
      return [m.server_not_its_answer({ host }), m.server_not_its_answer_todo()];
    case "no_list":
      return [m.server_no_list({ host }), m.server_no_list_todo()];
    case "endless":
      return [m.server_endless({ host }), m.server_endless_todo()];
    case "no_text":
      return [m.server_no_text({ host }), m.server_no_text_todo()];
    case "still_there":
      return [m.server_still_there({ host }), m.server_still_there_todo()];
    case "not_permitted":
      return [m.server_not_permitted({ host }), m.server_not_permitted_todo()];
    case "nothing_there":
      return [m.server_nothing_there({ host }), m.server_nothing_there_todo()];
    case "no_such_key":
      return [m.server_no_such_key({ host }), m.server_no_such_key_todo()];
    case "conflict":
      return [m.server_conflict({ host }), m.server_conflict_todo()];
    case "payment":
      return [m.server_payment({ host }), m.server_payment_todo()];
    case "unchanged":
      return [m.server_unchanged({ host }), m.server_unchanged_todo()];
    case "trouble":
      return [m.server_trouble({ host, status }), m.server_trouble_todo()];
    case "not_taken":
      return [m.server_not_taken({ host, status }), m.server_not_taken_todo()];
    case "credential":
      return [m.error_remote_credential(), m.error_remote_credential_todo()];
    case "busy":
      return [
        seconds === null ? m.server_busy({ host }) : m.server_busy_for({ host, wait: spokenTime(seconds) }),
        m.server_busy_todo(),
      ];
    case "no_session":
      return [m.server_no_session({ host }), m.server_no_session_todo()];
    case "no_sign_out":
      return [m.server_no_sign_out({ host }), m.server_no_sign_out_todo()];
    case "not_for_you":
      return [m.server_not_for_you({ host }), m.server_not_for_you_todo()];
    default:
      return unknownFault(known, host);
  }
}

/** A newer program may know of more. */
function unknownFault(_fault: never, host: string): [string, string] {
  return [m.server_not_reached({ host }), m.server_not_reached_todo()];
}
