import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext, type RemoteView } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import { ChosenKey } from "./key-details.svelte";
import KeyDetailsPane from "./KeyDetailsPane.svelte";
import RemoteBar from "./RemoteBar.svelte";

const kept = "t-harbour-8fK2pQ7z";
const staging = "t-harbour-Tq8Zr61d";
const unsaved = "t-harbour-Rf6Yc9Kp";

async function bar(remote: Partial<RemoteView>, more: { busy?: boolean; problem?: string | null } = {}) {
  const { gateway } = new MemoryGateway();
  const [tenant] = await gateway.tenantList();
  const fresh = { synced_at: null, problem: null, unanswered: 0, signed_in: false };
  const at = { connector: "docspace", url: "https://a.example/", ...fresh };
  const calls = { onrefresh: vi.fn(), oncredential: vi.fn() };
  const props = { tenant: { ...tenant!, remote: { ...at, ...remote } }, busy: false, problem: null, ...more, ...calls };
  return { ...render(RemoteBar, { props, context: gatewayContext(gateway) }), ...calls, user: userEvent.setup() };
}

async function details(id: string, memory = new MemoryGateway()) {
  memory.remotes.keys.set(id, { id: "0b6e", everything: true, last_used_at: null });
  const chosen = new ChosenKey(memory.gateway);
  const calls = { onchanged: vi.fn(), ondeleted: vi.fn(), onrotated: vi.fn(), onopen: vi.fn() };
  const tenants = await memory.gateway.tenantList();
  const view = render(KeyDetailsPane, {
    props: { chosen, vault: "keychain", tenants, apiSetName: (set: string) => set, ...calls },
    context: gatewayContext(memory.gateway),
  });
  chosen.choose(id);
  await screen.findByRole("heading", { name: "At the server" });
  return { ...view, memory, user: userEvent.setup() };
}

describe("where the keys of a remote tenant come from", () => {
  it("offers no refresh where a vendor lists no keys", async () => {
    await bar({ connector: "gotransverse" });
    await screen.findByText(/Its server lists no keys/);
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("says how fresh they are, and refreshes", async () => {
    const { user, onrefresh, container } = await bar({ synced_at: new Date(Date.now() - 301_000).toISOString() });
    expect(screen.getByRole("status")).toHaveTextContent("Refreshed 5 minutes ago.");
    expect(await axeViolations(container)).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Refresh" }));
    expect(onrefresh).toHaveBeenCalledOnce();
  });

  it("says why the last refresh failed, and tries again", async () => {
    const { user, onrefresh } = await bar({ problem: "a.example cannot be reached." });
    expect(screen.getByText("a.example cannot be reached.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(onrefresh).toHaveBeenCalledOnce();
  });

  it("does not ask twice at once, and tells of lost answers", async () => {
    const { user, onrefresh } = await bar({ unanswered: 1, problem: "late" }, { busy: true });
    expect(screen.queryByText("late")).toBeNull();
    expect(screen.getByText(/^1 key was asked for/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Refresh" }));
    expect(onrefresh).not.toHaveBeenCalled();
  });
});

describe("a key at a server", () => {
  it("is checked with the kept secret", async () => {
    const { user, memory, container } = await details(kept);
    expect(screen.queryByLabelText("Key to check")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Check whether it works" }));
    await screen.findByRole("heading", { name: "The key works" });
    expect(memory.callsOf("keyCheck")).toEqual([[kept, null]]);
    expect(await axeViolations(container)).toEqual([]);
  });

  it("is checked with a text that is forgotten", async () => {
    const { user, memory } = await details(staging);
    memory.remotes.checked = "expired";
    await user.type(screen.getByLabelText("Key to check"), "sk-1234{Enter}");
    await screen.findByRole("heading", { name: "The key has expired" });
    await waitFor(() => expect(screen.getByLabelText("Key to check")).toHaveValue(""));
    expect(memory.callsOf("keyCheck")).toEqual([[staging, "sk-1234"]]);
  });

  it("whose text never arrived says so, and cannot be checked", async () => {
    await details(unsaved);
    expect(screen.getByText("The text of this key never reached anybody")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Check whether it works" })).toBeNull();
    expect(screen.getByRole("button", { name: "Revoke…" })).toBeVisible();
  });
});
