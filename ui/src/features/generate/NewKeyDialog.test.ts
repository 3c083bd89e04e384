import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext, type NewKey, type Policy } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import { harbourWorld } from "../../lib/ipc/memory-fixture";
import NewKeyDialog from "./NewKeyDialog.svelte";

const now = new Date(2026, 10, 21, 9, 0);

async function open(options: { policy?: Partial<Policy>; noSets?: boolean } = {}) {
  const world = harbourWorld(now);
  const stored = world.tenants.find((tenant) => tenant.name === "Harbour Authority");
  if (!stored) throw new Error("no tenant");
  Object.assign(stored.policy, options.policy);
  if (options.noSets) stored.apiSets = [];
  const memory = new MemoryGateway({ world, now: () => now });
  const tenant = (await memory.gateway.tenantList()).find((one) => one.id === stored.id);
  if (!tenant) throw new Error("no tenant");
  const on = { close: vi.fn(), finished: vi.fn<(newKey: NewKey) => void>(), manage: vi.fn() };
  const view = render(NewKeyDialog, {
    props: {
      tenant,
      operator: "Port operations",
      onclose: on.close,
      onfinished: on.finished,
      onmanagesets: on.manage,
      onmanageorganizations: vi.fn(),
      now: () => now.getTime(),
    },
    context: gatewayContext(memory.gateway),
  });
  if (options.noSets) await screen.findByText(/has no API sets yet/);
  else await screen.findByRole("option", { name: "Billing" });
  return { ...view, ...on, memory, stored, user: userEvent.setup() };
}

const field = (name: RegExp) => screen.getByRole("textbox", { name });
const button = (name: string) => screen.getByRole("button", { name });

describe("New API Key", () => {
  it("generates what was asked for", async () => {
    const { user, memory, finished, stored } = await open();
    expect(field(/^Name/)).toHaveFocus();
    await user.keyboard("quay-4 gateway");
    await user.type(field(/^Description/), "Reads meters.");
    await user.selectOptions(screen.getByRole("combobox", { name: "Expiration" }), "180 days · 20 May 2027");
    await user.dblClick(screen.getByRole("option", { name: "Billing" }));
    expect(screen.getByText("The key may use 1 of 9 API sets until 20 May 2027.")).toBeVisible();
    await user.click(button("Finish"));

    await waitFor(() => expect(finished).toHaveBeenCalledOnce());
    expect(memory.callsOf("keyNew")).toEqual([
      [
        {
          tenant: stored.id,
          name: "quay-4 gateway",
          description: "Reads meters.",
          owner: "Port operations",
          api_sets: ["billing"],
          tags: [],
          expires: { kind: "days", days: 180 },
        },
      ],
    ]);
  });

  it("says in words that a key without API sets can use none, and that one has no end", async () => {
    const { user } = await open();
    expect(
      screen.getByText("No API set is selected: the key exists until 19 Feb 2027 but can use none."),
    ).toBeVisible();
    await user.selectOptions(screen.getByRole("combobox", { name: "Expiration" }), "Never");
    await user.dblClick(screen.getByRole("option", { name: "Billing" }));
    expect(screen.getByText("The key may use 1 of 9 API sets, without an end.")).toBeVisible();
  });

  it("offers only the ends that the tenant allows", async () => {
    await open({ policy: { max_lifetime_days: 60 } });
    const select = screen.getByRole("combobox", { name: "Expiration" });
    expect([...select.querySelectorAll("option")].map((option) => option.textContent)).toEqual([
      "30 days · 21 Dec 2026",
      "60 days · 20 Jan 2027",
      "On a date …",
    ]);
    expect(select).toHaveAccessibleDescription("This tenant's keys live for at most 60 days.");
  });

  it("breaks no rule of axe", async () => {
    const { container } = await open({ policy: { require_api_set: true } });
    expect(await axeViolations(container)).toEqual([]);
  });
});

