import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { beforeAll, describe, expect, it } from "vitest";

import App from "../App.svelte";
import { MemoryGateway } from "../lib/ipc/memory";
import { harbourWorld } from "../lib/ipc/memory-fixture";
import { later } from "./later.svelte";
import { Workspace } from "./workspace.svelte";

// What is read after the first painting is there: how long that takes is not what these tests are about.
beforeAll(() => later.read());
const day = 86_400_000;

/** The window over a program whose clock can be moved. */
async function open(tenant: RegExp) {
  let now = new Date("2026-11-21T10:00:00Z");
  const world = harbourWorld(now, 5);
  for (const { policy } of world.tenants) Object.assign(policy, { warning_days: 14, rotate_after_days: 400 });
  const memory = new MemoryGateway({ world, now: () => now });
  const workspace = new Workspace(memory.gateway);
  void workspace.open();
  const view = render(App, { props: { workspace } });
  const user = userEvent.setup();
  const nav = await screen.findByRole("navigation", { name: "Tenants and views" });
  await user.click(await within(nav).findByRole("button", { name: tenant }));
  await screen.findByRole("row", { name: /crane controller/ });
  const pass = (days: number): void => {
    now = new Date(now.getTime() + days * day);
    // Rust says so when the moment has come.
    memory.emit("profile-changed");
  };
  return { ...view, user, nav, pass };
}

const summary = (): HTMLElement => screen.getByRole("contentinfo", { name: "Summary" });
const reminder = (name: string): HTMLElement => screen.getByRole("button", { name });

describe("reminders", () => {
  it("come when their moment comes, and lead to their keys", async () => {
    const { user, pass } = await open(/^Harbour/);
    expect(await screen.findByRole("button", { name: "1 key expires within 14 days" })).toBeVisible();
    expect(screen.queryByRole("button", { name: /due for rotation/ })).toBeNull();
    pass(20);
    // crane controller is over, archive reader has grown old.
    expect(await screen.findByRole("button", { name: "1 key is due for rotation" })).toBeVisible();
    expect(screen.queryByRole("button", { name: /expires within/ })).toBeNull();
    pass(85);
    expect(await screen.findByRole("button", { name: "3 keys expire within 14 days" })).toBeVisible();
    expect(reminder("3 keys expire within 14 days").closest("[role='status']")).toHaveTextContent("due for rotation");

    await user.click(reminder("3 keys expire within 14 days"));
    await waitFor(() => expect(screen.getAllByRole("row")).toHaveLength(4));
    expect(screen.getByRole("row", { name: /archive reader.*Expiring/ })).toBeVisible();
    // The list says it itself now; the other one is still there.
    expect(screen.queryByRole("button", { name: /expire within/ })).toBeNull();
    expect(screen.getByRole("button", { name: "1 key is due for rotation" })).toBeVisible();
  });

  it("stay while somebody looks for something else", async () => {
    const { user } = await open(/^Harbour/);
    await screen.findByRole("button", { name: "1 key expires within 14 days" });
    await user.type(screen.getByRole("textbox", { name: "Search keys" }), "tablet");
    await waitFor(() => expect(screen.queryByRole("row", { name: /crane controller/ })).toBeNull());
    await user.click(reminder("1 key expires within 14 days"));
    // All of them, not only those that the search finds.
    expect(await screen.findByRole("row", { name: /crane controller/ })).toBeVisible();
    expect(screen.getByRole("textbox", { name: "Search keys" })).toHaveValue("");
  });

  it("are on every page, in the line at the bottom", async () => {
    const { user, nav, pass } = await open(/^All keys/);
    expect(await screen.findByRole("button", { name: "1 key expires soon" })).toBeVisible();
    await user.click(within(nav).getByRole("button", { name: "Audit" }));
    await screen.findByRole("heading", { level: 1, name: "Audit" });
    pass(110);
    await within(summary()).findByRole("button", { name: "3 expiring" });
    await user.click(within(summary()).getByRole("button", { name: "3 expiring" }));
    expect(await screen.findByRole("heading", { level: 1, name: "All keys" })).toBeVisible();
    expect(await screen.findByRole("row", { name: /archive reader.*Expiring/ })).toBeVisible();
  });
});
