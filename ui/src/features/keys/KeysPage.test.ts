import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext, type Gateway, type TenantView } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import { emptyWorld, harbourWorld } from "../../lib/ipc/memory-fixture";
import { KeyList } from "./key-list.svelte";
import KeysPage from "./KeysPage.svelte";

const wholeKey = "lk_8fK2pQ7z_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg123456";

async function show(gateway: Gateway = new MemoryGateway().gateway, tenantId: string | null = "t-harbour") {
  const tenants = await gateway.tenantList();
  const tenant: TenantView | null = tenants.find(({ id }) => id === tenantId) ?? null;
  const list = new KeyList(gateway);
  const calls = {
    onnew: vi.fn(),
    onmany: vi.fn(),
    onapisets: vi.fn(),
    onorganizations: vi.fn(),
    onbundle: vi.fn(),
    onsettings: vi.fn(),
    onimport: vi.fn(),
    onopen: vi.fn(),
    onchoose: vi.fn(),
    onshow: vi.fn(),
  };
  const view = render(KeysPage, {
    props: { list, tenant, settled: [], tenants: tenants.length, title: tenant?.name ?? "All keys", ...calls },
    context: gatewayContext(gateway),
  });
  await list.open(tenantId);
  return { ...view, list, ...calls, user: userEvent.setup() };
}

function names(): string[] {
  return screen
    .getAllByRole("row")
    .slice(1)
    .map((row) => within(row).getAllByRole("gridcell")[0]?.textContent.trim() ?? "");
}

describe("the page of keys", () => {
  it("shows what is known of a key in a list", async () => {
    await show();
    const row = await screen.findByRole("row", { name: /crane controller/ });
    expect(row).toHaveTextContent("lk_8fK2pQ7z…x9Qa");
    expect(row).toHaveTextContent("in 12 days");
    expect(row).toHaveTextContent("Expiring");
    expect(row).toHaveTextContent("Tax Essentials");
    expect(screen.getByRole("grid", { name: "Harbour Authority" })).toHaveAttribute("aria-rowcount", "10");
    expect(screen.queryByRole("columnheader", { name: "Tenant" })).toBeNull();
  });

  it("calls an API set as its own tenant does, with the keys themselves", async () => {
    const world = harbourWorld(new Date(), 3);
    const [harbour, fleet] = world.tenants;
    const set = { id: "shared", group: null, description: "", retired_at: null };
    harbour!.apiSets.push({ ...set, name: "Read" });
    fleet!.apiSets.push({ ...set, name: "Lesen" });
    for (const tenant of [harbour!, fleet!]) {
      world.keys.find((key) => key.tenant_id === tenant.id)!.api_sets = ["shared"];
    }
    const memory = new MemoryGateway({ world });
    // What the filters offer comes later, and knows one name for both.
    const never: Gateway = { ...memory.gateway, keyFacets: () => new Promise(() => undefined) };
    // The list waits for that, too, so nobody waits for the list here.
    void show(never, null);
    expect(await screen.findByText("Read")).toBeVisible();
    expect(screen.getByText("Lesen")).toBeVisible();
    expect(screen.queryByText("shared")).toBeNull();
  });

  it("shows two API sets that have one name", async () => {
    const world = harbourWorld(new Date(), 3);
    const [tenant] = world.tenants;
    const set = { name: "Tides", group: null, description: "", retired_at: null };
    tenant!.apiSets.push({ ...set, id: "tides-1" }, { ...set, id: "tides-2" });
    const key = world.keys.find(({ tenant_id }) => tenant_id === tenant!.id)!;
    key.api_sets = ["tides-1", "tides-2"];
    await show(new MemoryGateway({ world }).gateway, null);
    expect(await screen.findAllByText("Tides")).toHaveLength(2);
  });

  it("says of a kept secret that it is missing", async () => {
    await show();
    const row = await screen.findByRole("row", { name: /ledger export.*Active its secret is missing from the vault/ });
    expect(within(row).getByTitle("its secret is missing from the vault")).toBeVisible();
    expect(screen.getByRole("row", { name: /crane controller/ })).not.toHaveTextContent("missing");
  });

  it("names the tenant of each key where there are several", async () => {
    await show(undefined, null);
    expect(await screen.findByRole("columnheader", { name: "Tenant" })).toBeVisible();
  });

  it("has nothing that axe objects to", async () => {
    const { container } = await show();
    await screen.findByRole("row", { name: /crane controller/ });
    expect(await axeViolations(container)).toEqual([]);
  });

  it("narrows the list while words are typed", async () => {
    const { user } = await show();
    await user.type(screen.getByRole("textbox", { name: "Search keys" }), "tablet");
    await waitFor(() => expect(names()).toEqual(["field tablet 014", "field tablet 015"]));
  });

  it("never lets a pasted API key into the page", async () => {
    const { user, list } = await show();
    const field = screen.getByRole<HTMLInputElement>("textbox", { name: "Search keys" });
    await user.click(field);
    await user.paste(wholeKey);
    expect(field.value).toBe("8fK2pQ7z");
    expect(list.search).toBe("8fK2pQ7z");
    expect(document.documentElement.outerHTML).not.toContain(wholeKey.slice(12, 40));
    expect(screen.getByText(/looked like a whole API key/)).toBeVisible();
    await waitFor(() => expect(names()).toEqual(["crane controller"]));
  });

  it("does not keep a typed API key either", async () => {
    const { user } = await show();
    const field = screen.getByRole<HTMLInputElement>("textbox", { name: "Search keys" });
    await user.type(field, wholeKey.slice(0, 24));
    expect(field.value).toBe("8fK2pQ7z");
  });

  it("says that nothing was found and takes the filters back", async () => {
    const { user } = await show();
    await user.type(screen.getByRole("textbox", { name: "Search keys" }), "zzz");
    expect(await screen.findByText("Nothing found")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Clear search and filters" }));
    await waitFor(() => expect(names()).toHaveLength(9));
  });

  it("filters by several statuses", async () => {
    const { user } = await show();
    await user.click(screen.getByRole("button", { name: /^Status/ }));
    await user.click(screen.getByRole("option", { name: /Revoked/ }));
    await waitFor(() => expect(names()).toEqual(["old laptop"]));
    await user.click(screen.getByRole("option", { name: /Disabled/ }));
    await waitFor(() => expect(names()).toEqual(["staging-integration", "old laptop"]));
  });

  it("filters by organization, in the tenant's own word, where it has them", async () => {
    const world = harbourWorld(new Date());
    const harbour = world.tenants.find(({ id }) => id === "t-harbour");
    const key = world.keys.find(({ tenant_id }) => tenant_id === "t-harbour");
    harbour!.organizations = [{ id: "north", name: "North quay", permissions: null }];
    key!.organization = "north";
    const memory = new MemoryGateway({ world });
    const { user } = await show(memory.gateway);
    const filters = within(screen.getByRole("group", { name: "Filters" }));
    await user.click(await filters.findByRole("button", { name: /^Organization/ }));
    await user.click(screen.getByRole("option", { name: /North quay 1/ }));
    await waitFor(() => expect(names()).toHaveLength(1));
    await user.click(filters.getByRole("button", { name: /^Organization/ }));
    await user.click(screen.getByRole("option", { name: /^Any/ }));
    await waitFor(() => expect(names()).toHaveLength(9));
  });

  it("offers no organizations where there are none", async () => {
    await show();
    const filters = within(screen.getByRole("group", { name: "Filters" }));
    await filters.findByRole("button", { name: /^Owner/ });
    expect(filters.queryByRole("button", { name: /^Organization/ })).toBeNull();
  });

  it("teaches where there are no keys yet", async () => {
    const memory = new MemoryGateway({ world: emptyWorld() });
    const tenant = await memory.gateway.tenantAdd({ name: "Depot", prefix: null, template: null });
    const { user, onnew, container } = await show(memory.gateway, tenant.id);
    expect(await screen.findByText("No keys yet")).toBeVisible();
    const [, start] = screen.getAllByRole("button", { name: "New API key" });
    await user.click(start!);
    expect(onnew).toHaveBeenCalledOnce();
    expect(await axeViolations(container)).toEqual([]);
  });

  it("says what went wrong and tries again", async () => {
    const memory = new MemoryGateway();
    memory.fail("keyList", { code: "profile_busy" });
    const { user } = await show(memory.gateway);
    expect(await screen.findByRole("alert")).toHaveTextContent("The keys cannot be shown");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("row", { name: /crane controller/ })).toBeVisible();
  });
});

