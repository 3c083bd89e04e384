import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { axeViolations } from "../../test/a11y";
import type { RefreshProgress, TenantRefresh } from "../lib/ipc";
import { MemoryGateway } from "../lib/ipc/memory";
import LiveRegion from "../lib/ui/LiveRegion.svelte";
import { Refreshing } from "./refreshing.svelte";
import Sidebar from "./Sidebar.svelte";

/** A program with two remote tenants; `steps` is what it says of their refresh from then on. */
async function sidebar() {
  const memory = new MemoryGateway();
  const ids = [];
  for (const name of ["Portal", "Depot"]) {
    const draft = { connector: "docspace", url: "https://a.example", options: {}, plain_http: false, name };
    ids.push((await memory.gateway.tenantAddRemote(draft, { key: "sk" })).id);
  }
  const refreshing = new Refreshing(memory.gateway);
  await refreshing.listen();
  const calls = { ongo: vi.fn(), onaddtenant: vi.fn(), onrefreshall: vi.fn() };
  const tenants = await memory.gateway.tenantList();
  const place = { view: "keys", tenant: null } as const;
  render(LiveRegion);
  const view = render(Sidebar, { props: { tenants, refreshing, place, ...calls } });
  const steps = (progress: RefreshProgress) => {
    memory.remotes.progress = progress;
    memory.emit("refresh-progress");
  };
  const one = (tenant: string): TenantRefresh => ({
    tenant,
    begun: true,
    keys: 0,
    waiting: null,
    cancelling: false,
  });
  const said = () => view.baseElement.querySelector("[aria-live='polite']")?.textContent;
  return { ...view, ...calls, memory, refreshing, steps, one, ids, said, user: userEvent.setup() };
}

it("refreshes all, marks those that are, says how far it is, and stops", async () => {
  const { user, memory, onrefreshall, steps, one, ids, said, container } = await sidebar();
  await user.click(screen.getByRole("button", { name: "Refresh all remote tenants" }));
  expect(onrefreshall).toHaveBeenCalledOnce();
  steps({ done: 0, total: 2, under_way: ids.map(one) });
  expect(await screen.findByRole("progressbar", { name: "0 of 2 refreshed" })).toBeVisible();
  expect(screen.getAllByTitle("Refreshing …")).toHaveLength(2);
  await waitFor(() => expect(said()).toBe("The remote tenants are being refreshed."));
  await user.click(screen.getByRole("button", { name: "Refresh all remote tenants" }));
  expect(onrefreshall, "they are being asked").toHaveBeenCalledOnce();
  expect(await axeViolations(container)).toEqual([]);

  steps({ done: 1, total: 2, under_way: [one(ids[1]!)] });
  await screen.findByRole("progressbar", { name: "1 of 2 refreshed" });
  expect(said(), "not each step").toBe("The remote tenants are being refreshed.");
  const list = screen.getByRole("list", { name: "Remote tenants" });
  expect(within(within(list).getByRole("button", { name: /^Depot/ })).getByTitle("Refreshing …")).toBeVisible();
  expect(within(within(list).getByRole("button", { name: /^Portal/ })).queryByTitle("Refreshing …")).toBeNull();

  await user.click(screen.getByRole("button", { name: "Stop refreshing all" }));
  expect(memory.callsOf("refreshCancel")).toEqual([[null]]);
  expect(screen.getByRole("button", { name: "Refresh all remote tenants" })).toHaveFocus();
  steps({ done: 0, total: 0, under_way: [] });
  await waitFor(() => expect(screen.queryByRole("progressbar")).toBeNull());
  await waitFor(() => expect(said()).toBe("The remote tenants have been refreshed."));
});

it("asks one tenant once at a time, and keeps why it could not be", async () => {
  const { memory, refreshing, ids } = await sidebar();
  const [portal] = ids;
  memory.fail("tenantSync", { code: "offline" });
  const asked = refreshing.run(portal!);
  expect(refreshing.of(portal!)).toMatchObject({ tenant: portal, begun: true });
  await refreshing.run(portal!);
  await asked;
  expect(memory.callsOf("tenantSync")).toHaveLength(1);
  expect(refreshing.problems.get(portal!)?.code).toBe("offline");
  memory.fail("tenantSync", { code: "cancelled" });
  await refreshing.run(portal!);
  expect(refreshing.problems.has(portal!), "who cancels knows it").toBe(false);
});
