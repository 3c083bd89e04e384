import { fromNow } from "../../lib/dates";
import type { KeyStatus, KeyView } from "../../lib/ipc";
import { m } from "../../paraglide/messages";

const words: Record<KeyStatus, () => string> = {
  active: m.keys_status_active,
  expiring: m.keys_status_expiring,
  expired: m.keys_status_expired,
  disabled: m.keys_status_disabled,
  revoked: m.keys_status_revoked,
};

export function statusWord(status: KeyStatus): string {
  return words[status]();
}

/** The status with its time, where there is room for it: `Expiring in 12 days`. */
export function statusSentence(key: KeyView): string {
  if (key.expires_at !== null) {
    if (key.status === "expiring") return m.keys_expiring_when({ when: fromNow(key.expires_at) });
    if (key.status === "expired") return m.keys_expired_when({ when: fromNow(key.expires_at) });
  }
  return statusWord(key.status);
}

export const allStatuses: KeyStatus[] = ["active", "expiring", "expired", "disabled", "revoked"];

/** Whether somebody may still get in with the key. */
export function isUsable(status: KeyStatus): boolean {
  return status === "active" || status === "expiring";
}