describe("the grid under the keyboard", () => {
  it("sorts from its headings and says how it is sorted", async () => {
    const { user } = await show();
    await user.click(await screen.findByRole("button", { name: "Name" }));
    await waitFor(() => expect(names()[0]).toBe("archive reader"));
    expect(screen.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "ascending");
    await user.click(screen.getByRole("button", { name: "Name" }));
    await waitFor(() => expect(names()[0]).toBe("zapier-webhook"));
    expect(screen.getByRole("columnheader", { name: "Name" })).toHaveAttribute("aria-sort", "descending");
    expect(screen.getByRole("columnheader", { name: "Created" })).toHaveAttribute("aria-sort", "none");
  });

  it("goes from row to row with the arrow keys and chooses what it stands on", async () => {
    const { user, list, onopen } = await show();
    const first = await screen.findByRole("row", { name: /crane controller/ });
    await user.click(first);
    expect(first).toHaveAttribute("aria-selected", "true");
    await user.keyboard("{ArrowDown}{ArrowDown}");
    const third = screen.getByRole("row", { name: /ledger export/ });
    expect(third).toHaveFocus();
    expect(list.selectedId).toBe("t-harbour-c90LkeXb");
    await user.keyboard("{End}");
    expect(screen.getByRole("row", { name: /archive reader/ })).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(onopen).toHaveBeenCalledOnce();
  });

  it("has one tab stop for the rows and one for the headings", async () => {
    await show();
    const grid = await screen.findByRole("grid");
    await screen.findByRole("row", { name: /crane controller/ });
    expect(grid.querySelectorAll("[tabindex='0']")).toHaveLength(2);
  });

  it("keeps only visible rows of a million, and tells their numbers", async () => {
    const memory = new MemoryGateway();
    const { user, list } = await show(
      { ...memory.gateway, keyCount: () => Promise.resolve({ total: 1_000_000 }) },
      "t-fleet",
    );
    await waitFor(() => expect(list.total).toBe(1_000_000));
    await waitFor(() => expect(screen.getByRole("grid")).toHaveAttribute("aria-rowcount", "1000001"));
    expect(screen.getAllByRole("row").length).toBeLessThan(60);
    await user.click(screen.getAllByRole("row")[1]!);
    await user.keyboard("{End}");
    const focused = document.activeElement;
    expect(focused).toHaveAttribute("aria-rowindex", "1000001");
    expect(focused).toHaveTextContent("Loading");
  });
});
