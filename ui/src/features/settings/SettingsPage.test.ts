import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext, type ProfileView } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import SettingsPage from "./SettingsPage.svelte";

async function show(memory = new MemoryGateway(), change: Partial<ProfileView> = {}) {
  const profile = { ...(await memory.gateway.profileView()), ...change };
  const calls = { onsaved: vi.fn(), onshortcuts: vi.fn() };
  const view = render(SettingsPage, { props: { profile, ...calls }, context: gatewayContext(memory.gateway) });
  return { ...view, ...calls, memory, user: userEvent.setup() };
}

describe("the settings", () => {
  it("tell about the profile", async () => {
    const { container } = await show();
    expect(screen.getByText("/home/port/.local/share/latchkey")).toBeVisible();
    expect(screen.getByText("The keychain of this computer")).toBeVisible();
    expect(screen.getByText("None")).toBeVisible();
    expect(await axeViolations(container)).toEqual([]);
  });

  it("tell about operations that wait for the vault", async () => {
    await show(undefined, { unfinished: 2 });
    expect(screen.getByText(/^2 operations wait/)).toBeVisible();
  });

  it("change the appearance at once and save it", async () => {
    const { user, memory, onsaved } = await show();
    await user.click(screen.getByRole("radio", { name: "Dark" }));
    expect(onsaved).toHaveBeenCalledWith({ appearance: "dark", offline: false });
    expect(memory.callsOf("settingsSave")).toEqual([[{ appearance: "dark", offline: false }]]);
  });

  it("switch the network off and on", async () => {
    const { user, memory, rerender, onshortcuts } = await show();
    const network = screen.getByRole("checkbox", { name: "Use the network" });
    expect(network).toBeChecked();
    await user.click(network);
    expect(memory.callsOf("settingsSave")).toEqual([[{ appearance: "system", offline: true }]]);
    const profile = await memory.gateway.profileView();
    await rerender({ profile, onshortcuts });
    expect(network).not.toBeChecked();
  });

  it("show the network as it is where the switch could not be saved", async () => {
    const memory = new MemoryGateway();
    memory.fail("settingsSave", { code: "read_only" });
    const { user, onsaved } = await show(memory);
    await user.click(screen.getByRole("checkbox", { name: "Use the network" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The setting was not saved");
    expect(onsaved).toHaveBeenLastCalledWith({ appearance: "system", offline: false });
  });

  it("take a choice back that could not be saved", async () => {
    const memory = new MemoryGateway();
    memory.fail("settingsSave", { code: "read_only" });
    const { user, onsaved } = await show(memory);
    await user.click(screen.getByRole("radio", { name: "Dark" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The setting was not saved");
    await waitFor(() => expect(onsaved).toHaveBeenLastCalledWith({ appearance: "system", offline: false }));
  });
});
