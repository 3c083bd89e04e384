import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { errorText, errorWords } from "./errors";
import type { ErrorBody, ErrorCode, FieldProblem, ServerFault } from "./ipc";

const bindings = readFileSync("src/lib/ipc/bindings.ts", "utf8");

/** The codes as Rust knows them, so that the test does not repeat the list it checks. */
const codes = (/export type ErrorCode = ([^;]+);/.exec(bindings)?.[1] ?? "")
  .split("|")
  .map((code) => code.trim().replaceAll('"', "")) as ErrorCode[];

const body = (code: ErrorCode, more: Partial<ErrorBody> = {}): ErrorBody => ({
  code,
  message: "what Rust said",
  hint: null,
  field: null,
  ...more,
});

describe("the words for errors", () => {
  it("are there for every code, and do not repeat what Rust said", () => {
    expect(codes.length).toBeGreaterThan(20);
    const words = codes.map((code) => errorWords(body(code)).what);
    // What happened at a server, and how long it wants to be left alone, only Rust knows.
    const passedOn = ["failed", "remote_unreachable", "remote_refused", "remote_throttled"];
    for (const [index, what] of words.entries()) {
      const code = codes[index]!;
      expect(what, code).toMatch(/\.$|what Rust said/);
      if (!passedOn.includes(code)) expect(what, code).not.toContain("what Rust said");
    }
    expect(new Set(words).size).toBe(codes.length);
  });

  it("say what to do wherever the keychain is at fault", () => {
    for (const code of codes.filter((candidate) => candidate.startsWith("keychain_"))) {
      expect(errorWords(body(code)).todo, code).not.toBeNull();
    }
  });

  it("pass the detail on where nobody else knows it", () => {
    expect(errorText(body("failed", { message: "disk on fire", hint: "Run." }))).toBe(
      "It did not work: disk on fire Run.",
    );
    expect(errorText(new Error("no program"))).toContain("no program");
  });

  it("are the window's own for whatever is the matter with a server, and pass on what it said itself", () => {
    const faults = (/export type ServerFault = ([^;]+);/.exec(bindings)?.[1] ?? "").match(/\w+/gu) as ServerFault[];
    expect(faults.length).toBeGreaterThan(20);
    const about = { host: "a.example", status: 503, seconds: null, said: null, advice: null };
    const words = faults.map((fault) => errorText(body("remote_refused", { server: { ...about, fault } })));
    for (const text of words) expect(text).not.toContain("what Rust said");
    expect(new Set(words).size).toBe(faults.length);
    const throttled = body("remote_throttled", { server: { ...about, fault: "busy", seconds: 840 } });
    expect(errorText(throttled)).toContain("a.example takes no more requests for 14 minutes.");
    const refused = { ...about, fault: "not_taken" as const, said: "Too long.", advice: "Use 30 characters." };
    expect(errorText(body("remote_refused", { server: refused }))).toBe(
      "a.example does not take it (status 503): Too long. Use 30 characters.",
    );
  });

  it("still say something when a newer program sends an unknown code", () => {
    expect(errorText(body("from_the_future" as ErrorCode))).toContain("what Rust said");
  });
});

describe("the words for a field", () => {
  it.each<[FieldProblem, RegExp]>([
    [{ name: "name", rule: "too_short", min: 3 }, /at least 3 characters/],
    [{ name: "name", rule: "too_long", max: 100 }, /at most 100 characters/],
    [{ name: "expires", rule: "beyond_ceiling", days: 60 }, /at most 60 days/],
    [{ name: "api_sets", rule: "unknown_api_set", id: "files:read" }, /files:read/],
    [{ name: "warning_days", rule: "out_of_range", min: 0, max: 365 }, /from 0 to 365/],
    [{ name: "name", rule: "asked" }, /has not answered so far.*try again in five minutes/],
    [{ name: "name", rule: "orphaned" }, /its text never arrived.*Revoke that key first/],
    [{ name: "prefix", rule: "characters" }, /lower-case letters and digits/],
    [{ name: "id", rule: "characters" }, /without spaces/],
  ])("%o", (problem, words) => {
    expect(errorText(body("invalid_input", { field: problem }))).toMatch(words);
  });
});
