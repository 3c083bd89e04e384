/**
 * A whole key, or most of one: a prefix, the handle, and more of the secret than anybody types by chance.
 * Somebody who looks for the owner of a key pastes all of it; only its handle may stay in the window.
 */
const wholeKey = /\b[0-9a-z]{1,16}_([0-9A-Za-z]{8})_[0-9A-Za-z]{12,}/gu;

/** Puts the handle in the place of every whole key in `text`. */
export function withoutSecrets(text: string): { text: string; found: boolean } {
  const clean = text.replace(wholeKey, "$1");
  return { text: clean, found: clean !== text };
}
