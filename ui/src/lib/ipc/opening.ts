import type { Opening } from "./bindings";

/** What the page brought to be shown first; `null` where it brought nothing, or that was taken. */
export function takeOpening(page: Document): Opening | null {
  const brought = page.getElementById("opening");
  if (!brought) return null;
  brought.remove();
  return JSON.parse(brought.textContent) as Opening;
}