describe("what is wrong in New API Key", () => {
  it("stands at the name, has the focus there, and loses nothing", async () => {
    const { user, finished } = await open();
    await user.keyboard("ab");
    await user.type(field(/^Description/), "kept");
    await user.dblClick(screen.getByRole("option", { name: "Currex" }));
    await user.click(button("Finish"));

    await waitFor(() => expect(field(/^Name/)).toHaveAccessibleDescription("Use at least 3 characters."));
    expect(field(/^Name/)).toHaveFocus();
    expect(field(/^Name/)).toHaveValue("ab");
    expect(field(/^Description/)).toHaveValue("kept");
    expect(screen.getByText(/1 of 9 API sets/)).toBeVisible();
    expect(finished).not.toHaveBeenCalled();
    await user.keyboard("c");
    expect(field(/^Name/)).not.toBeInvalid();
  });

  it("stands at the date", async () => {
    const { user } = await open();
    await user.keyboard("quay-4");
    await user.selectOptions(screen.getByRole("combobox", { name: "Expiration" }), "On a date …");
    await user.type(field(/^Date/), "2026-11-01{Enter}");
    await waitFor(() => expect(field(/^Date/)).toHaveAccessibleDescription(/This day is in the past/));
    expect(field(/^Date/)).toHaveFocus();
    expect(screen.getByRole("combobox", { name: "Expiration" })).not.toBeInvalid();
  });

  it("stands at the API sets where the tenant demands one", async () => {
    const { user } = await open({ policy: { require_api_set: true } });
    await user.keyboard("quay-4{Enter}");
    const list = screen.getByRole("listbox", { name: "Available API" });
    await waitFor(() => expect(list).toHaveAccessibleDescription(/Fill this in\./));
    expect(list).toHaveFocus();
  });

  it("stands below where no field is at fault, and Finish can be tried again", async () => {
    const { user, memory, finished } = await open();
    memory.fail("keyNew", { code: "disk_full" });
    await user.keyboard("quay-4{Enter}");
    expect(await screen.findByRole("alert")).toHaveTextContent(/The disk is full\. Nothing was changed\./);
    await user.click(button("Finish"));
    await waitFor(() => expect(finished).toHaveBeenCalledOnce());
    expect(memory.callsOf("keyNew")).toHaveLength(2);
  });

  it("is asked only once while it is being generated", async () => {
    const { user, memory } = await open();
    let release = (): void => {};
    const keyNew = memory.gateway.keyNew.bind(memory.gateway);
    const asked = vi.fn<typeof keyNew>((draft) => new Promise((resolve) => (release = () => resolve(keyNew(draft)))));
    memory.gateway.keyNew = asked;
    await user.keyboard("quay-4{Enter}{Enter}{Escape}");
    expect(asked).toHaveBeenCalledOnce();
    expect(screen.queryByRole("alertdialog")).toBeNull();
    release();
  });

  it("is not an error when the API sets cannot be read: they can be asked for again", async () => {
    const { user, memory, component } = await open();
    expect(component).toBeDefined();
    memory.fail("apiSetList", { code: "profile_busy" });
    const second = render(NewKeyDialog, {
      props: {
        tenant: (await memory.gateway.tenantList())[0]!,
        operator: "x",
        onclose: vi.fn(),
        onfinished: vi.fn(),
        onmanagesets: vi.fn(),
        onmanageorganizations: vi.fn(),
      },
      context: gatewayContext(memory.gateway),
    });
    expect(await screen.findByText(/Another program is using the profile/)).toBeVisible();
    await user.click(button("Try again"));
    await waitFor(() => expect(second.container.querySelectorAll("[role=listbox]").length).toBeGreaterThan(0));
  });
});

describe("a name that is taken", () => {
  afterEach(() => vi.useRealTimers());

  it("is pointed out when typing pauses, and not forbidden", async () => {
    const { memory } = await open();
    vi.useFakeTimers({ shouldAdvanceTime: true });
    const user = userEvent.setup({ advanceTimers: (ms) => vi.advanceTimersByTime(ms) });
    await user.type(field(/^Name/), "crane controller");
    await vi.advanceTimersByTimeAsync(400);
    expect(field(/^Name/)).toHaveAccessibleDescription("1 other key of Harbour Authority has this name.");
    // Not once for each letter.
    expect(memory.callsOf("keyNameUses").length).toBeLessThan(3);
    expect(field(/^Name/)).not.toBeInvalid();
    await user.type(field(/^Name/), " 2");
    await vi.advanceTimersByTimeAsync(400);
    expect(field(/^Name/)).not.toHaveAccessibleDescription(/other key/);
  });
});

describe("closing New API Key", () => {
  it("asks nothing when nothing was typed", async () => {
    const { user, close } = await open();
    await user.keyboard("{Escape}");
    expect(close).toHaveBeenCalledOnce();
  });

  it("asks before it drops what was typed", async () => {
    const { user, close } = await open();
    await user.keyboard("quay-4");
    await user.click(button("Cancel"));
    expect(screen.getByRole("alertdialog", { name: "Discard this key?" })).toBeVisible();
    await user.click(button("Go on editing"));
    expect(close).not.toHaveBeenCalled();
    expect(field(/^Name/)).toHaveValue("quay-4");
    await user.keyboard("{Escape}");
    await user.click(button("Discard"));
    expect(close).toHaveBeenCalledOnce();
  });
});

describe("a tenant without API sets", () => {
  it("leads to them, and reads them when the focus comes back", async () => {
    const { user, manage, memory, stored } = await open({ noSets: true });
    await user.click(button("Add API sets …"));
    expect(manage).toHaveBeenCalledOnce();
    await memory.gateway.apiSetAdd(stored.id, { id: "files:read", name: "Read files", group: null });
    // The other dialog gives the focus back to the button that opened it.
    button("Add API sets …").blur();
    button("Add API sets …").focus();
    expect(await screen.findByRole("option", { name: "Read files" })).toBeVisible();
  });
});
