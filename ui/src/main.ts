import "./styles/index.css";
import { opened } from "./opened";

import { mount } from "svelte";

import App from "./App.svelte";
import { locale } from "./lib/locale";
import { overwriteGetLocale } from "./paraglide/runtime";
import { Workspace } from "./shell/workspace.svelte";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app.");

// Else every formatter would look it up again.
overwriteGetLocale(() => locale);
document.documentElement.lang = locale;

if (import.meta.env.DEV && opened === null) {
  // The production build drops this branch and its import.
  const { demoGateway } = await import("./lib/ipc/memory-demo");
  const workspace = new Workspace(demoGateway(new URLSearchParams(location.search)));
  void workspace.open();
  mount(App, { target, props: { workspace } });
} else if (opened) {
  mount(App, { target, props: { workspace: opened } });
}
