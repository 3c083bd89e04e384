import { longDate } from "../../lib/dates";
import type { Expiration, Policy } from "../../lib/ipc";
import { m } from "../../paraglide/messages";

const lifetimes = [30, 90, 180, 365];
const day = 86_400_000;

/** `keep` leaves the end as it is; `date` asks for one. */
export function expiryChoices(
  endsAt: string | null,
  policy: Pick<Policy, "max_lifetime_days" | "allow_never">,
  now = Date.now(),
): { value: string; label: string }[] {
  const ceiling = policy.max_lifetime_days ?? Infinity;
  const choices = [
    {
      value: "keep",
      label: endsAt === null ? m.keys_expires_keep_never() : m.keys_expires_keep({ date: longDate(endsAt) }),
    },
  ];
  for (const days of lifetimes.filter((lifetime) => lifetime <= ceiling)) {
    const date = longDate(new Date(now + days * day).toISOString());
    choices.push({ value: String(days), label: m.keys_expires_days({ count: days, date }) });
  }
  choices.push({ value: "date", label: m.keys_expires_date() });
  if (endsAt !== null && policy.allow_never && policy.max_lifetime_days === null) {
    choices.push({ value: "never", label: m.keys_expires_never() });
  }
  return choices;
}

/** What is sent for a choice; `null` leaves the end as it is. */
export function expirationOf(choice: string, date: string): Expiration | null {
  if (choice === "keep") return null;
  if (choice === "never") return { kind: "never" };
  if (choice === "date") return { kind: "date", date };
  return { kind: "days", days: Number(choice) };
}
