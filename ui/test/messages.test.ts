import { describe, expect, it } from "vitest";

import de from "../messages/de.json";
import en from "../messages/en.json";

type Catalogue = Record<string, unknown>;

/** The `{inputs}` of a message, whether it is a text or has variants. */
function inputs(message: unknown): string[] {
  return [...new Set(JSON.stringify(message).match(/\{[a-z_]\w*\}/gi) ?? [])].sort();
}

describe("the message catalogues", () => {
  const english = en as Catalogue;
  const german = de as Catalogue;

  it("hold the same messages in every language", () => {
    expect(Object.keys(german).sort()).toEqual(Object.keys(english).sort());
  });

  it.each(Object.keys(english))("%s takes the same inputs in every language", (key) => {
    expect(inputs(german[key])).toEqual(inputs(english[key]));
  });

  it("say something", () => {
    for (const [key, message] of [...Object.entries(english), ...Object.entries(german)]) {
      expect(message, key).not.toBe("");
    }
  });
});
