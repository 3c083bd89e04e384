import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext, type TenantView } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import { ChosenKey } from "./key-details.svelte";
import { KeyList } from "./key-list.svelte";
import KeyDetailsPane from "./KeyDetailsPane.svelte";
import KeysPage from "./KeysPage.svelte";

async function guided(memory = new MemoryGateway()) {
  const draft = {
    connector: "gotransverse",
    url: "https://a.example",
    options: {},
    plain_http: false,
    name: "Billing",
  };
  const tenant = await memory.gateway.tenantAddRemote(draft, {});
  const record = async (name: string, clipboard: string, succeeds?: string, keep = true) => {
    memory.guided.clipboard = clipboard;
    const { id } = await memory.gateway.keyPaste(tenant.id);
    const key = { tenant: tenant.id, name, description: "", owner: null, api_sets: ["billing"], tags: [] };
    const more = { expires: { kind: "never" } as const, keep, ...(succeeds !== undefined && { succeeds }) };
    return (await memory.gateway.keyRecord({ ...key, ...more }, id)).key;
  };
  return { memory, tenant, record };
}

async function details(memory: MemoryGateway, id: string, recorded: string | null = null) {
  const chosen = new ChosenKey(memory.gateway);
  const calls = {
    onchanged: vi.fn(),
    ondeleted: vi.fn(),
    onrotated: vi.fn(),
    onopen: vi.fn(),
    onsucceed: vi.fn(),
    onasked: vi.fn(),
  };
  const connectors = await memory.gateway.connectorList();
  const view = render(KeyDetailsPane, {
    props: {
      chosen,
      vault: "keychain",
      tenants: await memory.gateway.tenantList(),
      connectorOf: ({ remote }: TenantView) => connectors.find((one) => one.id === remote?.connector) ?? null,
      recorded,
      ...calls,
    },
    context: gatewayContext(memory.gateway),
  });
  chosen.choose(id);
  await screen.findByRole("heading", { level: 2 });
  return { ...view, ...calls, user: userEvent.setup() };
}

const button = (name: RegExp | string) => screen.getByRole("button", { name });

describe("a key that a person made", () => {
  it("is checked when it has just been recorded, and says only what its server can tell", async () => {
    const { memory, record } = await guided();
    memory.remotes.checked = "restricted";
    const key = await record("meter totals", "0f1e2d3c4b5a69788796a5b4c3d2e1f0");
    const { onasked, container } = await details(memory, key.id, key.id);
    await screen.findByRole("heading", { name: "The key works, but lacks this API set" });
    expect(memory.callsOf("keyCheck")).toEqual([[key.id, null]]);
    expect(onasked).toHaveBeenCalledOnce();
    expect(screen.queryByText("Last used")).toBeNull();
    expect(screen.queryByRole("button", { name: "Disable" })).toBeNull();
    expect(await axeViolations(container)).toEqual([]);
  });

  it("is not checked by itself where it was not kept, or is not new", async () => {
    const { memory, record } = await guided();
    const lost = await record("meter totals", "0f1e2d3c4b5a69788796a5b4c3d2e1f0", undefined, false);
    const { unmount } = await details(memory, lost.id, lost.id);
    expect(await screen.findByLabelText("Key to check")).toBeVisible();
    unmount();
    const older = await record("older", "1f1e2d3c4b5a69788796a5b4c3d2e1f0");
    await details(memory, older.id, lost.id);
    expect(memory.callsOf("keyCheck")).toEqual([]);
  });

  it("is revoked in the vendor's pages first, which can be checked, and then marked", async () => {
    const { memory, record, tenant } = await guided();
    const key = await record("meter totals", "0f1e2d3c4b5a69788796a5b4c3d2e1f0");
    const { user, container } = await details(memory, key.id);
    await user.click(button("Revoke…"));
    const dialog = await screen.findByRole("alertdialog", { name: "Revoke meter totals?" });
    expect(dialog).toHaveTextContent("Latchkey cannot revoke it at goTransverse");
    expect(await within(dialog).findByText("Ask the vendor.")).toBeVisible();
    await user.click(button("Open goTransverse's page"));
    expect(memory.callsOf("guideOpen")).toEqual([[tenant.id, "revoke"]]);
    await user.click(button("Check that it is gone"));
    expect(await within(dialog).findByRole("heading", { name: "The server still accepts the key" })).toBeVisible();
    memory.remotes.checked = "unknown";
    await user.click(button("Check that it is gone"));
    expect(await within(dialog).findByRole("heading", { name: "The server refuses the key" })).toBeVisible();
    expect(await axeViolations(container)).toEqual([]);
    await user.click(button("Mark as revoked"));
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect(memory.callsOf("keyRevoke")).toEqual([[key.id, null]]);
  });

  it("is checked by its text where that was not kept, and Enter does not revoke it", async () => {
    const { memory, record } = await guided();
    const key = await record("meter totals", "0f1e2d3c4b5a69788796a5b4c3d2e1f0", undefined, false);
    const { user } = await details(memory, key.id);
    await user.click(button("Revoke…"));
    const dialog = await screen.findByRole("alertdialog");
    await user.type(within(dialog).getByLabelText("Key to check"), "0f1e{Enter}");
    await within(dialog).findByRole("heading", { name: "The server still accepts the key" });
    expect(memory.callsOf("keyCheck")).toEqual([[key.id, "0f1e"]]);
    expect(memory.callsOf("keyRevoke")).toEqual([]);
  });

  it("says that nobody knows the vendor's page", async () => {
    const { memory, record } = await guided();
    memory.guided.page = null;
    const key = await record("meter totals", "0f1e2d3c4b5a69788796a5b4c3d2e1f0");
    const { user } = await details(memory, key.id);
    await user.click(button("Revoke…"));
    expect(await screen.findByText(/Latchkey does not know the address of the page/)).toBeVisible();
    expect(screen.queryByRole("button", { name: /^Open/ })).toBeNull();
  });
});

