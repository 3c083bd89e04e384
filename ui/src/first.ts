// Paints what the page brought before the rest of the code is read. It is a build of the same components that writes text:
// less to read, and less to do, than what makes them work. `main` then takes over what stands there.

import "./begin";

import { render } from "svelte/server";

import App from "./App.svelte";
import { type Gateway, type Opening, readOpening } from "./lib/ipc";
import { patience } from "./lib/ui/painted";
import { wear } from "./shell/appearance";
import { Workspace } from "./shell/workspace.svelte";

const opening = readOpening(document);
let done = false;
try {
  done = opening !== null && paint(opening);
} finally {
  // Whatever became of it, the window works in the end.
  if (done) afterPainting(takeOver);
  else takeOver();
}

/** Whether there was something to paint. */
function paint(opening: Opening): boolean {
  const target = document.getElementById("app");
  if (!target) return false;
  // Nothing is asked while text is written.
  const workspace = new Workspace({} as Gateway);
  workspace.bring(opening);
  if (!workspace.keys.loaded) return false;
  wear(opening.profile.settings.appearance);
  const page = document.createElement("template");
  page.innerHTML = render(App, { props: { workspace } }).body;
  // The policy allows no style that came as text.
  for (const element of page.content.querySelectorAll<HTMLElement>("[style]")) {
    const style = element.getAttribute("style") ?? "";
    element.removeAttribute("style");
    element.style.cssText = style;
  }
  // Nobody can do anything with it yet.
  target.ariaBusy = "true";
  target.append(page.content);
  return true;
}

/** Once the first frame is out; a window that is not shown has none. */
function afterPainting(work: () => void): void {
  const late = setTimeout(work, patience);
  requestAnimationFrame(() => {
    clearTimeout(late);
    setTimeout(work);
    requestAnimationFrame(() => performance.mark("painted"));
  });
}

function takeOver(): void {
  void import("./main.js");
}
