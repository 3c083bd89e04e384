import { longDate } from "../../lib/dates";
import type { Expiration, Policy } from "../../lib/ipc";
import { m } from "../../paraglide/messages";

const day = 86_400_000;
const lifetimes = [30, 90, 180, 365];
const usual = 90;

const never = "never";
export const onDate = "date";

type Rules = Pick<Policy, "max_lifetime_days" | "allow_never"> & Partial<Pick<Policy, "default_expiration">>;

/** A ceiling forbids a key without an end too. */
function mayBeEndless(policy: Rules): boolean {
  return policy.allow_never && policy.max_lifetime_days === null;
}

/** The tenant's own default, unless a ceiling set later stands before it. */
function ownDefault(policy: Rules): string | null {
  const end = policy.default_expiration ?? null;
  if (end === null) return null;
  if (end.kind === "never") return mayBeEndless(policy) ? never : null;
  return end.days <= (policy.max_lifetime_days ?? Infinity) ? String(end.days) : null;
}

/**
 * The lifetimes a tenant allows; its ceiling is always one of them, so that the most is never out of reach, and so is
 * its default.
 */
function allowedDays(policy: Rules): number[] {
  const ceiling = policy.max_lifetime_days ?? Infinity;
  const days = new Set(lifetimes.filter((lifetime) => lifetime < ceiling));
  if (ceiling <= Math.max(...lifetimes)) days.add(ceiling);
  const own = Number(ownDefault(policy));
  if (own > 0) days.add(own);
  return [...days].sort((a, b) => a - b);
}

function daysLater(now: number, days: number): string {
  return longDate(new Date(now + days * day).toISOString());
}

/** What the select offers, each with the day on which it would end. */
export function expirationOptions(policy: Rules, now: number): { value: string; label: string }[] {
  return [
    ...allowedDays(policy).map((days) => ({
      value: String(days),
      label: m.generate_expires_days({ count: days, date: daysLater(now, days) }),
    })),
    { value: onDate, label: m.generate_expires_date() },
    ...(mayBeEndless(policy) ? [{ value: never, label: m.generate_expires_never() }] : []),
  ];
}

/** Why something that other tenants offer is missing. */
export function expirationLimit(policy: Rules): string | null {
  if (policy.max_lifetime_days !== null) return m.generate_expires_ceiling({ count: policy.max_lifetime_days });
  return policy.allow_never ? null : m.generate_expires_must_end();
}

/** The tenant's default, else 90 days, or the most below that. */
export function usualExpiration(policy: Rules): string {
  const own = ownDefault(policy);
  if (own !== null) return own;
  const days = allowedDays(policy);
  return String(days.includes(usual) ? usual : (days.findLast((allowed) => allowed < usual) ?? days[0] ?? onDate));
}

/** `2027-02-19` as the noon of that day here, or `null` when it is no date of the calendar. */
function typedDay(date: string): Date | null {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(date.trim());
  if (!parts) return null;
  const [year, month, dayOfMonth] = parts.slice(1).map(Number);
  if (year === undefined || month === undefined || dayOfMonth === undefined) return null;
  const parsed = new Date(year, month - 1, dayOfMonth, 12);
  // The calendar rolls over 31 February; we do not.
  return parsed.getMonth() === month - 1 && parsed.getDate() === dayOfMonth ? parsed : null;
}

/** The last day as people write it; `null` for never; `undefined` while the date is not typed yet. */
export function lastDay(choice: string, date: string, now: number): string | null | undefined {
  if (choice === never) return null;
  if (choice !== onDate) return daysLater(now, Number(choice));
  const parsed = typedDay(date);
  return parsed ? longDate(parsed.toISOString()) : undefined;
}

/** What a typed date comes to: "19 Feb 2027, in 90 days". */
export function typedDateNotice(date: string, now: number): string | null {
  const parsed = typedDay(date);
  if (!parsed) return null;
  const today = new Date(now);
  const noon = new Date(today.getFullYear(), today.getMonth(), today.getDate(), 12);
  const days = Math.round((parsed.getTime() - noon.getTime()) / day);
  if (days < 0) return null;
  return m.generate_date_means({ date: longDate(parsed.toISOString()), count: days });
}

export function toExpiration(choice: string, date: string): Expiration {
  if (choice === never) return { kind: "never" };
  if (choice === onDate) return { kind: "date", date: date.trim() };
  return { kind: "days", days: Number(choice) };
}
