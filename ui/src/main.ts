import "./styles/index.css";

import { mount } from "svelte";

import App from "./App.svelte";
import { tauriGateway } from "./lib/ipc/tauri";
import { getLocale } from "./paraglide/runtime";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app.");

document.documentElement.lang = getLocale();

if (import.meta.env.DEV && !("__TAURI_INTERNALS__" in window)) {
  // In a plain browser there is no program behind the window. The production build drops this branch and its import.
  const { demoGateway } = await import("./lib/ipc/memory-demo");
  mount(App, { target, props: { gateway: demoGateway(new URLSearchParams(location.search)) } });
} else {
  mount(App, { target, props: { gateway: tauriGateway } });
}
