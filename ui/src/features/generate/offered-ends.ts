import { longDate } from "../../lib/dates";
import { expirationOptions, never, onDate, toExpiration, usualExpiration } from "../../lib/expiration/expiration";
import type { Expiration, ExpirationChoice, TenantView } from "../../lib/ipc";
import { m } from "../../paraglide/messages";

const day = 86_400_000;

/** Stands for as many days as the operator types. */
export const lifetime = "lifetime";

/** What is chosen and typed of an end. */
export interface EndForm {
  expires: string;
  date: string;
  days: string;
  readonly asksForDate: boolean;
  readonly asksForDays: boolean;
  mend(field: "expires"): void;
}

type Rules = Pick<TenantView, "policy" | "conventions">;

/** The ends that the tenant's template offers and its policy allows, else the program's own. */
export function offeredEnds({ policy, conventions }: Rules, now: number): { value: string; label: string }[] {
  const ceiling = policy.max_lifetime_days ?? Infinity;
  const allowed = conventions.expirations.filter((choice) =>
    choice.kind === "never"
      ? policy.allow_never && policy.max_lifetime_days === null
      : choice.kind !== "days" || choice.days <= ceiling,
  );
  if (allowed.length === 0) return expirationOptions(policy, now);
  return allowed.map((choice) => option(choice, now));
}

function option(choice: ExpirationChoice, now: number): { value: string; label: string } {
  switch (choice.kind) {
    case "never":
      return { value: never, label: m.expires_never() };
    case "date":
      return { value: onDate, label: m.expires_date() };
    case "lifetime":
      return { value: lifetime, label: m.generate_expires_lifetime() };
    case "days": {
      const date = longDate(new Date(now + choice.days * day).toISOString());
      const { days, label } = choice;
      return {
        value: String(days),
        label: label ? m.generate_expires_label({ label, date }) : m.expires_days({ count: days, date }),
      };
    }
  }
}

/** What is chosen at first. */
export function usualEnd(tenant: Rules, now: number): string {
  const values = offeredEnds(tenant, now).map(({ value }) => value);
  const standard = tenant.policy.default_expiration;
  const wanted = standard === null ? null : standard.kind === "never" ? never : String(standard.days);
  if (wanted !== null && values.includes(wanted)) return wanted;
  return tenant.conventions.expirations.length > 0 ? (values[0] ?? never) : usualExpiration(tenant.policy);
}

/** The end that was chosen or typed. */
export function chosenEnd(form: EndForm): Expiration {
  if (form.asksForDays) return { kind: "days", days: typedLifetime(form.days) ?? 0 };
  return toExpiration(form.expires, form.date);
}

/** The number of days that stands in the field at first. */
export function usualLifetime({ conventions }: Rules): string {
  const choice = conventions.expirations.find((one) => one.kind === "lifetime");
  return choice?.kind === "lifetime" ? String(choice.days) : "";
}

/** The days that were typed; `null` while they are no number. */
export function typedLifetime(days: string): number | null {
  return /^\d{1,6}$/u.test(days.trim()) ? Number(days) : null;
}
