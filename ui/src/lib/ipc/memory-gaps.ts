/** Which keys do not meet what a tenant asks, as the real program finds them. */
import type { Gap, KeyFormat, KeyView, Policy, PolicyGaps } from "./bindings";

const day = 86_400_000;
const order: Gap[] = [
  "beyond_ceiling",
  "no_end",
  "no_api_set",
  "kept",
  "same_name",
  "other_owner",
  "other_format",
  "other_prefix",
];

/** What a tenant asks of its keys. */
export interface Asked {
  policy: Policy;
  format: KeyFormat;
  prefix: string;
  /** The template's longest life of a key that has an end. */
  longest: number | null;
}

export function gapsOf(
  keys: KeyView[],
  { policy, format, prefix, longest }: Asked,
  operator: string,
  now: Date,
  after: string | null,
  limit: number,
): PolicyGaps {
  const usable = keys
    .filter(({ status }) => status === "active" || status === "expiring")
    .sort((a, b) => a.created_at.localeCompare(b.created_at));
  const ceiling = policy.max_lifetime_days;
  const latest = now.getTime() + (Math.min(ceiling ?? Infinity, longest ?? Infinity) + 1) * day;
  const inUse = (key: KeyView): boolean => key.status !== "revoked" && key.status !== "expired";
  const judge: Record<Gap, (key: KeyView) => boolean> = {
    beyond_ceiling: (key) => key.expires_at !== null && Date.parse(key.expires_at) > latest,
    no_end: (key) => key.expires_at === null && (ceiling !== null || !policy.allow_never),
    no_api_set: (key) => policy.require_api_set && key.api_sets.length === 0,
    kept: (key) => policy.keep === "forbid" && key.kept,
    same_name: (key) =>
      policy.unique_names && keys.some((other) => other !== key && other.name === key.name && inUse(other)),
    other_owner: (key) => policy.own_keys_only && key.owner !== operator,
    other_format: (key) => key.format !== null && key.format !== format,
    other_prefix: (key) => format === "latchkey" && key.format === "latchkey" && !key.display.startsWith(`${prefix}_`),
  };
  const found = usable
    .map((key) => ({ key, gaps: order.filter((gap) => judge[gap](key)) }))
    .filter(({ gaps }) => gaps.length > 0);
  const from = after === null ? 0 : found.findIndex(({ key }) => key.id === after) + 1;
  return {
    usable: usable.length,
    total: found.length,
    reasons: order
      .map((gap) => ({ gap, keys: found.filter(({ gaps }) => gaps.includes(gap)).length }))
      .filter(({ keys: count }) => count > 0),
    keys: found.slice(from, from + limit),
  };
}
