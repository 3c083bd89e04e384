import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import { ChosenKey } from "./key-details.svelte";
import KeyDetailsPane from "./KeyDetailsPane.svelte";

const crane = "t-harbour-8fK2pQ7z";
const ledger = "t-harbour-c90LkeXb";
const unsavedTablet = "t-harbour-Rf6Yc9Kp";
const staging = "t-harbour-Tq8Zr61d";
const laptop = "t-harbour-u5BdE7Hn";

async function show(id: string, memory = new MemoryGateway()) {
  const chosen = new ChosenKey(memory.gateway);
  const calls = { onchanged: vi.fn(), ondeleted: vi.fn(), onrotated: vi.fn(), onopen: vi.fn() };
  const view = render(KeyDetailsPane, {
    props: {
      chosen,
      vault: "keychain",
      tenants: await memory.gateway.tenantList(),
      ...calls,
    },
    context: gatewayContext(memory.gateway),
  });
  chosen.choose(id);
  await screen.findByRole("heading", { level: 2 });
  return { ...view, ...calls, memory, chosen, user: userEvent.setup() };
}

describe("the details of a key", () => {
  it("tell everything known of it", async () => {
    await show(crane);
    const facts = Object.fromEntries(
      screen.getAllByRole("term").map((term) => [term.textContent, term.nextElementSibling?.textContent.trim()]),
    );
    expect(facts).toMatchObject({
      Status: "Expiring in 12 days",
      "Used for": "PLC of crane 4, north quay",
      Owner: "Port operations",
      Tenant: "Harbour Authority",
      Handle: "8fK2pQ7z",
    });
    const history = within(screen.getByRole("region", { name: "History" })).getAllByRole("listitem");
    expect(history.map((item) => item.querySelector("strong")?.textContent)).toEqual([
      "Copied",
      "Kept in the vault",
      "Generated",
    ]);
  });

  it.each([
    [crane, "In this computer's keychain"],
    [ledger, "Missing from the vault"],
    [unsavedTablet, "Nobody saved this key"],
    [staging, "Not kept."],
  ])("of %s say where the secret is", async (id, words) => {
    await show(id);
    expect(screen.getByText(new RegExp(`^${words}`))).toBeVisible();
  });

  it.each([crane, ledger, laptop])("of %s have nothing that axe objects to", async (id) => {
    const { container } = await show(id);
    expect(await axeViolations(container)).toEqual([]);
  });

  it("take nothing for the key shown before while another is chosen", async () => {
    const { chosen, memory, user } = await show(crane);
    chosen.choose(staging);
    for (const name of ["Edit…", "Disable", "Revoke…", "Delete…"]) {
      // No pause in between, in which the details of the other would come.
      screen.getByRole("button", { name }).click();
    }
    expect(screen.queryByRole("alertdialog")).toBeNull();
    await screen.findByRole("heading", { level: 2, name: "staging-integration" });
    expect(screen.queryByRole("alertdialog")).toBeNull();
    expect((await memory.gateway.keyShow(crane)).key.status).toBe("expiring");
    await user.click(screen.getByRole("button", { name: "Revoke…" }));
    expect(await screen.findByRole("alertdialog")).toHaveTextContent("staging-integration");
  });

  it("offer for a revoked key only what still makes sense", async () => {
    await show(laptop);
    expect(screen.getAllByRole("button").map((button) => button.getAttribute("aria-label"))).toEqual(["Delete…"]);
    expect(screen.getAllByText("Laptop was stolen", { exact: false })).toHaveLength(2);
  });

  it("say so when the key is gone", async () => {
    const memory = new MemoryGateway();
    const { chosen } = await show(crane, memory);
    memory.world.keys.splice(0);
    await chosen.refresh();
    expect(await screen.findByRole("alert")).toHaveTextContent("The key cannot be shown");
  });
});

describe("Copy again", () => {
  it("counts down what is on the clipboard, and stops when Rust has cleared it", async () => {
    const { user, memory } = await show(crane);
    await user.click(screen.getByRole("button", { name: "Copy again…" }));
    expect(await screen.findByText("Clears in 30 s")).toBeVisible();
    memory.emit("clipboard-cleared");
    await waitFor(() => expect(screen.queryByText(/Clears in/)).toBeNull());
    expect(screen.getByText("The clipboard was cleared.")).toBeVisible();
  });

  it("does nothing when the operator says no", async () => {
    const memory = new MemoryGateway();
    memory.confirmsCopy = false;
    const { user } = await show(crane, memory);
    await user.click(screen.getByRole("button", { name: "Copy again…" }));
    expect(memory.callsOf("keyCopy")).toEqual([[crane]]);
    expect(screen.queryByText(/Clears in/)).toBeNull();
  });

  it("explains a keychain that refuses", async () => {
    const memory = new MemoryGateway();
    memory.fail("keyCopy", { code: "keychain_no_service" });
    const { user } = await show(crane, memory);
    await user.click(screen.getByRole("button", { name: "Copy again…" }));
    expect(await screen.findByRole("alert")).not.toBeEmptyDOMElement();
  });
});

