import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { type ErrorBody, gatewayContext, type RemoteView, type TenantRefresh } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import LiveRegion from "../../lib/ui/LiveRegion.svelte";
import { ChosenKey } from "./key-details.svelte";
import KeyDetailsPane from "./KeyDetailsPane.svelte";
import RemoteBar from "./RemoteBar.svelte";

const kept = "t-harbour-8fK2pQ7z";
const staging = "t-harbour-Tq8Zr61d";
const unsaved = "t-harbour-Rf6Yc9Kp";

const unreachable: ErrorBody = {
  code: "remote_unreachable",
  message: "a.example took too long to answer.",
  hint: "Try again later.",
  field: null,
};
const asking: TenantRefresh = { tenant: "a", begun: true, keys: 0, waiting: null, cancelling: false };

async function bar(
  remote: Partial<RemoteView>,
  more: { refresh?: TenantRefresh | null; problem?: string | null } = {},
) {
  const { gateway } = new MemoryGateway();
  const [tenant] = await gateway.tenantList();
  const url = "https://a.example/";
  const at = {
    connector: "docspace",
    url,
    plain_http: false,
    synced_at: null,
    problem: null,
    skipped: 0,
    unanswered: 0,
    signed_in: false,
  };
  const calls = {
    onrefresh: vi.fn(),
    oncancel: vi.fn(),
    oncredential: vi.fn(),
    onconnection: vi.fn(),
    onunanswered: vi.fn(),
  };
  const told = { ...at, ...remote };
  const connector = (await gateway.connectorList()).find(({ id }) => id === told.connector) ?? null;
  const fixed = { tenant: { ...tenant!, remote: told }, connector, problem: null, ...calls };
  const props = { ...fixed, refresh: null, ...more };
  return { ...render(RemoteBar, { props, context: gatewayContext(gateway) }), ...calls, user: userEvent.setup() };
}

async function details(id: string, memory = new MemoryGateway()) {
  memory.remotes.keys.set(id, { id: "0b6e", everything: true, last_used_at: null });
  const chosen = new ChosenKey(memory.gateway);
  const calls = { onchanged: vi.fn(), ondeleted: vi.fn(), onrotated: vi.fn(), onopen: vi.fn() };
  const tenants = await memory.gateway.tenantList();
  const view = render(KeyDetailsPane, {
    props: { chosen, vault: "keychain", tenants, ...calls },
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
    expect(screen.getAllByRole("button").map((one) => one.textContent?.trim())).toEqual(["Connection…"]);
  });

  it("leads to the connection, and marks one without encryption", async () => {
    const { user, onconnection, container } = await bar({ plain_http: true });
    expect(screen.getByText("Without encryption")).toBeVisible();
    expect(await axeViolations(container)).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Connection…" }));
    expect(onconnection).toHaveBeenCalledOnce();
  });

  it("says how fresh they are, and refreshes", async () => {
    const { user, onrefresh, container } = await bar({ synced_at: new Date(Date.now() - 301_000).toISOString() });
    expect(screen.getByRole("status")).toHaveTextContent("Refreshed 5 minutes ago.");
    expect(await axeViolations(container)).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Refresh" }));
    expect(onrefresh).toHaveBeenCalledOnce();
  });

  it("says why the last refresh failed, and tries again", async () => {
    const { user, onrefresh } = await bar({ problem: unreachable });
    expect(screen.getByText(/^The server cannot be reached: a\.example took too long/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(onrefresh).toHaveBeenCalledOnce();
  });

  it("does not ask twice at once, and tells of lost answers", async () => {
    const { user, onrefresh, onunanswered } = await bar({ unanswered: 1, problem: unreachable }, { refresh: asking });
    expect(screen.queryByText(/too long/)).toBeNull();
    expect(screen.getByText(/^1 key was asked for/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Refresh" }));
    expect(onrefresh).not.toHaveBeenCalled();
    await user.click(screen.getByRole("button", { name: "Show…" }));
    expect(onunanswered).toHaveBeenCalledOnce();
  });
});

describe("a refresh that is under way", () => {
  it("counts down what the server wants to be left alone, and says so once", async () => {
    render(LiveRegion);
    const view = await bar({}, { refresh: { ...asking, waiting: 12 } });
    expect(screen.getByText("The server is busy: again in 12 s")).toBeVisible();
    const said = () => view.baseElement.querySelector("[aria-live='polite']")?.textContent;
    await waitFor(() => expect(said()).toBe("The server is busy and is asked again in 12 seconds."));
    await view.rerender({ refresh: { ...asking, waiting: 11 } });
    expect(screen.getByText("The server is busy: again in 11 s")).toBeVisible();
    expect(said()).toContain("12 seconds");
    expect(screen.getByRole("status")).toHaveTextContent("Refreshing …");
    expect(await axeViolations(view.container)).toEqual([]);
  });

  it("says how many keys have come, and is cancelled", async () => {
    const { user, oncancel, rerender } = await bar({}, { refresh: { ...asking, keys: 400 } });
    expect(screen.getByText("400 keys so far")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(oncancel).toHaveBeenCalledOnce();
    expect(screen.getByRole("button", { name: "Refresh" })).toHaveFocus();
    await rerender({ refresh: { ...asking, keys: 400, cancelling: true } });
    expect(screen.getByText("Stopping …")).toBeVisible();
    expect(screen.getByRole("button", { name: "Cancel" })).toBeDisabled();
  });

  it("waits for its turn among many", async () => {
    await bar({}, { refresh: { ...asking, begun: false } });
    expect(screen.getByText("Waiting for its turn")).toBeVisible();
  });

  it("tells of rows that nobody understands, beside those that are shown", async () => {
    await bar({ synced_at: new Date().toISOString(), skipped: 2 });
    expect(screen.getByText(/^2 rows of the server's list could not be understood/)).toBeVisible();
    expect(screen.queryByText(/may be a key whose answer was lost/)).toBeNull();
  });

  it("tells that a row that nobody understands may be a key whose answer was lost", async () => {
    await bar({ synced_at: new Date().toISOString(), skipped: 1, unanswered: 1 });
    expect(screen.getByText(/^1 row of the server's list .*may be a key whose answer was lost/)).toBeVisible();
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
