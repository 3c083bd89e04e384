import type { Opening } from "./bindings";

/** What the page brought to be shown first; `null` where it brought nothing, or that was taken. */
export function readOpening(page: Document): Opening | null {
  const brought = page.getElementById("opening");
  return brought && (JSON.parse(brought.textContent) as Opening);
}

/** The same, for whoever keeps it: it is gone from the page then. */
export function takeOpening(page: Document): Opening | null {
  const opening = readOpening(page);
  page.getElementById("opening")?.remove();
  return opening;
}
