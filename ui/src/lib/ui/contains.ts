/** Lower case and without accents, so that "muller" finds "Müller". */
function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Whether each word of `sought` is somewhere in `text`. */
export function contains(text: string, sought: string): boolean {
  const hay = folded(text);
  return folded(sought)
    .split(/\s+/)
    .every((word) => hay.includes(word));
}
