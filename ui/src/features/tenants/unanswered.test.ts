import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import UnansweredDialog from "./UnansweredDialog.svelte";

const asked_at = "2026-11-20T14:02:00Z";

async function opened(memory = new MemoryGateway()) {
  const [tenant] = await memory.gateway.tenantList();
  memory.remotes.unanswered.set(tenant!.id, [
    { name: "Quay", asked_at, awaited: false },
    { name: "Quay", asked_at, awaited: false },
    { name: "Pier", asked_at, awaited: true },
  ]);
  const calls = { onclose: vi.fn(), onchanged: vi.fn() };
  const view = render(UnansweredDialog, {
    props: { tenant: tenant!, ...calls },
    context: gatewayContext(memory.gateway),
  });
  const list = await screen.findByRole("list", { name: "Keys whose answers are lost" });
  return { ...view, ...calls, memory, list, user: userEvent.setup() };
}

it("names the keys, when they were asked for, and which answer may still come", async () => {
  const { container, list } = await opened();
  await waitFor(() => expect(within(list).getAllByRole("listitem")).toHaveLength(3));
  const [quay, , pier] = within(list).getAllByRole("listitem");
  expect(quay).toHaveTextContent(/Quay.*Asked for on .*2026/);
  expect(pier).toHaveTextContent("Its answer is still waited for");
  expect(within(pier!).queryByRole("button")).toBeNull();
  expect(screen.getByRole("button", { name: "Close" })).toHaveFocus();
  expect(await axeViolations(container)).toEqual([]);
});

it("gives a key up, and keeps those whose answer may come", async () => {
  const { user, memory, onchanged, onclose, list } = await opened();
  const [first] = await within(list).findAllByRole("button", { name: "Give up Quay" });
  await user.click(first!);
  await waitFor(() => expect(within(list).getAllByRole("listitem")).toHaveLength(1));
  expect(list).toHaveTextContent("Pier");
  expect(memory.callsOf("tenantGiveUp").map(([, name]) => name)).toEqual(["Quay"]);
  expect(onchanged).toHaveBeenCalledOnce();
  expect(screen.getByRole("button", { name: "Close" })).toHaveFocus();
  await user.keyboard("{Enter}");
  expect(onclose).toHaveBeenCalledOnce();
});

it("says why a key could not be given up, and that nothing is left", async () => {
  const { user, memory, onchanged, list } = await opened();
  const [first] = await within(list).findAllByRole("button", { name: "Give up Quay" });
  for (const [id] of memory.remotes.unanswered) memory.remotes.unanswered.set(id, []);
  await user.click(first!);
  expect(await screen.findByText("The server owes no answer.")).toBeVisible();
  expect(screen.getByRole("alert")).toHaveTextContent("no longer there");
  expect(onchanged).not.toHaveBeenCalled();
});
