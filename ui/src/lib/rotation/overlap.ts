import { m } from "../../paraglide/messages";
import { dateTime, endTime } from "../dates";
import { lastDay, onDate } from "../expiration/expiration";
import type { Overlap } from "../ipc";

const hour = 3_600_000;
const hours = [1, 24, 24 * 7, 24 * 30];

/** The old key is revoked as soon as the new one is saved. */
const atOnce = "none";
/** Nothing is said of it yet: the old key is retired later. */
export const leftOpen = "";
/** What is chosen at first: a day to put the new key in place. */
export const usualOverlap = "24";

/** What the select offers, each with the moment at which it would be over. */
export function overlapOptions(now: number): { value: string; label: string }[] {
  return [
    ...hours.map((length) => {
      const date = dateTime(new Date(now + length * hour).toISOString());
      const days = length / 24;
      const label = days > 1 ? m.overlap_days({ count: days, date }) : m.overlap_hours({ count: length, date });
      return { value: String(length), label };
    }),
    { value: onDate, label: m.overlap_date() },
    { value: atOnce, label: m.overlap_none() },
  ];
}

export function toOverlap(choice: string, date: string): Overlap {
  if (choice === atOnce) return { kind: "none" };
  if (choice === onDate) return { kind: "date", date: date.trim() };
  return { kind: "hours", hours: Number(choice) };
}

interface OldKey {
  display: string;
  /** Its own end, which no overlap puts off. */
  expires_at: string | null;
}

/** Which key stops when: "lk_8fK2…x9Qa is valid until 22 Nov 2026, 12:00, then it is refused." */
export function overlapSentence({ display, expires_at }: OldKey, overlap: Overlap, now: number): string {
  if (overlap.kind === "none") return m.overlap_sentence_none({ display });
  const end = overlap.kind === "hours" ? now + overlap.hours * hour : Date.parse(`${overlap.date}T24:00:00Z`);
  if (expires_at !== null && Date.parse(expires_at) <= end) {
    return m.overlap_sentence({ display, date: endTime(expires_at) });
  }
  if (overlap.kind === "hours") return m.overlap_sentence({ display, date: dateTime(new Date(end).toISOString()) });
  const day = lastDay(onDate, overlap.date, now);
  return day && end > now ? m.overlap_sentence({ display, date: day }) : m.overlap_sentence_date({ display });
}
