import { count } from "../../lib/dates";

/** `3 KiB`, and bytes below one. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${count(bytes)} B`;
  if (bytes < 1024 * 1024) return `${count(Math.round(bytes / 1024))} KiB`;
  return `${count(Math.round(bytes / 1024 / 1024))} MiB`;
}
