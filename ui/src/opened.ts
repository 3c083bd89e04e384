// Imported before the components: Rust is asked while they are still read, so that its answers are there when they are.

import { tauriGateway } from "./lib/ipc/tauri";
import { Workspace } from "./shell/workspace.svelte";

/** What the window has open; nothing in a plain browser, where there is no program behind the window. */
export const opened = import.meta.env.DEV && !("__TAURI_INTERNALS__" in window) ? null : new Workspace(tauriGateway);
void opened?.open();
