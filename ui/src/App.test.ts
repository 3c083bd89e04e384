import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeAll, describe, expect, it } from "vitest";

import { axeViolations } from "../test/a11y";
import App from "./App.svelte";
import { MemoryGateway } from "./lib/ipc/memory";
import { emptyWorld, harbourWorld } from "./lib/ipc/memory-fixture";
import { later } from "./shell/later.svelte";
import { Workspace } from "./shell/workspace.svelte";

// What is read after the first painting is there: how long that takes is not what these tests are about.
beforeAll(() => later.read());
function open(memory = new MemoryGateway({ world: harbourWorld(new Date(), 20) })) {
  const workspace = new Workspace(memory.gateway);
  void workspace.open();
  const view = render(App, { props: { workspace } });
  return { ...view, memory, user: userEvent.setup() };
}

const nav = (): HTMLElement => screen.getByRole("navigation", { name: "Tenants and views" });
const inNav = (name: RegExp): HTMLElement => within(nav()).getByRole("button", { name });

async function openHarbour(memory?: MemoryGateway) {
  const view = open(memory);
  await screen.findByRole("row", { name: /vessel transponder 0001/ });
  await view.user.click(inNav(/^Harbour Authority/));
  await screen.findByRole("row", { name: /crane controller/ });
  return view;
}

async function choose(user: ReturnType<typeof userEvent.setup>, name: RegExp): Promise<HTMLElement> {
  await user.click(screen.getByRole("row", { name }));
  return screen.findByRole("heading", { level: 2, name });
}

describe("the start", () => {
  it("asks at once for what it paints first, and shows the list with its landmarks", async () => {
    const { memory, container } = open();
    const asked = memory.calls.map(({ method }) => method);
    expect(asked).toEqual(expect.arrayContaining(["profileView", "tenantList", "placeLast"]));
    expect(asked).not.toContain("keyFacets");
    await screen.findByRole("row", { name: /vessel transponder 0001/ });
    expect(screen.getByRole("main")).toBeVisible();
    expect(screen.getByRole("heading", { level: 1, name: "All keys" })).toBeVisible();
    expect(screen.getByRole("complementary", { name: "Key details" })).toBeVisible();
    const summary = screen.getByRole("contentinfo", { name: "Summary" });
    await waitFor(() => expect(summary).toHaveTextContent("29 keys"));
    expect(screen.getByRole("contentinfo")).toHaveTextContent("System keychain");
    expect(await axeViolations(container)).toEqual([]);
  });

  it("says quietly when nothing uses the network", async () => {
    const world = harbourWorld(new Date(), 20);
    world.profile.settings = { appearance: "system", offline: true };
    open(new MemoryGateway({ world }));
    await screen.findByRole("row", { name: /vessel transponder 0001/ });
    expect(screen.getByRole("contentinfo")).toHaveTextContent("Offline");
  });

  it("asks for nothing twice", async () => {
    const { memory } = open();
    await screen.findByRole("row", { name: /vessel transponder 0001/ });
    expect(memory.callsOf("keyList")).toHaveLength(1);
    expect(memory.callsOf("tenantList")).toHaveLength(1);
    expect(memory.callsOf("profileView")).toHaveLength(1);
  });

  it("welcomes whoever has no profile, and goes on from there", async () => {
    const world = emptyWorld();
    world.profile.state = "new";
    world.profile.vault = null;
    const memory = new MemoryGateway({ world });
    memory.fail("keyList", { code: "profile_missing" });
    memory.fail("tenantList", { code: "profile_missing" });
    const { container } = open(memory);
    expect(await screen.findByRole("heading", { level: 1 })).toBeVisible();
    expect(screen.queryByRole("navigation")).toBeNull();
    expect(await axeViolations(container)).toEqual([]);
  });

  it("says so when not even the profile can be asked for", async () => {
    const memory = new MemoryGateway();
    memory.fail("profileView", { code: "failed", message: "boom" });
    const { user } = open(memory);
    await user.click(await screen.findByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("heading", { level: 1, name: "All keys" })).toBeVisible();
  });

  it("opens the tenant of last time, and all keys when it is gone", async () => {
    const memory = new MemoryGateway();
    memory.lastTenant = "t-harbour";
    const first = open(memory);
    expect(await screen.findByRole("heading", { level: 1, name: "Harbour Authority" })).toBeVisible();
    first.unmount();
    memory.lastTenant = "t-gone";
    open(memory);
    expect(await screen.findByRole("heading", { level: 1, name: "All keys" })).toBeVisible();
    expect(await screen.findByRole("row", { name: /vessel transponder 0001/ })).toBeVisible();
  });

  it("opens the Save window again for a key that nobody saved yet", async () => {
    const memory = new MemoryGateway();
    await memory.gateway.keyNew({
      tenant: "t-harbour",
      name: "quay-4 gateway",
      description: "",
      owner: null,
      api_sets: [],
      expires: { kind: "never" },
    });
    open(memory);
    expect(await screen.findByRole("dialog", { name: "Save generated key" })).toHaveTextContent("quay-4 gateway");
  });

  it("takes the colours that the settings ask for", async () => {
    const { user } = open();
    await screen.findByRole("row", { name: /vessel transponder 0001/ });
    await user.click(inNav(/^Settings/));
    await user.click(screen.getByRole("radio", { name: "Dark" }));
    await waitFor(() => expect(document.documentElement).toHaveAttribute("data-theme", "dark"));
    await user.click(screen.getByRole("radio", { name: "As the system has it" }));
    await waitFor(() => expect(document.documentElement).not.toHaveAttribute("data-theme"));
  });
});

