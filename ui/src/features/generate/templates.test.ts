// New API Key and Save generated key as the templates have them.
import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext, type NewKey } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import NewKeyDialog from "./NewKeyDialog.svelte";
import { offeredEnds, usualEnd } from "./offered-ends";
import SaveKeyDialog from "./SaveKeyDialog.svelte";

const now = new Date(2026, 10, 21, 9, 0);

async function open(template: string) {
  const memory = new MemoryGateway({ now: () => now });
  const tenant = await memory.gateway.tenantAdd({ name: "Parts catalogue", prefix: null, template });
  const finished = vi.fn<(newKey: NewKey) => void>();
  const view = render(NewKeyDialog, {
    props: {
      tenant,
      operator: "Port operations",
      onclose: vi.fn(),
      onfinished: finished,
      onmanagesets: vi.fn(),
      onmanageorganizations: vi.fn(),
      now: () => now.getTime(),
    },
    context: gatewayContext(memory.gateway),
  });
  return { ...view, memory, tenant, finished, user: userEvent.setup() };
}

const button = (name: string) => screen.getByRole("button", { name });

describe("New API Key of a Documoto tenant", () => {
  it("says what follows from organization and groups before it is generated", async () => {
    const { user, memory, container, finished } = await open("documoto");
    await user.type(screen.getByRole("textbox", { name: /^Name/ }), "web shop");
    expect(await screen.findByRole("combobox", { name: /^Organization/ })).toHaveDisplayValue("Main organization");
    expect(screen.getByText(/Choose its organization and its user groups/)).toBeVisible();
    expect(screen.queryByRole("listbox")).toBeNull();
    await user.click(screen.getByRole("checkbox", { name: "Publishers" }));
    expect(
      await screen.findByText("The key has Publisher: it may read and change content and tags. It has no end."),
    ).toBeVisible();
    await user.click(screen.getByRole("checkbox", { name: "Publishers" }));
    await user.click(screen.getByRole("checkbox", { name: "Administrators" }));
    expect(await screen.findByText(/Tenant Admin, Organization Admin, and API Key Admin/)).toBeVisible();
    expect(await axeViolations(container)).toEqual([]);
    await user.click(button("Save"));
    await waitFor(() => expect(finished).toHaveBeenCalledOnce());
    expect(memory.callsOf("keyNew")[0]?.[0]).toMatchObject({
      organization: "main",
      groups: ["administrators"],
      expires: { kind: "never" },
    });
  });

  it("stands at the groups where none is chosen, and loses nothing", async () => {
    const { user, finished } = await open("documoto");
    await user.type(screen.getByRole("textbox", { name: /^Name/ }), "web shop");
    await screen.findByRole("checkbox", { name: "Administrators" });
    await user.click(button("Save"));
    expect(await screen.findByText("Fill this in.")).toBeVisible();
    await waitFor(() => expect(screen.getByRole("checkbox", { name: "Administrators" })).toHaveFocus());
    expect(screen.getByRole("textbox", { name: /^Name/ })).toHaveValue("web shop");
    await user.keyboard(" ");
    expect(screen.queryByText("Fill this in.")).toBeNull();
    expect(finished).not.toHaveBeenCalled();
  });

  it("says which permissions the organization holds back", async () => {
    const { user, memory, tenant } = await open("documoto");
    await screen.findByRole("checkbox", { name: "Exporters" });
    await memory.gateway.organizationEdit(tenant.id, { id: "main", name: "Main", permissions: ["publisher"] });
    await user.click(screen.getByRole("checkbox", { name: "Exporters" }));
    expect(await screen.findByText(/carry no permissions.*Its organization holds back Exporter\./)).toBeVisible();
  });
});

describe("New API Key of a DocSpace tenant", () => {
  it("offers All, Restricted and Read only, and says that none restricts nothing", async () => {
    const { user, memory, finished } = await open("docspace");
    await user.type(screen.getByRole("textbox", { name: /^Label/ }), "bot");
    expect(screen.getByRole("radio", { name: "All" })).toBeChecked();
    const everything = "The key may do everything that its creator may do. It has no end.";
    expect(await screen.findByText(everything)).toBeVisible();
    await user.click(screen.getByRole("radio", { name: "Restricted" }));
    expect(await screen.findByText(everything)).toBeVisible();
    await user.click(screen.getByRole("radio", { name: "Read only" }));
    expect(await screen.findByText("The key may use 1 of 11 API sets, without an end.")).toBeVisible();

    await user.selectOptions(screen.getByRole("combobox", { name: "Key lifetime" }), "After a number of days …");
    const days = screen.getByRole("textbox", { name: /^Days/ });
    expect(days).toHaveValue("7");
    expect(days).toHaveAccessibleDescription("1 to 365.");
    await user.clear(days);
    await user.type(days, "30");
    await user.click(button("Generate"));
    await waitFor(() => expect(finished).toHaveBeenCalledOnce());
    expect(memory.callsOf("keyNew")[0]?.[0]).toMatchObject({
      api_sets: ["*:read"],
      expires: { kind: "days", days: 30 },
    });
  });
});

describe("the ends that a template offers", () => {
  it("are the vendor's, with its words, as far as the policy allows", async () => {
    const { tenant } = await open("documenso");
    const labels = (rules: typeof tenant): string[] => offeredEnds(rules, now.getTime()).map(({ label }) => label);
    expect(labels(tenant)).toEqual([
      "7 days · 28 Nov 2026",
      "1 month · 21 Dec 2026",
      "3 months · 19 Feb 2027",
      "6 months · 20 May 2027",
      "12 months · 21 Nov 2027",
      "Never",
    ]);
    expect(usualEnd(tenant, now.getTime())).toBe("90");
    const strict = { ...tenant, policy: { ...tenant.policy, max_lifetime_days: 60 } };
    expect(labels(strict)).toEqual(["7 days · 28 Nov 2026", "1 month · 21 Dec 2026"]);
    expect(usualEnd(strict, now.getTime())).toBe("7");
  });
});

describe("Save generated key", () => {
  it("copies the whole header, in Rust, in the template's words", async () => {
    const { user, memory, tenant } = await open("documoto");
    const newKey = await memory.gateway.keyNew({
      tenant: tenant.id,
      name: "web shop",
      description: "",
      owner: null,
      api_sets: [],
      organization: "main",
      groups: ["publishers"],
      expires: { kind: "never" },
    });
    const { container } = render(SaveKeyDialog, {
      props: { newKey, vault: "keychain", onclosed: vi.fn(), now: () => now.getTime() },
      context: gatewayContext(memory.gateway),
    });
    expect(screen.getByRole("group", { name: "API Authorization Header" })).toBeVisible();
    await user.click(button("Copy as Authorization header"));
    await waitFor(() => expect(memory.callsOf("secretCopyHeader")).toEqual([[newKey.key.id]]));
    expect(await screen.findByRole("button", { name: "Copied" })).toBeVisible();
    expect(memory.callsOf("secretReveal")).toEqual([]);
    expect(await axeViolations(container)).toEqual([]);
  });
});
