import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext, type ImportPreview, type Policy } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import { harbourWorld } from "../../lib/ipc/memory-fixture";
import ImportDialog from "./ImportDialog.svelte";

const now = new Date(2026, 10, 21, 9, 0);

async function open(
  options: { policy?: Partial<Policy>; preview?: Partial<ImportPreview> | null; fails?: boolean } = {},
) {
  const world = harbourWorld(now);
  const memory = new MemoryGateway({ world, now: () => now });
  const stored = world.tenants.find((tenant) => tenant.name === "Harbour Authority");
  if (!stored) throw new Error("no tenant");
  Object.assign(stored.policy, options.policy);
  if (options.preview === null) memory.files.preview = null;
  else if (memory.files.preview) Object.assign(memory.files.preview, options.preview);
  if (options.fails) {
    memory.fail("importOpen", { code: "invalid_input", field: { name: "file", rule: "too_large", max_kib: 16_384 } });
  }
  const tenant = (await memory.gateway.tenantList()).find((one) => one.id === stored.id);
  if (!tenant) throw new Error("no tenant");
  const on = { close: vi.fn(), imported: vi.fn(), manage: vi.fn() };
  const view = render(ImportDialog, {
    props: {
      tenant,
      operator: "Port operations",
      onclose: on.close,
      onimported: on.imported,
      onmanagesets: on.manage,
      onmanageorganizations: on.manage,
      now: () => now.getTime(),
    },
    context: gatewayContext(memory.gateway),
  });
  return { ...view, ...on, memory, stored, user: userEvent.setup() };
}

async function openFrom(template: string) {
  const memory = new MemoryGateway({ now: () => now });
  const tenant = await memory.gateway.tenantAdd({ name: "Parts catalogue", prefix: null, template });
  const props = {
    tenant,
    operator: "Port operations",
    onclose: vi.fn(),
    onimported: vi.fn(),
    onmanagesets: vi.fn(),
    onmanageorganizations: vi.fn(),
  };
  render(ImportDialog, { props, context: gatewayContext(memory.gateway) });
  await screen.findByText(/entries in/);
  return { memory, tenant, user: userEvent.setup() };
}

const box = (name: string) => screen.getByRole("checkbox", { name: `Import ${name}` });
const lastChoice = (memory: MemoryGateway) => memory.callsOf("importRun").at(-1)?.[0];

