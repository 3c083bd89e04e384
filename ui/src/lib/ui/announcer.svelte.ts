import { tick } from "svelte";

/**
 * What screen readers are told without moving the focus. A modal dialog hides the rest of the window from them, so
 * every dialog brings a region of its own and the topmost one speaks.
 */
class Region {
  polite = $state("");
  assertive = $state("");
}

const regions: Region[] = [];

export function openRegion(): Region {
  const region = new Region();
  regions.push(region);
  return region;
}

export function closeRegion(region: Region): void {
  const at = regions.indexOf(region);
  if (at >= 0) regions.splice(at, 1);
}

export function announce(text: string, urgency: "polite" | "assertive" = "polite"): void {
  void say(text, urgency);
}

async function say(text: string, urgency: "polite" | "assertive"): Promise<void> {
  // What is said as a dialog closes would go with it: whoever stays says it.
  await tick();
  const region = regions.at(-1);
  if (!region) return;
  // The same words again would change nothing in the page, and nothing would be said.
  region[urgency] = region[urgency] === text ? `${text}\u00a0` : text;
}
