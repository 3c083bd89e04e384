import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { endTime, longLastDay, shortLastDay, typedLastDay } from "./dates";

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
