import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext, type KeyView, type Policy, type RecordedKey } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import RecordKeyDialog from "./RecordKeyDialog.svelte";

const now = new Date(2026, 10, 21, 9, 0);

async function tenantOf(memory: MemoryGateway) {
  const draft = {
    connector: "gotransverse",
    url: "https://a.example",
    options: {},
    plain_http: false,
    name: "Billing",
  };
  const { id } = await memory.gateway.tenantAddRemote(draft, {});
  return memory.world.tenants.find((tenant) => tenant.id === id)!;
}

async function open(
  options: { policy?: Partial<Policy>; memory?: MemoryGateway; succeeds?: KeyView; tenant?: string } = {},
) {
  const memory = options.memory ?? new MemoryGateway({ now: () => now });
  const id = options.tenant ?? (await tenantOf(memory)).id;
  Object.assign(memory.world.tenants.find((tenant) => tenant.id === id)!.policy, options.policy);
  const tenant = (await memory.gateway.tenantList()).find((one) => one.id === id)!;
  const connector = memory.connectors.all.find((one) => one.id === "gotransverse")!;
  const on = { close: vi.fn(), recorded: vi.fn<(recorded: RecordedKey) => void>() };
  const view = render(RecordKeyDialog, {
    props: {
      tenant,
      connector,
      operator: "Port operations",
      vault: "keychain",
      succeeds: options.succeeds ?? null,
      onclose: on.close,
      onrecorded: on.recorded,
      onmanagesets: vi.fn(),
      onmanageorganizations: vi.fn(),
      now: () => now.getTime(),
    },
    context: gatewayContext(memory.gateway),
  });
  await screen.findByRole("option", { name: "Billing" });
  await screen.findByRole("button", { name: "Open goTransverse's page" });
  return { ...view, ...on, memory, tenant, user: userEvent.setup() };
}

const button = (name: RegExp | string) => screen.getByRole("button", { name });
const field = (name: RegExp) => screen.getByRole("textbox", { name });

