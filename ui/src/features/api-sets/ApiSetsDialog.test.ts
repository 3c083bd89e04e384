import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import { emptyWorld } from "../../lib/ipc/memory-fixture";
import ApiSetsDialog from "./ApiSetsDialog.svelte";

async function show(memory = new MemoryGateway()) {
  const [tenant] = await memory.gateway.tenantList();
  const onclose = vi.fn();
  const view = render(ApiSetsDialog, { props: { tenant: tenant!, onclose }, context: gatewayContext(memory.gateway) });
  return { ...view, onclose, memory, user: userEvent.setup() };
}

const field = (name: RegExp) => screen.getByRole("textbox", { name });

describe("the API sets of a tenant", () => {
  it("stand under their groups with the number of their keys", async () => {
    const { container } = await show();
    const money = await screen.findByRole("list", { name: "Money" });
    expect(
      within(money)
        .getAllByRole("listitem")
        .map((item) => item.textContent.replace(/\s+/gu, " ").trim()),
    ).toEqual([
      "Billing billing 4 keys",
      "Dunning dunning 1 key",
      "Revenue Management revenue-management 1 key",
      "Tax Essentials tax-essentials 2 keys",
    ]);
    expect(await axeViolations(container)).toEqual([]);
  });

  it("can be added many in a row: the group stays, the identifier has the focus", async () => {
    const { user, memory } = await show();
    await user.type(field(/^Identifier/), "files:read");
    await user.type(screen.getByRole("combobox", { name: "Group" }), "Files{Enter}");
    expect(await screen.findByRole("list", { name: "Files" })).toHaveTextContent("files:read");
    expect(field(/^Identifier/)).toHaveFocus();
    expect(field(/^Identifier/)).toHaveValue("");
    await user.keyboard("files:write{Enter}");
    await waitFor(() => expect(screen.getByRole("list", { name: "Files" })).toHaveTextContent("files:write"));
    expect(memory.callsOf("apiSetAdd").map(([, draft]) => draft)).toEqual([
      { id: "files:read", name: null, group: "Files", description: "" },
      { id: "files:write", name: null, group: "Files", description: "" },
    ]);
  });

  it.each(["", "no spaces", "billing"])("refuse the identifier %j at its field", async (id) => {
    const { user } = await show();
    if (id) await user.type(field(/^Identifier/), id);
    await user.click(screen.getByRole("button", { name: "Add" }));
    await waitFor(() => expect(field(/^Identifier/)).toBeInvalid());
    expect(field(/^Identifier/)).toHaveFocus();
    expect(field(/^Identifier/)).toHaveValue(id);
  });

  it("can be renamed and moved to another group in their place", async () => {
    const { user, memory } = await show();
    await user.click(await screen.findByRole("button", { name: "Edit Currex" }));
    await waitFor(() => expect(field(/^Name/)).toHaveFocus());
    await user.clear(field(/^Name/));
    await user.keyboard("Currency exchange{Enter}");
    await waitFor(() => expect(screen.getByRole("button", { name: "Edit Currency exchange" })).toHaveFocus());
    expect(memory.callsOf("apiSetEdit")[0]?.[1]).toEqual({
      id: "currex",
      name: "Currency exchange",
      group: "Selling",
      description: "",
    });
  });

  it("leave the editing with Escape, and only then the dialog", async () => {
    const { user, onclose } = await show();
    await user.click(await screen.findByRole("button", { name: "Edit Currex" }));
    await waitFor(() => expect(field(/^Name/)).toHaveFocus());
    await user.keyboard("{Escape}");
    expect(onclose).not.toHaveBeenCalled();
    expect(await screen.findByRole("button", { name: "Edit Currex" })).toHaveFocus();
    await user.keyboard("{Escape}");
    expect(onclose).toHaveBeenCalledOnce();
  });

  it("are described where they are added and in their place", async () => {
    const { user, memory } = await show();
    await user.type(field(/^Identifier/), "files:read");
    await user.type(field(/^Description/), "Reads every file{Enter}");
    expect(await screen.findByText("Reads every file")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Edit files:read" }));
    const description = await screen.findByRole("textbox", { name: /^Description/ });
    await user.clear(description);
    await user.type(description, "Reads the files of its owner");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Reads the files of its owner")).toBeVisible();
    expect(memory.callsOf("apiSetEdit")[0]?.[1]).toMatchObject({ description: "Reads the files of its owner" });
  });

  it("can be retired and restored", async () => {
    const { user, container } = await show();
    await user.click(await screen.findByRole("button", { name: "Retire Billing" }));
    const restore = await screen.findByRole("button", { name: "Restore Billing" });
    expect(screen.getByRole("list", { name: "Money" })).toHaveTextContent(/Billing Retired/);
    expect(await axeViolations(container)).toEqual([]);
    await user.click(restore);
    expect(await screen.findByRole("button", { name: "Retire Billing" })).toBeVisible();
  });

  const planned = {
    file: "sets.csv",
    added: 1,
    changed: 1,
    unchanged: 3,
    untouched: 5,
    sets: [
      { id: "files:read", name: "Read files", change: "added" as const },
      { id: "billing", name: "Invoices", change: "changed" as const },
    ],
    refused: [],
  };

  it("are imported once somebody has seen what it does", async () => {
    const memory = new MemoryGateway();
    memory.chosenImport = planned;
    const { user, container } = await show(memory);
    await user.click(await screen.findByRole("button", { name: "Import…" }));
    const question = await screen.findByRole("dialog", { name: "Import sets.csv" });
    expect(question).toHaveTextContent("1 new, 1 changed, 3 as they were.");
    expect(question).toHaveTextContent("5 API sets are not in the file and stay.");
    expect(memory.callsOf("apiSetImport")).toEqual([]);
    expect(await axeViolations(container)).toEqual([]);
    await user.click(within(question).getByRole("button", { name: "Import" }));
    expect(await screen.findByRole("button", { name: "Edit Invoices" })).toBeVisible();
    expect(memory.callsOf("apiSetImport")).toHaveLength(1);
  });

  it("are not imported from a file with a wrong line, which is named", async () => {
    const memory = new MemoryGateway();
    memory.chosenImport = {
      ...planned,
      refused: [{ line: 7, message: "…", field: { name: "id", rule: "taken" } }],
    };
    const { user } = await show(memory);
    await user.click(await screen.findByRole("button", { name: "Import…" }));
    const question = await screen.findByRole("dialog", { name: "Import sets.csv" });
    expect(question).toHaveTextContent("Line 7: This is taken already.");
    expect(within(question).queryByRole("button", { name: "Import" })).toBeNull();
    await user.click(within(question).getByRole("button", { name: "Done" }));
    expect(memory.callsOf("apiSetImport")).toEqual([]);
  });

  it("say why a file is none", async () => {
    const memory = new MemoryGateway();
    memory.fail("apiSetImportChoose", { code: "invalid_input", message: "Line 2 is no text in UTF-8." });
    const { user } = await show(memory);
    await user.click(await screen.findByRole("button", { name: "Import…" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Nothing was changed. Line 2 is no text in UTF-8.");
  });

  it("are exported where Rust's dialog says", async () => {
    const { user, memory } = await show();
    await user.click(await screen.findByRole("button", { name: "Export…" }));
    await waitFor(() => expect(memory.callsOf("apiSetExport")).toHaveLength(1));
  });

  it("are not taken away from under a key", async () => {
    const { user, memory } = await show();
    await user.click(await screen.findByRole("button", { name: "Remove Billing" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Billing is used by 4 keys");
    expect(memory.callsOf("apiSetRemove")).toEqual([]);
  });

  it("teach where there are none", async () => {
    const memory = new MemoryGateway({ world: emptyWorld() });
    await memory.gateway.tenantAdd({ name: "Depot", prefix: null, template: null });
    const { container } = await show(memory);
    expect(await screen.findByText("No API sets yet")).toBeVisible();
    expect(await axeViolations(container)).toEqual([]);
  });

  it("say when they cannot be read", async () => {
    const memory = new MemoryGateway();
    memory.fail("apiSetList", { code: "profile_busy" });
    const { user } = await show(memory);
    await user.click(await screen.findByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("list", { name: "Money" })).toBeVisible();
  });
});
