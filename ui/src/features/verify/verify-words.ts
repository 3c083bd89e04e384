import type { Refusal } from "../../lib/ipc";
import { m } from "../../paraglide/messages";

/** Why a key is refused, and what that means. */
export const refusalWords: Record<Refusal, (tenant: { tenant: string }) => string> = {
  malformed: m.verify_malformed,
  unknown: m.verify_unknown,
  revoked: m.verify_revoked,
  expired: m.verify_expired,
  disabled: m.verify_disabled,
  superseded: m.verify_superseded,
  "not-yet-valid": m.verify_not_yet_valid,
  "bundle-expired": m.verify_bundle_expired,
};