describe("the actions of a key", () => {
  it("disable and enable it at once", async () => {
    const { user, memory, onchanged } = await show(crane);
    await user.click(screen.getByRole("button", { name: "Disable" }));
    await user.click(await screen.findByRole("button", { name: "Enable" }));
    expect(await screen.findByRole("button", { name: "Disable" })).toBeVisible();
    expect(memory.callsOf("keyDisable")).toEqual([[crane]]);
    expect(memory.callsOf("keyEnable")).toEqual([[crane]]);
    expect(onchanged).toHaveBeenCalledTimes(2);
  });

  it("revoke it only after a question that names it and its use, with the reason", async () => {
    const { user, memory } = await show(crane);
    await user.click(screen.getByRole("button", { name: "Revoke…" }));
    const question = screen.getByRole("alertdialog", { name: "Revoke crane controller?" });
    expect(question).toHaveTextContent("PLC of crane 4, north quay");
    expect(await axeViolations(question)).toEqual([]);
    await user.type(within(question).getByRole("textbox"), "  Crane was sold ");
    await user.click(within(question).getByRole("button", { name: "Revoke key" }));
    expect(memory.callsOf("keyRevoke")).toEqual([[crane, "Crane was sold"]]);
    expect(await screen.findByText("Crane was sold")).toBeVisible();
  });

  it("keep the question and the reason when revoking fails", async () => {
    const memory = new MemoryGateway();
    memory.fail("keyRevoke", { code: "profile_busy" });
    const { user } = await show(crane, memory);
    await user.click(screen.getByRole("button", { name: "Revoke…" }));
    await user.type(screen.getByRole("textbox"), "sold");
    await user.click(screen.getByRole("button", { name: "Revoke key" }));
    expect(await screen.findByRole("alert")).toBeVisible();
    expect(screen.getByRole("textbox")).toHaveValue("sold");
  });

  it("delete it without a reason if none is given", async () => {
    const { user, memory, ondeleted } = await show(laptop);
    await user.click(screen.getByRole("button", { name: "Delete…" }));
    await user.click(screen.getByRole("button", { name: "Delete key" }));
    await waitFor(() => expect(ondeleted).toHaveBeenCalledOnce());
    expect(memory.callsOf("keyDelete")).toEqual([[laptop, null]]);
  });
});

describe("editing a key", () => {
  it("sends only what was changed", async () => {
    const { user, memory } = await show(crane);
    await user.click(screen.getByRole("button", { name: "Edit…" }));
    const dialog = screen.getByRole("dialog", { name: "Edit API key" });
    await within(dialog).findByRole("listbox", { name: /Selected API/ });
    expect(await axeViolations(dialog)).toEqual([]);
    const name = within(dialog).getByRole("textbox", { name: /^Name/ });
    await user.clear(name);
    await user.type(name, "crane 4 controller{Enter}");
    expect(memory.callsOf("keyEdit")).toEqual([
      [crane, { name: "crane 4 controller", description: null, owner: null, api_sets: null, expires: null }],
    ]);
    expect(await screen.findByRole("heading", { name: "crane 4 controller" })).toBeVisible();
  });

  it("asks for a date only where one is wanted", async () => {
    const { user, memory } = await show(crane);
    await user.click(screen.getByRole("button", { name: "Edit…" }));
    await user.selectOptions(screen.getByRole("combobox", { name: "Expiration" }), "date");
    const date = screen.getByLabelText(/^Date/);
    await user.clear(date);
    await user.type(date, "2099-01-31");
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(memory.callsOf("keyEdit")[0]?.[1]).toMatchObject({ expires: { kind: "date", date: "2099-01-31" } });
  });

  it("puts what is wrong at its field and loses nothing", async () => {
    const { user } = await show(crane);
    await user.click(screen.getByRole("button", { name: "Edit…" }));
    const name = screen.getByRole("textbox", { name: /^Name/ });
    await user.clear(name);
    await user.type(name, "x");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(name).toBeInvalid());
    expect(name).toHaveFocus();
    expect(name).toHaveValue("x");
    expect(name).toHaveAccessibleDescription(/3/);
  });
});
