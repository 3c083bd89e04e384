import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext, type TenantEdit, type TenantView } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import AddTenantDialog from "./AddTenantDialog.svelte";
import NoTenants from "./NoTenants.svelte";
import RemoveTenantDialog from "./RemoveTenantDialog.svelte";
import TenantSettingsDialog from "./TenantSettingsDialog.svelte";

async function harbour(memory: MemoryGateway): Promise<TenantView> {
  const tenant = (await memory.gateway.tenantList()).find(({ id }) => id === "t-harbour");
  if (!tenant) throw new Error("The fixture has no Harbour Authority.");
  return tenant;
}

describe("adding a tenant", () => {
  function show(memory = new MemoryGateway()) {
    const calls = { onclose: vi.fn(), onadded: vi.fn() };
    const view = render(AddTenantDialog, { props: calls, context: gatewayContext(memory.gateway) });
    return { ...view, ...calls, memory, user: userEvent.setup() };
  }

  it("starts with the name and the usual prefix", async () => {
    const { container } = show();
    expect(screen.getByRole("textbox", { name: /^Name/ })).toHaveFocus();
    expect(screen.getByRole("textbox", { name: "Prefix" })).toHaveValue("lk");
    expect(await axeViolations(container)).toEqual([]);
  });

  it("adds it with Enter", async () => {
    const { user, memory, onadded } = show();
    await user.keyboard("Depot{Enter}");
    await waitFor(() => expect(onadded).toHaveBeenCalledOnce());
    expect(memory.callsOf("tenantAdd")).toEqual([[{ name: "Depot", prefix: "lk", template: null }]]);
  });

  it("starts from a template, whose prefix and format it takes", async () => {
    const { user, memory, onadded } = show();
    await user.keyboard("Signatures");
    const template = screen.getByRole("combobox", { name: "Template" });
    await screen.findByRole("option", { name: "Documenso" });
    await user.selectOptions(template, "Documenso");
    expect(template).toHaveAccessibleDescription(/API tokens of a person or a team/);
    expect(screen.getByRole("textbox", { name: "Prefix" })).toHaveValue("api");
    await user.selectOptions(template, "goTransverse");
    expect(screen.queryByRole("textbox", { name: "Prefix" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Add tenant" }));
    await waitFor(() => expect(onadded).toHaveBeenCalledOnce());
    expect(memory.callsOf("tenantAdd")).toEqual([[{ name: "Signatures", prefix: null, template: "gotransverse" }]]);
  });

  it("starts from a template in a file, and says where that is none", async () => {
    const { user, memory, onadded } = show();
    await user.keyboard("Second catalogue");
    memory.fail("templateOpen", {
      code: "failed",
      message: "x is not a template: it is cut.",
      hint: "Choose another.",
    });
    await user.click(screen.getByRole("button", { name: "From a file…" }));
    expect(await screen.findByText(/x is not a template: it is cut/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "From a file…" }));
    expect(await screen.findByRole("option", { name: "Spare parts (from a file)" })).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Add tenant" }));
    await waitFor(() => expect(onadded).toHaveBeenCalledOnce());
    expect(memory.callsOf("tenantAdd")[0]?.[0]).toMatchObject({
      template: null,
      own_template: { name: "Spare parts" },
    });
  });

  it("says what keys will begin with", async () => {
    const { user } = show();
    const prefix = screen.getByRole("textbox", { name: "Prefix" });
    await user.clear(prefix);
    await user.type(prefix, "port");
    expect(prefix).toHaveAccessibleDescription(/begin with port_/);
  });

  it.each([
    ["Name", "Harbour Authority", "lk"],
    ["Prefix", "Depot", "Port!"],
  ])("puts what is wrong at the field %s and keeps what was typed", async (field, name, prefix) => {
    const { user, onadded } = show();
    await user.keyboard(name);
    const prefixField = screen.getByRole("textbox", { name: "Prefix" });
    await user.clear(prefixField);
    await user.type(prefixField, `${prefix}{Enter}`);
    const wrong = screen.getByRole("textbox", { name: new RegExp(`^${field}`) });
    await waitFor(() => expect(wrong).toBeInvalid());
    expect(wrong).toHaveFocus();
    expect(screen.getByRole("textbox", { name: /^Name/ })).toHaveValue(name);
    expect(prefixField).toHaveValue(prefix);
    expect(onadded).not.toHaveBeenCalled();
  });
});

describe("the settings of a tenant", () => {
  async function show(memory = new MemoryGateway()) {
    const calls = { onclose: vi.fn(), onsaved: vi.fn(), onremove: vi.fn(), onorganizations: vi.fn() };
    const tenant = await harbour(memory);
    const view = render(TenantSettingsDialog, {
      props: { tenant, ...calls },
      context: gatewayContext(memory.gateway),
    });
    return { ...view, ...calls, memory, user: userEvent.setup() };
  }

  it("have nothing that axe objects to", async () => {
    const { container } = await show();
    expect(await axeViolations(container)).toEqual([]);
  });

  it("save name, prefix and rules", async () => {
    const { user, memory, onsaved } = await show();
    await user.type(screen.getByRole("textbox", { name: "Longest lifetime in days" }), "365");
    await user.click(screen.getByRole("checkbox", { name: /at least one API set/ }));
    await user.click(screen.getByRole("radio", { name: "Never keep a secret" }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(onsaved).toHaveBeenCalledOnce());
    expect(memory.callsOf("tenantEdit")[0]?.[1]).toEqual({
      name: "Harbour Authority",
      prefix: "lk",
      format: "latchkey",
      policy: {
        max_lifetime_days: 365,
        allow_never: false,
        require_api_set: true,
        keep: "forbid",
        warning_days: 30,
        default_expiration: null,
        unique_names: false,
        own_keys_only: false,
        rotate_after_days: null,
      },
    });
  });

  it("explain that a longest lifetime forbids keys without an end, and take that back with it", async () => {
    const { user } = await show();
    const ceiling = screen.getByRole("textbox", { name: "Longest lifetime in days" });
    const never = screen.getByRole("checkbox", { name: "Keys may be without an end" });
    await user.type(ceiling, "9");
    expect(never).toBeDisabled();
    expect(never).not.toBeChecked();
    await user.clear(ceiling);
    expect(never).toBeEnabled();
    expect(never).toBeChecked();
  });

  it.each(["ninety", "-1", "1.5", "99999999999"])("do not send %j as a number", async (typed) => {
    const { user, memory } = await show();
    const warning = screen.getByRole("textbox", { name: /^Warn/ });
    await user.clear(warning);
    await user.type(warning, typed);
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(warning).toBeInvalid();
    expect(warning).toHaveFocus();
    expect(warning).toHaveValue(typed);
    expect(memory.callsOf("tenantEdit")).toEqual([]);
  });

  it.each(["ninety", "-1", "30 days"])("do not switch rotation off because of %j", async (typed) => {
    const { user, memory, onsaved } = await show();
    const rotation = screen.getByRole("textbox", { name: /^Rotate keys after/ });
    await user.type(rotation, typed);
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(rotation).toBeInvalid();
    expect(rotation).toHaveFocus();
    expect(memory.callsOf("tenantEdit")).toEqual([]);
    await user.clear(rotation);
    await user.type(rotation, "45{Enter}");
    await waitFor(() => expect(onsaved).toHaveBeenCalledOnce());
    const [, edit] = memory.callsOf("tenantEdit")[0] as [string, TenantEdit];
    expect(edit.policy?.rotate_after_days).toBe(45);
  });

  it("tell the limit of rotation once, at its field", async () => {
    const { user } = await show();
    const rotation = screen.getByRole("textbox", { name: /^Rotate keys after/ });
    await user.type(rotation, "40000{Enter}");
    await waitFor(() => expect(rotation).toBeInvalid());
    expect(rotation).toHaveAccessibleDescription(/36/);
    expect(screen.getAllByText(/36.?500/)).toHaveLength(1);
  });

  it("tell Rust's limit at the field", async () => {
    const { user } = await show();
    const ceiling = screen.getByRole("textbox", { name: "Longest lifetime in days" });
    await user.type(ceiling, "40000{Enter}");
    await waitFor(() => expect(ceiling).toBeInvalid());
    expect(ceiling).toHaveAccessibleDescription(/36/);
  });

  it("save names, owners, the default end and the format", async () => {
    const { user, memory, onsaved } = await show();
    await user.click(screen.getByRole("checkbox", { name: /same name/ }));
    await user.click(screen.getByRole("checkbox", { name: /for themselves only/ }));
    await user.selectOptions(screen.getByRole("combobox", { name: "A new key ends" }), "days");
    await user.type(screen.getByRole("textbox", { name: /^Number of days/ }), "45");
    await user.selectOptions(screen.getByRole("combobox", { name: "Key format" }), "sk-hex64");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(onsaved).toHaveBeenCalledOnce());
    const [, edit] = memory.callsOf("tenantEdit")[0] as [string, TenantEdit];
    expect(edit.format).toBe("sk-hex64");
    expect(edit.policy).toMatchObject({
      unique_names: true,
      own_keys_only: true,
      default_expiration: { kind: "days", days: 45 },
    });
  });

  it("ask for a number of days where they need one", async () => {
    const { user, memory } = await show();
    await user.selectOptions(screen.getByRole("combobox", { name: "A new key ends" }), "days");
    await user.click(screen.getByRole("button", { name: "Save" }));
    const days = screen.getByRole("textbox", { name: /^Number of days/ });
    expect(days).toBeInvalid();
    expect(days).toHaveFocus();
    expect(memory.callsOf("tenantEdit")).toEqual([]);
  });

  it("show before Save which keys do not meet the rules, and list them", async () => {
    const { user, memory, container } = await show();
    expect(await screen.findByText(/keys in use meets? these rules/)).toBeVisible();
    await user.type(screen.getByRole("textbox", { name: "Longest lifetime in days" }), "60");
    expect(await screen.findByText(/keys in use do not meet these rules/)).toBeVisible();
    expect(screen.getByText(/Has no end: \d/)).toBeVisible();
    expect(memory.callsOf("tenantEdit")).toEqual([]);
    expect(await axeViolations(container)).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Show these keys" }));
    const list = await screen.findByRole("list", { name: "Keys and why" });
    await waitFor(() => expect(list).toHaveTextContent("ledger export (nightly)"));
    expect(list).toHaveTextContent("Has no end");
    await user.keyboard("{Escape}");
    expect(screen.getByRole("button", { name: "Show these keys" })).toHaveFocus();
  });

  it("show before Save which keys have another prefix or format", async () => {
    const { user, memory } = await show();
    const prefix = screen.getByRole("textbox", { name: /^Prefix/ });
    await user.clear(prefix);
    await user.type(prefix, "hb");
    expect(await screen.findByText(/Begins with another prefix: \d/)).toBeVisible();
    await user.selectOptions(screen.getByRole("combobox", { name: "Key format" }), "hex32");
    expect(await screen.findByText(/Is made up in another key format: \d/)).toBeVisible();
    expect(memory.callsOf("tenantEdit")).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Show these keys" }));
    const list = await screen.findByRole("list", { name: "Keys and why" });
    await waitFor(() => expect(list).toHaveTextContent("Is made up in another key format"));
  });

  it("copy the pattern that finds keys", async () => {
    const { user } = await show();
    await user.click(screen.getByRole("button", { name: "Copy pattern" }));
    expect(await navigator.clipboard.readText()).toContain("lk_[0-9A-Za-z]{8}_");
    expect(screen.getByRole("button", { name: "Pattern copied" })).toBeVisible();
  });
});

describe("removing a tenant", () => {
  it("is refused in words while keys work", async () => {
    const memory = new MemoryGateway();
    const onremoved = vi.fn();
    render(RemoveTenantDialog, {
      props: { tenant: await harbour(memory), onclose: vi.fn(), onremoved },
      context: gatewayContext(memory.gateway),
    });
    const question = screen.getByRole("alertdialog", { name: "Remove Harbour Authority?" });
    expect(question).toHaveTextContent("records of its 9 keys");
    await userEvent.click(screen.getByRole("button", { name: "Remove tenant" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Revoke them first");
    expect(onremoved).not.toHaveBeenCalled();
    expect(await axeViolations(question)).toEqual([]);
  });
});

describe("a profile without tenants", () => {
  it("teaches what a tenant is", async () => {
    const onadd = vi.fn();
    const { container } = render(NoTenants, { props: { onadd } });
    await userEvent.click(screen.getByRole("button", { name: "Add tenant" }));
    expect(onadd).toHaveBeenCalledOnce();
    expect(await axeViolations(container)).toEqual([]);
  });
});