describe("Record a key", () => {
  it("leads to the vendor's page, takes the key and records it", async () => {
    const { user, memory, recorded, tenant } = await open();
    expect(button(/^Paste key/)).toHaveFocus();
    await user.click(button("Open goTransverse's page"));
    expect(memory.callsOf("guideOpen")).toEqual([[tenant.id, "create"]]);
    expect(await screen.findByText("Opened in the browser:")).toBeVisible();
    const steps = screen.getByRole("list", { name: "What you do at goTransverse" });
    expect(steps).toHaveTextContent("Sign in as the user whom the key is for.");

    await user.click(button(/^Paste key/));
    expect(screen.getByText("32 characters")).toBeVisible();
    expect(button("Take out")).toHaveFocus();
    await user.type(field(/^Name/), "meter totals");
    await user.dblClick(screen.getByRole("option", { name: "Billing" }));
    expect(screen.getByText("The key may use 1 of 9 API sets, without an end.")).toBeVisible();
    await user.click(button("Record key"));

    await waitFor(() => expect(recorded).toHaveBeenCalledOnce());
    const [[draft]] = memory.callsOf("keyRecord") as [[object]];
    expect(draft).toMatchObject({ tenant: tenant.id, name: "meter totals", api_sets: ["billing"], keep: true });
    expect(memory.guided.waiting.size).toBe(0);
  });

  it("takes the key with Ctrl+V from anywhere but a text field", async () => {
    const { user, memory } = await open();
    await user.click(field(/^Name/));
    await user.keyboard("{Control>}v{/Control}");
    expect(memory.callsOf("keyPaste")).toEqual([]);
    await user.click(screen.getByRole("checkbox", { name: /^Keep/ }));
    await user.keyboard("{Control>}v{/Control}");
    expect(await screen.findByText("32 characters")).toBeVisible();
    expect(memory.callsOf("keyPaste")).toHaveLength(1);
  });

  it("reads a file, gives the key back, and forgets it when it closes", async () => {
    const { user, memory, unmount } = await open();
    memory.guided.file = null;
    await user.click(button("Choose file…"));
    expect(screen.queryByText("32 characters")).toBeNull();
    memory.guided.file = "ffffeeeeddddccccbbbbaaaa99998888";
    await user.click(button("Choose file…"));
    await user.click(await screen.findByRole("button", { name: "Take out" }));
    await waitFor(() => expect(memory.guided.waiting.size).toBe(0));
    expect(button(/^Paste key/)).toHaveFocus();
    await user.click(button(/^Paste key/));
    await screen.findByText("32 characters");
    unmount();
    await waitFor(() => expect(memory.guided.waiting.size).toBe(0));
  });

  it("warns in words of a key that is unusual, or in the list", async () => {
    const memory = new MemoryGateway({ now: () => now });
    const { id: tenant } = await tenantOf(memory);
    const known = "5f0c1d2e3a4b5c6d7e8f901234567a9b";
    const { id } = await memory.gateway.keyPaste(tenant);
    const older = { tenant, name: "older one", description: "", owner: null, api_sets: ["billing"], tags: [] };
    await memory.gateway.keyRecord({ ...older, expires: { kind: "never" }, keep: false }, id);
    memory.guided.clipboard = "not what they give";
    const { user } = await open({ memory, tenant });
    await user.click(button(/^Paste key/));
    expect(await screen.findByText(/^It does not look as goTransverse's keys do/)).toBeVisible();
    await user.click(button("Take out"));
    memory.guided.clipboard = known;
    await user.click(button(/^Paste key/));
    expect(await screen.findByText(/^It is in the list already, as older one/)).toBeVisible();
    await user.type(field(/^Name/), "once more");
    await user.dblClick(screen.getByRole("option", { name: "Billing" }));
    await user.click(button("Record key"));
    expect(await screen.findByRole("alert")).toHaveTextContent(/^That is older one/);
    expect(button("Take out")).toHaveFocus();
  });

  it("says that there is no key, and loses nothing", async () => {
    const memory = new MemoryGateway({ now: () => now });
    memory.guided.clipboard = null;
    const { user, recorded } = await open({ memory });
    await user.type(field(/^Name/), "meter totals");
    await user.click(button("Record key"));
    expect(await screen.findByRole("alert")).toHaveTextContent("Paste the key or choose its file first.");
    expect(button(/^Paste key/)).toHaveFocus();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(screen.getByRole("alert")).toHaveTextContent(/no text on the clipboard/));
    expect(field(/^Name/)).toHaveValue("meter totals");
    expect(recorded).not.toHaveBeenCalled();
  });

  it("puts what is wrong at its field and keeps the key", async () => {
    const { user } = await open();
    await user.click(button(/^Paste key/));
    await user.type(field(/^Name/), "ab");
    await user.click(button("Record key"));
    await waitFor(() => expect(field(/^Name/)).toBeInvalid());
    expect(field(/^Name/)).toHaveFocus();
    expect(screen.getByText("32 characters")).toBeVisible();
  });

  it("says where the key is not kept", async () => {
    await open({ policy: { keep: "forbid" } });
    expect(screen.getByText("Billing forbids keeping keys on this computer.")).toBeVisible();
    expect(screen.queryByRole("checkbox")).toBeNull();
  });

  it("asks before it drops a key that was taken", async () => {
    const { user, close } = await open();
    await user.click(button(/^Paste key/));
    await user.click(button("Cancel"));
    expect(await screen.findByRole("alertdialog")).toHaveTextContent("a key that you pasted is forgotten");
    // Behind the question nothing is pasted.
    await user.click(button("Discard"));
    expect(close).toHaveBeenCalledOnce();
  });

  it("breaks no rule of axe", async () => {
    const { user, container } = await open();
    expect(await axeViolations(container)).toEqual([]);
    await user.click(button(/^Paste key/));
    await screen.findByText("32 characters");
    expect(await axeViolations(container)).toEqual([]);
  });
});

describe("the successor of a key that a person makes", () => {
  it("begins with what the old key is like, and takes its place", async () => {
    const memory = new MemoryGateway({ now: () => now });
    const { id: tenant } = await tenantOf(memory);
    const { id: pasted } = await memory.gateway.keyPaste(tenant);
    const draft = { tenant, name: "meter totals", description: "Quay", owner: null, tags: ["quay"] };
    const more = { api_sets: ["billing", "dunning"], expires: { kind: "never" } as const, keep: true };
    const { key: old } = await memory.gateway.keyRecord({ ...draft, ...more }, pasted);
    const { user, close } = await open({ memory, tenant, succeeds: old });
    expect(screen.getByRole("dialog", { name: "Rotate meter totals: record the new key" })).toBeVisible();
    expect(field(/^Name/)).toHaveValue("meter totals");
    expect(field(/^Tags/)).toHaveValue("quay");
    expect(screen.getByText("The key may use 2 of 9 API sets, without an end.")).toBeVisible();
    // Nothing was typed yet that could be lost.
    await user.keyboard("{Escape}");
    expect(close).toHaveBeenCalledOnce();
    memory.guided.clipboard = "00001111222233334444555566667777";
    await user.click(button(/^Paste key/));
    await user.click(button("Record key"));
    await waitFor(() => expect(memory.callsOf("keyRecord")).toHaveLength(2));
    expect(memory.callsOf("keyRecord")[1]?.[0]).toMatchObject({ succeeds: old.id, api_sets: ["billing", "dunning"] });
    expect(memory.callsOf("keyRecord")[1]?.[0]).not.toHaveProperty("overlap");
  });

  it("says how long the old key stays, where that is known already", async () => {
    const memory = new MemoryGateway({ now: () => now });
    const tenant = (await tenantOf(memory)).id;
    memory.guided.clipboard = "0123456789abcdef0123456789abcdef";
    const pasted = (await memory.gateway.keyPaste(tenant)).id;
    const draft = { tenant, name: "meter totals", description: "Quay", owner: null, tags: [], api_sets: ["billing"] };
    const { key: old } = await memory.gateway.keyRecord({ ...draft, expires: { kind: "never" }, keep: true }, pasted);
    const { user, container } = await open({ memory, tenant, succeeds: old });
    const stays = screen.getByRole("combobox", { name: "Old key stays valid" });
    expect(stays).toHaveDisplayValue("Until you retire it");
    expect(stays).toHaveAccessibleDescription(/goTransverse takes the old key until you revoke it in its pages/);
    await user.selectOptions(stays, screen.getByRole("option", { name: "Until a date…" }));
    expect(await axeViolations(container)).toEqual([]);
    memory.guided.clipboard = "00001111222233334444555566667777";
    await user.click(button(/^Paste key/));
    memory.fail("keyRecord", {
      code: "invalid_input",
      field: { name: "overlap", rule: "not_a_date" },
    });
    await user.click(button("Record key"));
    await waitFor(() => expect(field(/^Old key valid until/)).toHaveFocus());
    await user.selectOptions(stays, "168");
    await user.click(button("Record key"));
    await waitFor(() => expect(memory.callsOf("keyRecord")).toHaveLength(3));
    expect(memory.callsOf("keyRecord")[2]?.[0]).toMatchObject({ overlap: { kind: "hours", hours: 168 } });
  });
});
