import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import OrganizationsDialog from "./OrganizationsDialog.svelte";

async function open(template: string | null = "documoto") {
  const memory = new MemoryGateway();
  const tenant = await memory.gateway.tenantAdd({ name: "Parts catalogue", prefix: null, template });
  const view = render(OrganizationsDialog, {
    props: { tenant, onclose: vi.fn() },
    context: gatewayContext(memory.gateway),
  });
  await waitFor(() => expect(memory.callsOf("groupList")).toHaveLength(1));
  return { ...view, memory, tenant, user: userEvent.setup() };
}

const form = (name: string) => within(screen.getByRole("group", { name }));
const list = (name: string) => within(screen.getByRole("list", { name }));

describe("the editor of organizations and user groups", () => {
  it("shows what the template brought, in its words", async () => {
    const { container } = await open();
    expect(await screen.findByText("Main organization")).toBeVisible();
    expect(list("Organization").getByText("all permissions")).toBeVisible();
    expect(list("User Group(s)").getByText("Tenant Admin, Organization Admin, API Key Admin")).toBeVisible();
    expect(await axeViolations(container)).toEqual([]);
  });

  it("adds an organization that holds permissions back, by keyboard", async () => {
    const { user, memory, tenant } = await open();
    const add = form("Add an organization");
    await user.type(add.getByRole("textbox", { name: /^Name/ }), "Dealers");
    await user.click(add.getByRole("checkbox", { name: /every permission/ }));
    await user.click(add.getByRole("checkbox", { name: /^Publisher/ }));
    await user.type(add.getByRole("textbox", { name: /^Name/ }), "{Enter}");
    await waitFor(() =>
      expect(memory.callsOf("organizationAdd")).toEqual([
        [tenant.id, { id: null, name: "Dealers", permissions: ["publisher"] }],
      ]),
    );
    expect(await list("Organization").findByText("Dealers")).toBeVisible();
    await waitFor(() => expect(add.getByRole("textbox", { name: /^Name/ })).toHaveFocus());
    expect(add.getByRole("textbox", { name: /^Name/ })).toHaveValue("");
  });

  it("changes a group in its place, and Escape leaves it as it was", async () => {
    const { user, memory, tenant } = await open();
    await user.click(await screen.findByRole("button", { name: "Edit Publishers" }));
    const edit = form("Edit Publishers");
    expect(edit.getByRole("textbox", { name: /^Name/ })).toHaveFocus();
    await user.keyboard("x{Escape}");
    expect(screen.getByRole("button", { name: "Edit Publishers" })).toHaveFocus();

    await user.keyboard("{Enter}");
    await user.click(form("Edit Publishers").getByRole("checkbox", { name: /^Exporter/ }));
    await user.click(form("Edit Publishers").getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(memory.callsOf("groupEdit")).toEqual([
        [tenant.id, { id: "publishers", name: "Publishers", permissions: ["publisher", "exporter"] }],
      ]),
    );
    expect(await list("User Group(s)").findByText("Publisher, Exporter")).toBeVisible();
  });

  it("keeps what was typed where a name is taken", async () => {
    const { user } = await open();
    const add = form("Add a user group");
    await user.type(add.getByRole("textbox", { name: /^Name/ }), "exporters");
    await user.click(add.getByRole("button", { name: "Add" }));
    const name = add.getByRole("textbox", { name: /^Name/ });
    await waitFor(() => expect(name).toBeInvalid());
    expect(name).toHaveFocus();
    expect(name).toHaveValue("exporters");
  });

  it("takes free identifiers where the tenant has no catalogue, and removes what no key has", async () => {
    const { user, memory, tenant } = await open(null);
    expect(await screen.findByText(/No user groups yet/)).toBeVisible();
    const add = form("Add a user group");
    await user.type(add.getByRole("textbox", { name: /^Name/ }), "Editors");
    await user.type(add.getByRole("textbox", { name: "Permissions" }), "read, write");
    await user.click(add.getByRole("button", { name: "Add" }));
    await waitFor(() =>
      expect(memory.callsOf("groupAdd")).toEqual([
        [tenant.id, { id: null, name: "Editors", permissions: ["read", "write"] }],
      ]),
    );
    await user.click(await screen.findByRole("button", { name: "Remove Editors" }));
    expect(await screen.findByText(/No user groups yet/)).toBeVisible();
  });

  it("does not remove what keys belong to", async () => {
    const { user, memory, tenant } = await open();
    await memory.gateway.keyNew({
      tenant: tenant.id,
      name: "web shop",
      description: "",
      owner: null,
      api_sets: [],
      organization: "main",
      groups: ["publishers"],
      expires: { kind: "never" },
    });
    await user.click(screen.getByRole("button", { name: "Edit Exporters" }));
    await user.click(form("Edit Exporters").getByRole("button", { name: "Save" }));
    await user.click(await screen.findByRole("button", { name: "Remove Publishers" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("1 key belongs to Publishers.");
    expect(memory.callsOf("groupRemove")).toEqual([]);
  });
});
