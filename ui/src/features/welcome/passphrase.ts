import { m } from "../../paraglide/messages";

/** The fewest characters that the vault takes; Rust checks it. */
const FEWEST = 12;

/**
 * A word on a passphrase while it is typed, or `null` where there is nothing to say. It speaks of length alone: meters
 * that count kinds of characters praise `P4ssw0rd!` over five plain words.
 */
export function passphraseNotice(text: string): string | null {
  const characters = [...text].length;
  if (characters === 0) return null;
  if (characters < FEWEST) return m.welcome_passphrase_short({ more: FEWEST - characters });
  return new Set(text).size < 6 ? m.welcome_passphrase_repeats() : null;
}