describe("the rotation of a key that a person made", () => {
  it("records the successor, and leads through the other steps", async () => {
    const { memory, record } = await guided();
    const old = await record("meter totals", "0f1e2d3c4b5a69788796a5b4c3d2e1f0");
    const first = await details(memory, old.id);
    await first.user.click(button("Rotate…"));
    expect(first.onsucceed).toHaveBeenCalledOnce();
    expect(screen.queryByRole("dialog")).toBeNull();
    first.unmount();

    const next = await record("meter totals", "aaaa2d3c4b5a69788796a5b4c3d2bbbb", old.id);
    const second = await details(memory, old.id);
    const panel = await screen.findByRole("region", { name: "Rotation" });
    const steps = within(panel).getAllByRole("listitem");
    expect(steps.map((step) => step.querySelector("p")?.textContent)).toEqual([
      "The new key …bbbb is recorded.",
      "Put it in place wherever this one is used.",
      "Check that the new key works.",
      "Revoke this key at goTransverse.",
    ]);
    expect(await axeViolations(second.container)).toEqual([]);
    await second.user.click(button("Show new key"));
    expect(second.onopen).toHaveBeenCalledWith(next.id);
    await second.user.click(button("Revoke old key…"));
    await second.user.click(await screen.findByRole("button", { name: "Mark as revoked" }));
    await waitFor(() => expect(screen.queryByRole("region", { name: "Rotation" })).toBeNull());
  });

  it("leads from the new key back to the old one while that still works", async () => {
    const { memory, record } = await guided();
    const old = await record("meter totals", "0f1e2d3c4b5a69788796a5b4c3d2e1f0");
    const next = await record("meter totals", "aaaa2d3c4b5a69788796a5b4c3d2bbbb", old.id);
    const { user, onopen, unmount } = await details(memory, next.id);
    expect(await screen.findByText(/^It takes the place of …e1f0, which still works/)).toBeVisible();
    await user.click(button("Show old key"));
    expect(onopen).toHaveBeenCalledWith(old.id);
    unmount();
    await memory.gateway.keyRevoke(old.id, null);
    await details(memory, next.id);
    expect(screen.queryByRole("region", { name: "Rotation" })).toBeNull();
  });

  it("tells when it is undone that the vendor still has the new key", async () => {
    const { memory, record } = await guided();
    const old = await record("meter totals", "0f1e2d3c4b5a69788796a5b4c3d2e1f0");
    await record("meter totals", "aaaa2d3c4b5a69788796a5b4c3d2bbbb", old.id);
    const { user } = await details(memory, old.id);
    await user.click(await screen.findByRole("button", { name: "Undo…" }));
    expect(await screen.findByRole("alertdialog")).toHaveTextContent("Remove the new key in goTransverse's pages, too");
  });
});

describe("the list of such a tenant", () => {
  it("offers to record a key, and nothing that its vendor refuses", async () => {
    const { memory, tenant } = await guided();
    const list = new KeyList(memory.gateway);
    await list.open(tenant.id);
    const connector = memory.connectors.all.find(({ id }) => id === "gotransverse")!;
    const calls = { onnew: vi.fn(), onmany: vi.fn(), onapisets: vi.fn(), onorganizations: vi.fn() };
    const more = { onsettings: vi.fn(), onimport: vi.fn(), onopen: vi.fn(), onchoose: vi.fn(), onshow: vi.fn() };
    const props = { list, tenant, connector, tenants: 2, title: tenant.name, settled: [], ...calls, ...more };
    const { container } = render(KeysPage, { props, context: gatewayContext(memory.gateway) });
    expect(await screen.findByText(/^Make a key in the vendor's own pages and record it here/)).toBeVisible();
    expect(screen.getAllByRole("button", { name: "Record key" })).toHaveLength(2);
    expect(screen.queryByRole("button", { name: /^Generate many/ })).toBeNull();
    expect(screen.queryByRole("button", { name: "Refresh" })).toBeNull();
    expect(await axeViolations(container)).toEqual([]);
  });
});

it("leads through the end of an imported key as well, and lets its server be asked", async () => {
  const { memory, record } = await guided();
  const key = await record("meter totals", "0f1e2d3c4b5a69788796a5b4c3d2e1f0");
  memory.remotes.keys.delete(key.id);
  const { user, onsucceed } = await details(memory, key.id);
  expect(screen.getByRole("button", { name: "Check whether it works" })).toBeVisible();
  await user.click(button("Rotate…"));
  expect(onsucceed).toHaveBeenCalledOnce();
  await user.click(button("Revoke…"));
  expect(await screen.findByText("Ask the vendor.")).toBeVisible();
});

it("says once that a key may do everything, and not that it has no permissions", async () => {
  const memory = new MemoryGateway();
  const draft = { connector: "docspace", url: "https://a.example", options: {}, plain_http: false, name: "Portal" };
  const tenant = await memory.gateway.tenantAddRemote(draft, { key: "admin" });
  const key = memory.world.keys[0]!;
  Object.assign(key, { tenant_id: tenant.id, tenant: tenant.name, api_sets: [] });
  memory.remotes.keys.set(key.id, { id: "0b6e", everything: true, last_used_at: null });
  await details(memory, key.id);
  expect(screen.getAllByText(/may do everything/)).toHaveLength(1);
  expect(screen.getAllByRole("term").map((term) => term.textContent)).not.toContain("Permissions");
});
