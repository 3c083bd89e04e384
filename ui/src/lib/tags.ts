/** Tags as they are typed: with commas between them. */
export function toTags(text: string): string[] {
  return text
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
}

export function fromTags(tags: readonly string[]): string {
  return tags.join(", ");
}
