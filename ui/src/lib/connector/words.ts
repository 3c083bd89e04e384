import { m } from "../../paraglide/messages";
import type { Capability, CapabilityWay, CheckedKey, Connector, SignInChoice } from "../ipc";

type CheckedWords = Record<CheckedKey, { tone: "ok" | "warn" | "bad"; title: () => string; text: () => string }>;

/** What a server says of a key, in words, and how good that is. */
export const checkedWords: CheckedWords = {
  valid: { tone: "ok", title: m.connectors_checked_valid, text: m.connectors_checked_valid_text },
  restricted: { tone: "warn", title: m.connectors_checked_restricted, text: m.connectors_checked_restricted_text },
  unknown: { tone: "bad", title: m.connectors_checked_unknown, text: m.connectors_checked_unknown_text },
  expired: { tone: "bad", title: m.connectors_checked_expired, text: m.connectors_checked_expired_text },
  disabled: { tone: "bad", title: m.connectors_checked_disabled, text: m.connectors_checked_disabled_text },
};

const accepted = { tone: "warn", title: m.guide_still_there, text: m.guide_still_there_text } as const;
const refused = { tone: "ok", title: m.guide_gone } as const;

/** What the same answers mean for a key that was removed in the vendor's pages. */
export const goneWords: CheckedWords = {
  valid: accepted,
  restricted: accepted,
  unknown: { ...refused, text: m.guide_gone_text },
  expired: { ...refused, text: m.guide_gone_expired },
  disabled: { ...refused, text: m.guide_gone_disabled },
};

/** What a server offers, with what tells it from others of its name. */
export function choiceWords({ name, group, role }: SignInChoice): string {
  const facts = [group, role].filter(Boolean).join(", ");
  return facts ? `${name} (${facts})` : name;
}

export function isNative(connector: Connector, capability: Capability): boolean {
  return is(connector, capability, "native");
}

/** Whether a person does it in the vendor's own pages. */
export function isGuided(connector: Connector, capability: Capability): boolean {
  return is(connector, capability, "guided");
}

function is(connector: Connector, capability: Capability, way: CapabilityWay): boolean {
  return connector.capabilities.some((one) => one.capability === capability && one.way === way);
}
