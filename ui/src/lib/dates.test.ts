import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { overwriteGetLocale } from "../paraglide/runtime";
import { ago, count, endTime, fromNow, longLastDay, shortLastDay, typedLastDay } from "./dates";

const zone = process.env["TZ"];

afterEach(() => {
  process.env["TZ"] = zone;
});

describe.each(["UTC", "America/Los_Angeles", "Asia/Tokyo"])("the last day of a key, in %s", (local) => {
  beforeEach(() => {
    process.env["TZ"] = local;
  });

  it("is the day that was chosen", () => {
    const end = "2027-02-01T00:00:00Z";
    expect(shortLastDay(end)).toBe("2027-01-31");
    expect(longLastDay(end)).toBe("31 Jan 2027");
    expect(endTime(end)).toBe("31 Jan 2027, to the end of the day (UTC)");
    expect(typedLastDay(end)).toBe("2027-01-31");
  });

  it("is the day in which a lifetime ends", () => {
    const end = new Date(2027, 1, 19, 9, 30).toISOString();
    expect(shortLastDay(end)).toBe("2027-02-19");
  });
});

describe.each(["en", "de"] as const)("numbers and spans, in %s", (locale) => {
  const hour = 3_600_000;
  const now = Date.parse("2026-11-22T12:00:00Z");
  const at = (left: number): string => new Date(now + left).toISOString();

  beforeEach(() => overwriteGetLocale(() => locale));
  afterEach(() => overwriteGetLocale(() => "en"));

  it("are what the system's own formatters write", () => {
    const numbers = new Intl.NumberFormat(locale);
    for (const value of [0, 7, 999, 1_000, 12_345, 100_000, 999_999, 1_000_000, 1_234_567_890]) {
      expect(count(value)).toBe(numbers.format(value));
    }
    const spans = new Intl.RelativeTimeFormat(locale, { numeric: "always" });
    for (const hours of [0, 1, 2, 19, 47]) {
      expect(fromNow(at(hours * hour), now)).toBe(spans.format(hours, "hour"));
      if (hours > 0) expect(fromNow(at(-hours * hour), now)).toBe(spans.format(-hours, "hour"));
    }
    for (const days of [2, 12, 365, 1_200, 36_500]) {
      expect(fromNow(at(days * 24 * hour), now)).toBe(spans.format(days, "day"));
      expect(fromNow(at(-days * 24 * hour), now)).toBe(spans.format(-days, "day"));
    }
    for (const minutes of [1, 2, 59]) {
      expect(ago(at((-minutes * hour) / 60), now)).toBe(spans.format(-minutes, "minute"));
    }
  });
});
