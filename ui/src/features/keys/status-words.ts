import { fromNow } from "../../lib/dates";
import type { BundleNeed, KeyStatus, KeyView, RotationNeed } from "../../lib/ipc";
import { m } from "../../paraglide/messages";

const words: Record<KeyStatus, () => string> = {
  active: m.keys_status_active,
  expiring: m.keys_status_expiring,
  expired: m.keys_status_expired,
  disabled: m.keys_status_disabled,
  revoked: m.keys_status_revoked,
  superseded: m.keys_status_superseded,
};

export function statusWord(status: KeyStatus): string {
  return words[status]();
}

/** The status with its time, where there is room for it: `Expiring in 12 days`. */
export function statusSentence(key: KeyView): string {
  if (key.expires_at !== null) {
    if (key.status === "expiring") return m.keys_expiring_when({ when: fromNow(key.expires_at) });
    if (key.status === "superseded") return m.keys_superseded_when({ when: fromNow(key.expires_at) });
    if (key.status === "expired" && key.superseded_at !== null) {
      return m.keys_overlap_over({ when: fromNow(key.expires_at) });
    }
    if (key.status === "expired") return m.keys_expired_when({ when: fromNow(key.expires_at) });
  }
  return statusWord(key.status);
}

export const allStatuses: KeyStatus[] = ["active", "expiring", "superseded", "expired", "disabled", "revoked"];

/** Whether somebody may still get in with the key. */
export function isUsable(status: KeyStatus): boolean {
  return status === "active" || status === "expiring" || status === "superseded";
}

/** What the list says beside the name of a key whose rotation needs something. */
export function needWord(need: RotationNeed | null): string {
  if (need === null) return "";
  return need === "due" ? m.keys_rotation_tag_due() : m.keys_rotation_tag();
}

/** What the list says beside the name of a key of which services have to be told something. */
export function bundleWord(need: BundleNeed): string {
  return need === "in_none" ? m.keys_bundle_tag_in_none() : m.keys_bundle_tag_end_untold();
}