describe("Import keys", () => {
  it("shows what becomes of each entry, and imports what is chosen", async () => {
    const { user, memory, imported, stored } = await open();
    await screen.findByText(/6 entries in partners.csv/);
    expect(box("crane controller")).toBeChecked();
    expect(box("debug mode")).not.toBeChecked();
    expect(box("weather station")).toBeDisabled();
    expect(screen.getByText("Known as weather mast")).toBeVisible();
    expect(screen.getByText("Nothing stands there")).toBeVisible();
    expect(screen.getByText("Comes into the list, marked as weak")).toBeVisible();

    // A name that cannot stay has to be dealt with first.
    expect(screen.getByText("Needs another name")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Import 3 keys" }));
    const name = screen.getByRole("textbox", { name: "Name of the entry in line 4" });
    await waitFor(() => expect(name).toHaveFocus());
    expect(name).toBeInvalid();
    await user.clear(name);
    await user.type(name, "tide gauge");
    await user.tab();
    await screen.findByText(/3 of 6 come into Harbour Authority/);

    await user.click(box("debug mode"));
    await user.click(box("gate terminal"));
    await user.dblClick(screen.getByRole("option", { name: "Billing" }));
    await user.selectOptions(screen.getByRole("combobox", { name: "Expiration" }), "Never");
    await user.type(screen.getByRole("textbox", { name: /^Tags/ }), "partners, old");
    await user.click(screen.getByRole("checkbox", { name: /^Keep the secrets/ }));
    await user.click(screen.getByRole("button", { name: "Import 3 keys" }));
    await screen.findByText("3 keys came into Harbour Authority.");
    expect(lastChoice(memory)).toEqual({
      tenant: stored.id,
      entries: [0, 2, 4],
      api_sets: ["billing"],
      owner: "Port operations",
      tags: ["partners", "old"],
      expires: { kind: "never" },
      keep: true,
    });
    expect(imported).toHaveBeenCalledOnce();
    expect(screen.getByText("3 secrets are kept on this computer.")).toBeVisible();
  });

  it("has no faults that axe knows, before and after", async () => {
    const { user, container } = await open();
    await screen.findByText(/6 entries/);
    expect(await axeViolations(container)).toEqual([]);
    await user.click(box("ab"));
    await user.click(screen.getByRole("button", { name: "Import 2 keys" }));
    await screen.findByText(/came into/);
    expect(screen.getByText("1 is marked as weak: rotate it.")).toBeVisible();
    expect(await axeViolations(container)).toEqual([]);
  });

  it("closes when no file is chosen", async () => {
    const { close } = await open({ preview: null });
    await waitFor(() => expect(close).toHaveBeenCalledOnce());
  });

  it("says why a file cannot be read, and offers another", async () => {
    const { user } = await open({ fails: true });
    await screen.findByText(/larger than 16 MiB/);
    await user.click(screen.getByRole("button", { name: "Choose another file…" }));
    await screen.findByText(/6 entries/);
  });

  it("wipes the keys when it is closed", async () => {
    const { memory, unmount } = await open();
    await screen.findByText(/6 entries/);
    unmount();
    expect(memory.callsOf("importClose")).toHaveLength(1);
  });

  it("keeps what was chosen when the import fails", async () => {
    const { user, memory } = await open({ policy: { require_api_set: true } });
    await screen.findByText(/6 entries/);
    await user.click(box("ab"));
    memory.fail("importRun", { code: "invalid_input", field: { name: "api_sets", rule: "required" } });
    await user.click(screen.getByRole("button", { name: "Import 2 keys" }));
    await screen.findByText("Fill this in.");
    memory.fail("importRun", { code: "invalid_input", field: { name: "tags", rule: "too_many", max: 20 } });
    await user.click(screen.getByRole("button", { name: "Import 2 keys" }));
    await waitFor(() => expect(screen.getByRole("textbox", { name: /^Tags/ })).toHaveFocus());
    memory.fail("importRun", { code: "keychain_failed" });
    await user.click(screen.getByRole("button", { name: "Import 2 keys" }));
    const alert = await screen.findByRole("alert");
    expect(within(alert).getByText("Nothing was imported")).toBeVisible();
    expect(box("crane controller")).toBeChecked();
  });

  it("does not offer to keep secrets where the tenant forbids it", async () => {
    await open({ preview: { may_keep: false } });
    await screen.findByText(/6 entries/);
    expect(screen.queryByRole("checkbox", { name: /^Keep the secrets/ })).toBeNull();
  });

  it("shows many entries a part at a time, and chooses all or none of them", async () => {
    const base = new MemoryGateway().files.entries[0];
    if (!base) throw new Error("no entry");
    const many = { length: 210 };
    const entries = Array.from(many, (_, number) => ({ ...base, number, line: number + 2, name: `key ${number}` }));
    const { user, container } = await open({ preview: { file: "many.csv", cut: true, entries } });
    await screen.findByText(/210 entries/);
    // By role it would take seconds to find so many.
    expect(container.querySelectorAll("tbody tr")).toHaveLength(200);
    await user.click(screen.getByRole("button", { name: "Show 10 more" }));
    expect(container.querySelectorAll("tbody tr")).toHaveLength(210);
    await user.click(screen.getByRole("button", { name: "Choose none" }));
    expect(screen.getByRole("button", { name: "Import 0 keys" })).toBeDisabled();
    await user.click(screen.getByRole("button", { name: "Choose all" }));
    expect(screen.getByRole("button", { name: "Import 210 keys" })).toBeEnabled();
    expect(screen.getByText(/more entries than the 210/)).toBeVisible();
  });

  it("says what the keys may do, where nothing chosen restricts nothing", async () => {
    const { user } = await openFrom("docspace");
    await user.click(box("ab"));
    expect(await screen.findByText(/Each key may do everything that its creator may do\./)).toBeVisible();
    await user.dblClick(await screen.findByRole("option", { name: /Files: Read/ }));
    expect(await screen.findByText(/Each key may use 1 API set\./)).toBeVisible();
  });

  it("says what organization and groups give the keys, and what they hold back", async () => {
    const { user, memory, tenant } = await openFrom("documoto");
    await user.click(box("ab"));
    expect(await screen.findByText(/what the keys may do follows from them/)).toBeVisible();
    await memory.gateway.organizationEdit(tenant.id, { id: "main", name: "Main", permissions: ["publisher"] });
    await user.click(await screen.findByRole("checkbox", { name: "Publishers" }));
    await user.click(screen.getByRole("checkbox", { name: "Exporters" }));
    expect(await screen.findByText(/Each key has Publisher:.*Its organization holds back Exporter\./)).toBeVisible();
  });
});
