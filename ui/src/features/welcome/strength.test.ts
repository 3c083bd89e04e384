import { describe, expect, it } from "vitest";

import { strengthOf } from "./strength";

describe("the strength of a passphrase", () => {
  it.each([
    ["", "short"],
    ["elevenchars", "short"],
    ["aaaaaaaaaaaaaaaaaaaaaaaa", "weak"],
    ["abcdefghijklmnop", "weak"],
    ["123456789012", "weak"],
    ["abcabcabcabcabcabc", "weak"],
    ["latchkeylatchkey", "weak"],
    ["passwordpassword", "weak"],
    ["qwertzuiopasdf", "weak"],
    ["crane4northquay", "fair"],
    ["Kdm3!xPw9#qL", "fair"],
    ["correct horse battery staple", "strong"],
    ["vier blaue Kräne im Nebel", "strong"],
  ])("of %j is %s", (passphrase, strength) => {
    expect(strengthOf(passphrase)).toBe(strength);
  });

  it("counts characters, not their bytes", () => {
    expect(strengthOf("🗝️🗝️🗝️")).toBe("short");
  });
});
