import type { Gap } from "../../lib/ipc";
import { m } from "../../paraglide/messages";

/** Why a key does not meet the rules. A new reason without words does not compile. */
export const gapWords: Record<Gap, () => string> = {
  beyond_ceiling: m.tenants_gap_beyond_ceiling,
  no_end: m.tenants_gap_no_end,
  no_api_set: m.tenants_gap_no_api_set,
  kept: m.tenants_gap_kept,
  same_name: m.tenants_gap_same_name,
  other_owner: m.tenants_gap_other_owner,
  other_format: m.tenants_gap_other_format,
  other_prefix: m.tenants_gap_other_prefix,
};
