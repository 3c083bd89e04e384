import { m } from "../../paraglide/messages";
import type { Capability, CheckedKey, Connector } from "../ipc";

/** What a server says of a key, in words, and how good that is. */
export const checkedWords: Record<
  CheckedKey,
  { tone: "ok" | "warn" | "bad"; title: () => string; text: () => string }
> = {
  valid: { tone: "ok", title: m.connectors_checked_valid, text: m.connectors_checked_valid_text },
  restricted: { tone: "warn", title: m.connectors_checked_restricted, text: m.connectors_checked_restricted_text },
  unknown: { tone: "bad", title: m.connectors_checked_unknown, text: m.connectors_checked_unknown_text },
  expired: { tone: "bad", title: m.connectors_checked_expired, text: m.connectors_checked_expired_text },
  disabled: { tone: "bad", title: m.connectors_checked_disabled, text: m.connectors_checked_disabled_text },
};

export function isNative(connector: Connector, capability: Capability): boolean {
  return connector.capabilities.some((one) => one.capability === capability && one.way === "native");
}
