export const shortestPassphrase = 12;

/** How hard a passphrase is to guess, as far as its shape tells. */
export type Strength = "short" | "weak" | "fair" | "strong";

/**
 * Length counts most. Repetitions, runs along the alphabet or the keyboard, and the program's own name count for
 * little: they are what is tried first.
 */
export function strengthOf(passphrase: string): Strength {
  const letters = [...passphrase];
  if (letters.length < shortestPassphrase) return "short";
  const worth = usefulLength(passphrase.toLowerCase());
  if (worth < 9) return "weak";
  return worth < 18 ? "fair" : "strong";
}

const runs = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm"];
const known = ["latchkey", "passphrase", "password", "passwort", "letmein", "administrator", "admin"];

function usefulLength(text: string): number {
  let rest = text;
  for (const word of known) rest = rest.replaceAll(word, word.charAt(0));
  const letters = [...rest];
  const predictable = letters.filter((letter, index) => {
    const before = letters[index - 1];
    if (before === undefined) return false;
    const pair = before + letter;
    return before === letter || runs.some((run) => run.includes(pair) || run.includes(letter + before));
  }).length;
  // A short piece over and over is worth little more than the piece.
  const piece = /^(.{1,6}?)\1+/u.exec(rest);
  const repeated = piece?.[1] ? piece[0].length - piece[1].length : 0;
  // A run of two happens in honest words; more than a third of them does not.
  const excess = Math.max(0, predictable - Math.floor(letters.length / 3));
  return letters.length - Math.max(excess * 1.5, repeated);
}
