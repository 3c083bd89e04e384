import { describe, expect, it } from "vitest";

import {
  expirationLimit,
  expirationOptions,
  lastDay,
  toExpiration,
  typedDateNotice,
  usualExpiration,
} from "./expiration";

const now = new Date(2026, 10, 21, 9, 0).getTime();
const free = { max_lifetime_days: null, allow_never: true };
const ceiling = (days: number) => ({ max_lifetime_days: days, allow_never: true });

const offered = (policy: Parameters<typeof expirationOptions>[0]): string[] =>
  expirationOptions(policy, now).map(({ value }) => value);

describe("the ends that are offered", () => {
  it("are all of them where the tenant sets no limit, each with its day", () => {
    expect(offered(free)).toEqual(["30", "90", "180", "365", "date", "never"]);
    expect(expirationOptions(free, now)[1]?.label).toBe("90 days · 19 Feb 2027");
    expect(expirationLimit(free)).toBeNull();
  });

  it("leave out never where it is forbidden, and say why", () => {
    const policy = { max_lifetime_days: null, allow_never: false };
    expect(offered(policy)).not.toContain("never");
    expect(expirationLimit(policy)).toBe("This tenant's keys must have an end.");
  });

  it("stop at the ceiling and include it, and a ceiling forbids never", () => {
    expect(offered(ceiling(100))).toEqual(["30", "90", "100", "date"]);
    expect(offered(ceiling(90))).toEqual(["30", "90", "date"]);
    expect(offered(ceiling(7))).toEqual(["7", "date"]);
    expect(offered(ceiling(1000))).toEqual(["30", "90", "180", "365", "date"]);
    expect(expirationLimit(ceiling(1))).toBe("This tenant's keys live for at most 1 day.");
  });

  it("begin with the tenant's default, and offer it", () => {
    const policy = { ...free, default_expiration: { kind: "days", days: 45 } } as const;
    expect(usualExpiration(policy)).toBe("45");
    expect(offered(policy)).toEqual(["30", "45", "90", "180", "365", "date", "never"]);
    expect(usualExpiration({ ...free, default_expiration: { kind: "never" } })).toBe("never");
    // A ceiling that was set later stands before the default.
    expect(usualExpiration({ ...policy, max_lifetime_days: 30 })).toBe("30");
    expect(usualExpiration({ ...ceiling(200), default_expiration: { kind: "never" } })).toBe("90");
  });

  it("begin with 90 days, or the most below", () => {
    expect(usualExpiration(free)).toBe("90");
    expect(usualExpiration(ceiling(60))).toBe("60");
    expect(usualExpiration(ceiling(7))).toBe("7");
    expect(usualExpiration(ceiling(200))).toBe("90");
  });
});

describe("a typed date", () => {
  it("is read back in words, with the days until then", () => {
    expect(typedDateNotice("2027-02-19", now)).toMatch(/^19 Feb 2027, in 90 days\./);
    expect(lastDay("date", " 2027-02-19 ", now)).toBe("19 Feb 2027");
  });

  it.each(["", "2027-02-30", "2027-13-01", "19.2.2027", "2027-2-1", "tomorrow"])("%j is none yet", (typed) => {
    expect(typedDateNotice(typed, now)).toBeNull();
    expect(lastDay("date", typed, now)).toBeUndefined();
  });

  it("is sent as typed, so that Rust can say what is wrong with it", () => {
    expect(toExpiration("date", " 2027-02-30 ")).toEqual({ kind: "date", date: "2027-02-30" });
    expect(toExpiration("180", "")).toEqual({ kind: "days", days: 180 });
    expect(toExpiration("never", "")).toEqual({ kind: "never" });
  });
});
