// What a camera before the window would read.

import { readFileSync, rmSync } from "node:fs";

import jsqr from "jsqr";

import { run } from "./processes";

// The package says in two ways what it exports.
const decode = (jsqr as unknown as { default?: typeof jsqr }).default ?? jsqr;

/** The text of the one QR code in a picture, as it was painted. */
export async function scan(picture: string, env: NodeJS.ProcessEnv): Promise<string> {
  const size = await run("identify", ["-format", "%w %h", picture], env);
  const [width = 0, height = 0] = size.stdout.split(" ").map(Number);
  const raw = `${picture}.rgba`;
  await draw(picture, raw, env);
  const found = decode(new Uint8ClampedArray(readFileSync(raw)), width, height);
  rmSync(raw);
  if (!found) throw new Error(`no QR code in ${picture}`);
  return found.data;
}

/** Draws a page, or a picture in another form. ImageMagick by itself cannot read every page. */
export async function draw(from: string, to: string, env: NodeJS.ProcessEnv): Promise<void> {
  const drawn = from.endsWith(".svg")
    ? await run("rsvg-convert", ["--dpi-x", "110", "--dpi-y", "110", "--output", to, from], env)
    : await run("convert", [from, "-depth", "8", to], env);
  if (drawn.status !== 0) throw new Error(`${from} was not drawn: ${drawn.stderr}`);
}
