/** The rules of the real program, as far as the window can run into them. */
import type {
  ApiSetView,
  KeyFacets,
  ApiSetDraft,
  Expiration,
  Field,
  KeyQuery,
  KeyStatus,
  KeyView,
  Policy,
  Rule,
} from "./bindings";
import { LatchkeyError } from "./error";

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const day = 86_400_000;

export function fail(code: LatchkeyError["code"], message: string): never {
  throw new LatchkeyError({ code, message, hint: null, field: null });
}

export function failField(name: Field, rule: Rule): never {
  throw new LatchkeyError({
    code: "invalid_input",
    message: `${name}: ${rule.rule}`,
    hint: null,
    field: { name, ...rule },
  });
}

export function randomText(length: number, random: () => number): string {
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
}

export function checkName(value: string, field: Field = "name"): string {
  const text = value.trim();
  if (text.length === 0) failField(field, { rule: "required" });
  if (text.length < 3) failField(field, { rule: "too_short", min: 3 });
  return checkText(text, field, 100);
}

export function checkText(text: string, field: Field, max: number): string {
  if (text.length > max) failField(field, { rule: "too_long", max });
  if (/[\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]/u.test(text)) {
    failField(field, { rule: "invisible_character" });
  }
  if (field === "name" && /\p{Cc}/u.test(text)) failField(field, { rule: "control_character" });
  if (field === "name" && /https?:\/\//iu.test(text)) failField(field, { rule: "url" });
  return text;
}

export function checkPrefix(value: string | null): string {
  const prefix = value?.trim() || "lk";
  if (prefix.length > 16) failField("prefix", { rule: "too_long", max: 16 });
  if (!/^[0-9a-z]+$/u.test(prefix)) failField("prefix", { rule: "characters" });
  return prefix;
}

export function checkPolicy(policy: Policy): Policy {
  for (const field of ["max_lifetime_days", "rotate_after_days"] as const) {
    const days = policy[field];
    if (days !== null && !(days >= 1 && days <= 36_500))
      failField(field, { rule: "out_of_range", min: 1, max: 36_500 });
  }
  if (!(policy.warning_days >= 0 && policy.warning_days <= 365)) {
    failField("warning_days", { rule: "out_of_range", min: 0, max: 365 });
  }
  return { ...policy };
}

function checkApiSetId(value: string): string {
  const id = value.trim();
  if (id.length === 0) failField("id", { rule: "required" });
  if (id.length > 64) failField("id", { rule: "too_long", max: 64 });
  if (!/^[0-9A-Za-z._\-:*/]+$/u.test(id)) failField("id", { rule: "characters" });
  return id;
}

export function checkApiSet(draft: ApiSetDraft): ApiSetDraft {
  const id = checkApiSetId(draft.id);
  const name = draft.name?.trim() || null;
  const group = draft.group?.trim() || null;
  if (name !== null) checkText(name, "name", 100);
  if (group !== null) checkText(group, "group", 100);
  return { id, name, group, description: checkText((draft.description ?? "").trim(), "description", 1000) };
}

/** The instant a key ends, or `null` for never. */
export function endOf(expires: Expiration, policy: Policy, now: Date): string | null {
  const ceiling = policy.max_lifetime_days;
  if (expires.kind === "never") {
    if (!policy.allow_never || ceiling !== null) failField("expires", { rule: "never_forbidden" });
    return null;
  }
  let end: Date;
  if (expires.kind === "days") {
    end = new Date(now.getTime() + expires.days * day);
  } else {
    end = new Date(Date.parse(`${expires.date}T00:00:00Z`) + 86_400_000);
    if (!/^\d{4}-\d{2}-\d{2}$/u.test(expires.date) || Number.isNaN(end.getTime())) {
      failField("expires", { rule: "not_a_date" });
    }
    if (end.getTime() <= now.getTime()) failField("expires", { rule: "in_the_past" });
  }
  if (ceiling !== null && end.getTime() > now.getTime() + ceiling * day) {
    failField("expires", { rule: "beyond_ceiling", days: ceiling });
  }
  return end.toISOString();
}

export function statusOf(
  key: Pick<KeyView, "revoked_at" | "expires_at" | "superseded_at"> & { disabled_at: string | null },
  warningDays: number,
  now: Date,
): KeyStatus {
  if (key.revoked_at) return "revoked";
  const left = key.expires_at ? Date.parse(key.expires_at) - now.getTime() : Infinity;
  if (left <= 0) return "expired";
  if (key.disabled_at) return "disabled";
  if (key.superseded_at) return "superseded";
  return left <= warningDays * day ? "expiring" : "active";
}

function words(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

export function matches(key: KeyView, query: KeyQuery): boolean {
  if (query.tenant && key.tenant_id !== query.tenant) return false;
  if (query.statuses.length > 0 && !query.statuses.includes(key.status)) return false;
  if (query.api_set && !key.api_sets.includes(query.api_set)) return false;
  if (query.owner && key.owner !== query.owner) return false;
  if (query.organization && key.organization !== query.organization) return false;
  const wanted = words(query.search);
  if (wanted.length === 0) return true;
  const own = words([key.name, key.description, key.display, key.handle, key.owner, ...key.api_sets].join(" "));
  return wanted.every((word) => own.some((candidate) => candidate.startsWith(word)));
}

export function compare(query: KeyQuery): (a: KeyView, b: KeyView) => number {
  const sign = query.descending ? -1 : 1;
  const value = (key: KeyView): string => {
    switch (query.sort) {
      case "name":
        return key.name.toLowerCase();
      case "owner":
        return key.owner.toLowerCase();
      case "created":
        return key.created_at;
      case "expires":
        return key.expires_at ?? "9999";
    }
  };
  return (a, b) => {
    const x = value(a);
    const y = value(b);
    return x === y ? a.id.localeCompare(b.id) : (x < y ? -1 : 1) * sign;
  };
}

const statuses: KeyStatus[] = ["active", "expiring", "expired", "disabled", "revoked", "superseded"];

export function facetsOf(keys: KeyView[], sets: ApiSetView[], organizations: KeyFacets["organizations"]): KeyFacets {
  const owners = new Map<string, number>();
  for (const key of keys) owners.set(key.owner, (owners.get(key.owner) ?? 0) + 1);
  return {
    statuses: statuses.map((status) => ({ status, keys: keys.filter((key) => key.status === status).length })),
    api_sets: sets.map(({ id, name, keys: used }) => ({ id, name, keys: used })),
    owners: [...owners]
      .map(([owner, owned]) => ({ owner, keys: owned }))
      .sort((a, b) => b.keys - a.keys)
      .slice(0, 100),
    organizations,
  };
}

export function checkPassphrase(passphrase: string | null): void {
  if (!passphrase) failField("passphrase", { rule: "required" });
  if (passphrase.length < 12) failField("passphrase", { rule: "too_short", min: 12 });
}
