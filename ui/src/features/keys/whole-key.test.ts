import { describe, expect, it } from "vitest";

import { withoutSecrets } from "./whole-key";

const secret = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg123456";

describe("withoutSecrets", () => {
  it("leaves the handle of a whole key", () => {
    expect(withoutSecrets(`lk_8fK2pQ7z_${secret}`)).toEqual({ text: "8fK2pQ7z", found: true });
  });

  it("finds a key inside a header", () => {
    const { text } = withoutSecrets(`Authorization: Bearer acme_8fK2pQ7z_${secret}\n`);
    expect(text).toBe("Authorization: Bearer 8fK2pQ7z\n");
  });

  it("does not wait for the last character", () => {
    expect(withoutSecrets(`lk_8fK2pQ7z_${secret.slice(0, 20)}`).text).toBe("8fK2pQ7z");
  });

  it.each(["crane", "lk_8fK2pQ7z", "lk_8fK2pQ7z_", "field_tablet_014", ""])("leaves %j alone", (text) => {
    expect(withoutSecrets(text)).toEqual({ text, found: false });
  });
});
