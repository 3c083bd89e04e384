import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import BundleFact from "./BundleFact.svelte";
import { KeyList } from "./key-list.svelte";
import KeysPage from "./KeysPage.svelte";

const harbour = "t-harbour";

/** A tenant that has exported, and in which a key was made and another one revoked since. */
async function changed() {
  const memory = new MemoryGateway();
  await memory.gateway.bundleExport({ tenant: harbour, since: null, valid_for: null, above: null });
  const crane = memory.world.keys.find((key) => key.name === "crane controller");
  await memory.gateway.keyRevoke(crane!.id, null);
  memory.world.keys.push({ ...crane!, id: "k-new", name: "winch", handle: "newwinch", revoked_at: null });
  return memory;
}

async function show(memory: MemoryGateway) {
  const tenants = await memory.gateway.tenantList();
  const list = new KeyList(memory.gateway);
  const calls = {
    ...{ onnew: vi.fn(), onmany: vi.fn(), onapisets: vi.fn(), onorganizations: vi.fn(), onsettings: vi.fn() },
    ...{ onimport: vi.fn(), onopen: vi.fn(), onchoose: vi.fn(), onshow: vi.fn() },
  };
  const onbundle = vi.fn();
  const tenant = tenants.find(({ id }) => id === harbour) ?? null;
  const view = render(KeysPage, {
    props: { list, tenant, settled: [], tenants: 2, title: "Harbour Authority", onbundle, ...calls },
    context: gatewayContext(memory.gateway),
  });
  await list.open(harbour);
  return { ...view, list, onbundle, user: userEvent.setup() };
}

it("marks nothing while no bundle has left", async () => {
  await show(new MemoryGateway());
  await screen.findByRole("row", { name: /crane controller/ });
  expect(screen.queryByTitle(/bundle yet|its end/)).toBeNull();
  expect(screen.queryByRole("button", { name: "Bundle any" })).toBeNull();
});

it("marks keys of which services have to be told, and leads to them", async () => {
  const { user, container, onbundle } = await show(await changed());
  const crane = await screen.findByRole("row", { name: /crane controller.*services do not know of its end/ });
  expect(within(crane).getByTitle("services do not know of its end")).toBeVisible();
  expect(screen.getByRole("row", { name: /winch.*in no bundle yet/ })).toBeVisible();
  expect(await axeViolations(container)).toEqual([]);
  await user.click(await screen.findByRole("button", { name: "1 end is unknown to services" }));
  await waitFor(() => expect(screen.getAllByRole("row")).toHaveLength(2));
  expect(screen.getByRole("row", { name: /crane controller/ })).toBeVisible();
  // The list says this one itself now; the other one stays.
  expect(screen.queryByRole("button", { name: "1 end is unknown to services" })).toBeNull();
  await user.click(screen.getByRole("button", { name: "1 key is in no bundle yet" }));
  expect(await screen.findByRole("row", { name: /winch/ })).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Verifier bundle" }));
  expect(onbundle).toHaveBeenCalledOnce();
});

it("says in the details what to do", async () => {
  const onbundle = vi.fn();
  const told = { since: 7, need: null, stays: false };
  const { rerender } = render(BundleFact, { props: { bundle: told, onbundle } });
  expect(screen.getByText("As it stands, since no. 7")).toBeVisible();
  expect(screen.queryByRole("button")).toBeNull();
  await rerender({ bundle: { ...told, need: "end_untold" } });
  expect(screen.getByText(/^Services still accept this key/)).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Verifier bundle…" }));
  expect(onbundle).toHaveBeenCalledOnce();
  await rerender({ bundle: { since: null, need: "in_none", stays: false } });
  expect(screen.getByText(/^In none yet/)).toBeVisible();
  await rerender({ bundle: { since: null, need: null, stays: true } });
  expect(screen.getByText(/^Never in one/)).toBeVisible();
});
