// Where a secret lies on the disk, in any shape that a program might have written it.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Characters before the secret part: the prefix `ha_`, the public handle and its underscore. */
function withoutHandle(key: string): string {
  return key.slice(key.lastIndexOf("_") + 1);
}

function shapesOf(key: string): Buffer[] {
  const secret = withoutHandle(key);
  const bytes = Buffer.from(secret);
  // Base64 depends on where the text begins in a group of three: three ways, without the ends that its neighbours shape.
  const encoded = [0, 1, 2].map((skip) => {
    const whole = bytes.subarray(skip, skip + 3 * Math.floor((bytes.length - skip) / 3));
    return whole.toString("base64");
  });
  const hexadecimal = bytes.toString("hex");
  const backwards = [...secret].reverse().join("");
  // As Rust prints bytes.
  const numbers = bytes.join(", ");
  const texts = [
    secret,
    backwards,
    numbers,
    ...encoded,
    ...encoded.map(urlSafe),
    hexadecimal,
    hexadecimal.toUpperCase(),
  ];
  return [...texts.map((text) => Buffer.from(text)), Buffer.from(secret, "utf16le")];
}

function urlSafe(base64: string): string {
  return base64.replaceAll("+", "-").replaceAll("/", "_");
}

/**
 * The files below a folder that hold the secret of a key: as it is, backwards, in base64, in hexadecimal, as numbers or in
 * wide characters.
 */
export function filesWith(key: string, folder: string): string[] {
  const shapes = shapesOf(key);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      // A program that ends takes some of its files along.
      if (!existsSync(path)) return false;
      const content = readFileSync(path);
      return shapes.some((shape) => content.includes(shape));
    })
    .sort();
}
