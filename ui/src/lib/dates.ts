import { m } from "../paraglide/messages";
import { getLocale } from "../paraglide/runtime";

const hour = 3_600_000;
const day = 24 * hour;

/** Making a formatter costs more than a hundred uses of it, and a list makes thousands of dates. */
function perLocale<T>(make: (locale: string) => T): () => T {
  const made = new Map<string, T>();
  return () => {
    const locale = getLocale();
    const existing = made.get(locale);
    if (existing !== undefined) return existing;
    const fresh = make(locale);
    made.set(locale, fresh);
    return fresh;
  };
}

/** The region decides between 12 and 24 hours and the order of day and month, the window's language the words. */
const dates = perLocale(
  (locale) => new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, { dateStyle: "medium" }),
);
const times = perLocale(
  (locale) => new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, { dateStyle: "medium", timeStyle: "short" }),
);
const spans = perLocale(
  (locale) => (unit: "second" | "minute" | "hour", span: number) =>
    new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(span),
);

/** `2027-04-01`: sorts by eye and is as wide in every row. */
export function shortDate(iso: string): string {
  const date = new Date(iso);
  const pad = (part: number): string => String(part).padStart(2, "0");
  return `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
}

/** `3 Dec 2026` */
export function longDate(iso: string): string {
  return dates().format(new Date(iso));
}

/**
 * The last day of a key that ends at this moment: the day itself, of UTC, where a day was chosen, which is over with the
 * midnight after it; else the day of this computer.
 */
function lastDay(end: string): string {
  if (!endsWithDay(end)) return end;
  const last = new Date(Date.parse(end) - day);
  return new Date(last.getUTCFullYear(), last.getUTCMonth(), last.getUTCDate(), 12).toISOString();
}

function endsWithDay(end: string): boolean {
  return Date.parse(end) % day === 0;
}

/** As [`shortDate`]: the last day of a key that ends then. */
export function shortLastDay(end: string): string {
  return endsWithDay(end) ? utcDay(Date.parse(end) - day) : shortDate(end);
}

/** As [`longDate`]: the last day of a key that ends then. */
export function longLastDay(end: string): string {
  return longDate(lastDay(end));
}

/** When a key ends, to the minute or with a day. */
export function endTime(end: string): string {
  return endsWithDay(end) ? m.expires_day_end({ date: longLastDay(end) }) : dateTime(end);
}

/** The day to type for the end that a key has: the last one, in UTC, on which it may be used. */
export function typedLastDay(end: string): string {
  return utcDay(Date.parse(end) - 1);
}

/** The day of UTC at this moment, in milliseconds since 1970. */
function utcDay(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}

/** `3 Dec 2026, 09:12` */
export function dateTime(iso: string): string {
  return times().format(new Date(iso));
}

/** `in 12 days`, or `in 19 hours` within the last two days. */
export function fromNow(iso: string, now = Date.now()): string {
  const left = Date.parse(iso) - now;
  const inHours = Math.abs(left) < 2 * day;
  const span = spanOf(Math.round(Math.abs(left) / (inHours ? hour : day)));
  if (left >= 0) return inHours ? m.time_in_hours(span) : m.time_in_days(span);
  return inHours ? m.time_hours_ago(span) : m.time_days_ago(span);
}

/** `5 minutes ago`, and from an hour on as [`fromNow`]. */
export function ago(iso: string, now = Date.now()): string {
  const minutes = Math.floor(Math.max(0, now - Date.parse(iso)) / 60_000);
  if (minutes >= 60) return fromNow(iso, now);
  return minutes === 0 ? m.remote_just_now() : m.time_minutes_ago(spanOf(minutes));
}

function spanOf(units: number): { count: number; shown: string } {
  return { count: units, shown: count(units) };
}

/**
 * A number in groups of three digits. What the window shows first needs no formatter of the system: the first one takes 5
 * to 7 ms, and the languages of the window differ by one character.
 */
export function count(value: number): string {
  return String(value).replaceAll(/\B(?=(?:\d{3})+$)/gu, getLocale() === "de" ? "." : ",");
}

/** So many seconds as people say them: in seconds up to two minutes, then in minutes, then in hours. */
export function spokenTime(seconds: number): string {
  if (seconds < 120) return spans()("second", seconds);
  return seconds < 7200 ? spans()("minute", Math.ceil(seconds / 60)) : spans()("hour", Math.ceil(seconds / 3600));
}
