import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

const css = readFileSync("src/styles/tokens.css", "utf8");

function token(name: string): { light: string; dark: string } {
  const found = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css);
  if (!found?.[1] || !found[2]) throw new Error(`No colour --${name}`);
  return { light: found[1], dark: found[2] };
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** Text on what it stands on: WCAG AA asks for 4.5. */
const texts: [string, string[]][] = [
  ["text", ["surface", "bg", "side", "soft", "accent-soft", "warn-soft", "bad-soft"]],
  ["muted", ["surface", "bg", "side", "soft", "accent-soft"]],
  ["accent", ["surface", "bg", "accent-soft"]],
  ["brass", ["surface"]],
  ["ok", ["surface", "bg"]],
  ["warn", ["surface", "bg", "side", "accent-soft", "warn-soft"]],
  ["bad", ["surface", "bg", "accent-soft", "bad-soft"]],
  ["violet", ["surface", "bg", "accent-soft"]],
  ["on-accent", ["accent", "accent-strong"]],
  ["on-bad", ["bad", "bad-strong"]],
];

describe.each(["light", "dark"] as const)("the %s colours", (theme) => {
  it.each(texts.flatMap(([text, grounds]) => grounds.map((ground) => [text, ground] as const)))(
    "--%s can be read on --%s",
    (text, ground) => {
      expect(contrast(token(text)[theme], token(ground)[theme])).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(["surface", "bg"])("a control's edge is seen on --%s", (ground) => {
    expect(contrast(token("edge")[theme], token(ground)[theme])).toBeGreaterThanOrEqual(3);
  });
});