describe("a key's way through the window", () => {
  it("from New API key to its details", async () => {
    const { user, memory } = await openHarbour();
    await user.keyboard("{Control>}n{/Control}");
    const dialog = await screen.findByRole("dialog", { name: "New API Key" });
    await user.type(within(dialog).getByRole("textbox", { name: /^Name/ }), "quay-4 gateway");
    await user.click(within(dialog).getByRole("button", { name: "Finish" }));
    const save = await screen.findByRole("dialog", { name: "Save generated key" });
    await user.click(within(save).getByRole("button", { name: /^Copy to clipboard/ }));
    await user.click(within(save).getByRole("button", { name: "Close" }));
    expect(await screen.findByRole("heading", { level: 2, name: "quay-4 gateway" })).toBeVisible();
    expect(await screen.findByRole("row", { name: /quay-4 gateway/, selected: true })).toBeVisible();
    expect(memory.callsOf("secretReveal")).toEqual([]);
  });

  it("asks for the tenant where there are several", async () => {
    const { user } = open();
    await screen.findByRole("row", { name: /vessel transponder 0001/ });
    await user.click(screen.getByRole("button", { name: "New API key" }));
    const question = screen.getByRole("dialog", { name: "Which tenant is the key for?" });
    await user.selectOptions(within(question).getByRole("combobox", { name: "Tenant" }), "Vessel fleet");
    await user.click(within(question).getByRole("button", { name: "Continue" }));
    expect(await screen.findByRole("dialog", { name: "New API Key" })).toHaveTextContent("Vessel fleet");
  });

  it("starts with a tenant where there is none", async () => {
    const memory = new MemoryGateway({ world: emptyWorld() });
    const { user } = open(memory);
    expect(await screen.findByRole("heading", { level: 1, name: "Start with a tenant" })).toBeVisible();
    await user.click(within(screen.getByRole("main")).getByRole("button", { name: "Add tenant" }));
    await user.keyboard("Depot{Enter}");
    expect(await screen.findByRole("heading", { level: 1, name: "Depot" })).toBeVisible();
    expect(await screen.findByText("No keys yet")).toBeVisible();
    expect(inNav(/^Depot/)).toHaveAttribute("aria-current", "page");
  });

  it("leaves the list and the pane when it is deleted", async () => {
    const { user } = await openHarbour();
    await choose(user, /old laptop/);
    await user.click(screen.getByRole("button", { name: "Delete…" }));
    await user.click(screen.getByRole("button", { name: "Delete key" }));
    await waitFor(() => expect(screen.queryByRole("row", { name: /old laptop/ })).toBeNull());
    expect(screen.getByText("No key chosen")).toBeVisible();
    expect(inNav(/^Harbour Authority/)).toHaveTextContent("8");
  });
});

