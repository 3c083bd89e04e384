import "./styles/index.css";
import "./begin";
import { opened } from "./opened";

import { hydrate, mount } from "svelte";

import App from "./App.svelte";
import { Workspace } from "./shell/workspace.svelte";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app.");

if (import.meta.env.DEV && opened === null) {
  // The production build drops this branch and its import.
  const { demoGateway } = await import("./lib/ipc/memory-demo");
  const workspace = new Workspace(demoGateway(new URLSearchParams(location.search)));
  void workspace.open();
  mount(App, { target, props: { workspace } });
} else if (opened) {
  // What `first` has painted is taken over as it stands.
  const begin = target.hasChildNodes() ? hydrate : mount;
  begin(App, { target, props: { workspace: opened } });
  target.ariaBusy = null;
  // The bench of the window reads since when it can be used.
  performance.mark("usable");
}
