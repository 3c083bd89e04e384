import { describe, expect, it } from "vitest";

import { overlapOptions, overlapSentence, toOverlap, usualOverlap } from "./overlap";

const now = Date.parse("2026-11-21T12:00:00Z");
const old = { display: "lk_8fK2…x9Qa", expires_at: null };

describe("the overlaps", () => {
  it("are an hour to thirty days, a date, or none", () => {
    expect(overlapOptions(now).map(({ value }) => value)).toEqual(["1", "24", "168", "720", "date", "none"]);
    const labels = overlapOptions(now).map(({ label }) => label.split(" · ")[0]);
    expect(labels.slice(0, 4)).toEqual(["1 hour", "24 hours", "7 days", "30 days"]);
    expect(toOverlap(usualOverlap, "")).toEqual({ kind: "hours", hours: 24 });
    expect(toOverlap("date", " 2027-01-31 ")).toEqual({ kind: "date", date: "2027-01-31" });
    expect(toOverlap("none", "")).toEqual({ kind: "none" });
  });

  it("say which key stops when, and no end that the old key has is put off", () => {
    expect(overlapSentence(old, { kind: "none" }, now)).toContain("revoked at once");
    expect(overlapSentence(old, { kind: "hours", hours: 24 }, now)).toContain("valid until 22 Nov 2026");
    expect(overlapSentence(old, { kind: "date", date: "2027-01-31" }, now)).toContain("valid until 31 Jan 2027");
    const soon = { ...old, expires_at: "2026-12-01T00:00:00Z" };
    expect(overlapSentence(soon, { kind: "date", date: "2027-01-31" }, now)).toContain("30 Nov 2026");
    expect(overlapSentence(soon, { kind: "hours", hours: 720 }, now)).toContain("30 Nov 2026");
    expect(overlapSentence(soon, { kind: "hours", hours: 1 }, now)).toContain("21 Nov 2026");
  });

  it.each(["", "soon", "2027-02-30", "2020-01-01"])("say nothing of the date %j", (date) => {
    expect(overlapSentence(old, { kind: "date", date }, now)).toContain("the day you choose");
  });
});