describe("a change made elsewhere", () => {
  it("is shown without losing the selection or what was typed", async () => {
    const { user, memory } = await openHarbour();
    await choose(user, /crane controller/);
    await user.type(screen.getByRole("textbox", { name: "Search keys" }), "crane");
    await waitFor(() => expect(screen.getAllByRole("row")).toHaveLength(2));
    await memory.gateway.keyDisable("t-harbour-8fK2pQ7z");
    memory.emit("profile-changed");
    memory.emit("profile-changed");
    const row = await screen.findByRole("row", { name: /crane controller.*Disabled/, selected: true });
    expect(row).toBeVisible();
    expect(screen.getByRole("textbox", { name: "Search keys" })).toHaveValue("crane");
    expect(screen.getByRole("textbox", { name: "Search keys" })).toHaveFocus();
    expect(await screen.findByRole("button", { name: "Enable" })).toBeVisible();
  });

  it("leaves a dialog and what was typed into it alone", async () => {
    const { user, memory } = await openHarbour();
    await user.click(screen.getByRole("button", { name: "Tenant settings" }));
    const name = screen.getByRole("textbox", { name: /^Name/ });
    await user.type(name, " of the north");
    await memory.gateway.tenantEdit("t-harbour", { name: "Port Authority", prefix: null, policy: null });
    memory.emit("profile-changed");
    expect(await screen.findByRole("heading", { level: 1, name: "Port Authority" })).toBeVisible();
    expect(name).toHaveValue("Harbour Authority of the north");
  });
});

describe("the keyboard", () => {
  it("reaches the search, the panes and the shortcuts from anywhere", async () => {
    const { user } = await openHarbour();
    await user.keyboard("{Control>}f{/Control}");
    expect(screen.getByRole("textbox", { name: "Search keys" })).toHaveFocus();
    await user.keyboard("{Control>}1{/Control}");
    expect(inNav(/^Harbour Authority/)).toHaveFocus();
    await user.keyboard("{F6}");
    expect(screen.getByRole("row", { name: /crane controller/ })).toHaveFocus();
    await user.keyboard("{F1}");
    const help = screen.getByRole("dialog", { name: "Keyboard shortcuts" });
    expect(await axeViolations(help)).toEqual([]);
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog", { name: "Keyboard shortcuts" })).toBeNull();
    expect(screen.getByRole("row", { name: /crane controller/ })).toHaveFocus();
  });

  it("edits with F2, asks to revoke with Delete, and goes to the details with Enter", async () => {
    const { user } = await openHarbour();
    const heading = await choose(user, /crane controller/);
    await user.keyboard("{Enter}");
    await waitFor(() => expect(heading).toHaveFocus());
    await user.keyboard("{Escape}");
    expect(screen.getByRole("row", { name: /crane controller/ })).toHaveFocus();
    await user.keyboard("{F2}");
    expect(await screen.findByRole("dialog", { name: "Edit API key" })).toBeVisible();
    await user.keyboard("{Escape}{Delete}");
    expect(await screen.findByRole("alertdialog", { name: "Revoke crane controller?" })).toBeVisible();
  });

  it("keeps Delete and ? to the field while somebody types", async () => {
    const { user } = await openHarbour();
    await choose(user, /crane controller/);
    await user.click(screen.getByRole("textbox", { name: "Search keys" }));
    await user.keyboard("c?{Delete}");
    expect(screen.queryByRole("alertdialog")).toBeNull();
    expect(screen.queryByRole("dialog", { name: "Keyboard shortcuts" })).toBeNull();
    expect(screen.getByRole("textbox", { name: "Search keys" })).toHaveValue("c?");
  });
});
