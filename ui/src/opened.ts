// Imported before the components, so that what the page does not bring is asked for while they are still read.

import { takeOpening } from "./lib/ipc";
import { tauriGateway } from "./lib/ipc/tauri";
import { Workspace } from "./shell/workspace.svelte";

/** What the window has open; nothing in a plain browser, where there is no program behind the window. */
export const opened = import.meta.env.DEV && !("__TAURI_INTERNALS__" in window) ? null : new Workspace(tauriGateway);
void opened?.open(takeOpening(document));
