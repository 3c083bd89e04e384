import { createEvent, fireEvent, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext, type KeyView } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import { harbourWorld } from "../../lib/ipc/memory-fixture";
import VerifyPage from "./VerifyPage.svelte";

async function show(tenant: string | null = "t-harbour") {
  const memory = new MemoryGateway({ world: harbourWorld(new Date(), 3) });
  const tenants = await memory.gateway.tenantList();
  const onshow = vi.fn<(key: KeyView) => void>();
  const view = render(VerifyPage, { props: { tenants, tenant, onshow }, context: gatewayContext(memory.gateway) });
  /** Puts a key of this name on the clipboard. */
  const copy = (name: string): void => {
    const key = memory.world.keys.find((one) => one.name === name)!;
    memory.guided.clipboard = `lk_${key.handle}_${"0".repeat(49)}`;
  };
  return { ...view, memory, tenants, onshow, copy, user: userEvent.setup() };
}

const verify = (): HTMLElement => screen.getByRole("button", { name: /^Verify the copied key/ });

describe("the page that verifies", () => {
  it("says that a tenant accepts a key, and what the key may do", async () => {
    const { memory, copy, user, onshow, container } = await show();
    copy("crane controller");
    await user.click(verify());
    const answer = await screen.findByRole("group", { name: "The key is valid" });
    expect(answer).toHaveTextContent("Harbour Authority accepts it.");
    expect(answer).toHaveTextContent("crane controller");
    const key = memory.world.keys.find((one) => one.name === "crane controller")!;
    for (const { id, name } of await memory.gateway.apiSetList("t-harbour")) {
      if (key.api_sets.includes(id)) expect(answer).toHaveTextContent(name);
    }
    await user.click(screen.getByRole("button", { name: "Show key" }));
    expect(onshow).toHaveBeenCalledWith(expect.objectContaining({ id: key.id }));
    expect(await axeViolations(container)).toEqual([]);
  });

  it("reads what is pasted anywhere on it through Rust, and leaves the page without it", async () => {
    const { memory, copy } = await show();
    copy("crane controller");
    const pasted = createEvent.paste(document.body);
    await fireEvent(document.body, pasted);
    await screen.findByRole("group", { name: "The key is valid" });
    expect(pasted.defaultPrevented).toBe(true);
    expect(memory.callsOf("verifyCopied")).toEqual([["t-harbour"]]);
  });

  it("says why a key is refused", async () => {
    const { memory, copy, user, tenants } = await show();
    memory.guided.clipboard = "hello";
    await user.click(verify());
    expect(await screen.findByRole("group", { name: "The key is refused" })).toHaveTextContent("This is no key");
    const revoked = memory.world.keys.find((one) => one.tenant_id === "t-harbour" && one.revoked_at !== null)!;
    copy(revoked.name);
    await user.click(verify());
    expect(await screen.findByText("The key was revoked, for good.")).toBeVisible();
    expect(screen.getByText(revoked.handle)).toBeVisible();
    // Of another tenant nothing was decided yet.
    await user.selectOptions(screen.getByRole("combobox", { name: "Tenant" }), "Vessel fleet");
    expect(screen.queryByRole("group", { name: "The key is refused" })).not.toBeInTheDocument();
    await user.click(verify());
    expect(await screen.findByText(/^Vessel fleet does not know this key/)).toBeVisible();
    expect(tenants.length).toBeGreaterThan(1);
  });

  it("takes a key out of a file, and leaves everything where the dialog was closed", async () => {
    const { memory, user } = await show();
    memory.guided.file = null;
    await user.click(screen.getByRole("button", { name: "From a file…" }));
    expect(screen.getByText(/^Copy a key anywhere/)).toBeVisible();
    memory.guided.file = "0b1c2d3e";
    await user.click(screen.getByRole("button", { name: "From a file…" }));
    expect(await screen.findByRole("group", { name: "The key is refused" })).toBeVisible();
  });

  it("says that the clipboard is empty", async () => {
    const { memory, user } = await show();
    memory.guided.clipboard = null;
    await user.click(verify());
    expect(await screen.findByRole("alert")).toHaveTextContent(
      "There is no text on the clipboard. Copy the key first.",
    );
  });

  it("teaches what it is for where there is no local tenant", () => {
    const memory = new MemoryGateway({ world: harbourWorld(new Date(), 3) });
    render(VerifyPage, {
      props: { tenants: [], tenant: null, onshow: () => {} },
      context: gatewayContext(memory.gateway),
    });
    expect(screen.getByText("No local tenant yet")).toBeVisible();
  });
});
