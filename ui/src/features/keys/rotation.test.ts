import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext, type Overlap, type RotationOutcome } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import { ChosenKey } from "./key-details.svelte";
import { KeyList } from "./key-list.svelte";
import KeyDetailsPane from "./KeyDetailsPane.svelte";
import KeysPage from "./KeysPage.svelte";

const crane = "t-harbour-8fK2pQ7z";
const laptop = "t-harbour-u5BdE7Hn";
const day = 24;

async function show(id = crane, memory = new MemoryGateway()) {
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

/** With a successor that was saved, or whose Save window is still open without an overlap. */
async function rotated(overlap: Overlap | null): Promise<{ memory: MemoryGateway; successor: string }> {
  const memory = new MemoryGateway();
  const { gateway } = memory;
  const draft = { expires: null, overlap: overlap ?? ({ kind: "hours", hours: 1 } as const) };
  const { key } = await gateway.rotationBegin(crane, draft);
  await gateway.secretCopy(key.id);
  if (overlap) await gateway.secretClose(key.id, false);
  return { memory, successor: key.id };
}

describe("Rotate", () => {
  it("asks for the overlap first, says which key stops when, and makes the successor", async () => {
    const { memory, user, onrotated } = await show();
    await user.click(screen.getByRole("button", { name: "Rotate…" }));
    const dialog = await screen.findByRole("dialog", { name: "Rotate crane controller" });
    const overlap = screen.getByRole("combobox", { name: "Old key stays valid" });
    expect(overlap).toHaveFocus();
    await waitFor(() =>
      expect(screen.getByRole("combobox", { name: "New key ends" })).toHaveTextContent(/before · \d/),
    );
    // No overlap puts off the end that the old key has: in twelve days.
    const end = within(dialog).getByText(/is valid until/);
    const soon = end.textContent;
    await user.selectOptions(overlap, "720");
    expect(end.textContent).not.toBe(soon);
    expect(end).toHaveTextContent(/lk_8fK2pQ7z…x9Qa is valid until .*, then it is refused/);
    await user.selectOptions(overlap, "none");
    expect(end).toHaveTextContent("is revoked at once, for good.");
    expect(await axeViolations(dialog)).toEqual([]);
    await user.selectOptions(screen.getByRole("combobox", { name: "New key ends" }), "90");
    await user.click(screen.getByRole("button", { name: "Generate successor" }));
    await waitFor(() => expect(onrotated).toHaveBeenCalledOnce());
    const draft = { expires: { kind: "days", days: 90 }, overlap: { kind: "none" } };
    expect(memory.callsOf("rotationBegin")).toEqual([[crane, draft]]);
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("puts what is wrong at its field, and loses nothing", async () => {
    const { user, onrotated } = await show();
    await user.click(screen.getByRole("button", { name: "Rotate…" }));
    await user.selectOptions(await screen.findByRole("combobox", { name: "Old key stays valid" }), "date");
    const date = screen.getByRole("textbox", { name: /^Old key valid until/ });
    await user.type(date, "soon");
    await user.keyboard("{Enter}");
    await waitFor(() => expect(date).toBeInvalid());
    expect(date).toHaveFocus();
    expect(date).toHaveValue("soon");
    expect(onrotated).not.toHaveBeenCalled();
    await user.type(date, "er");
    expect(date).toBeValid();
  });

  it("says what went wrong where no field is at fault", async () => {
    const { memory, user } = await show();
    memory.fail("rotationBegin", { code: "disk_full" });
    await user.click(screen.getByRole("button", { name: "Rotate…" }));
    await user.click(await screen.findByRole("button", { name: "Generate successor" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The key could not be rotated");
  });

  it("is not offered for a revoked key, or one that has a successor", async () => {
    const { unmount } = await show(laptop);
    expect(screen.queryByRole("button", { name: "Rotate…" })).toBeNull();
    unmount();
    const { memory } = await rotated({ kind: "hours", hours: day });
    await show(crane, memory);
    expect(screen.queryByRole("button", { name: "Rotate…" })).toBeNull();
  });
});

describe("a rotation", () => {
  it("links the old key and its successor", async () => {
    const { memory, successor } = await rotated({ kind: "hours", hours: day });
    const old = await show(crane, memory);
    const after = screen.getByText("Succeeded by").nextElementSibling as HTMLElement;
    await old.user.click(within(after).getByRole("button"));
    expect(old.onopen).toHaveBeenCalledWith(successor);
    old.unmount();
    const heir = await show(successor, memory);
    const before = screen.getByText("Succeeds").nextElementSibling as HTMLElement;
    expect(before).toHaveTextContent("Superseded");
    await heir.user.click(within(before).getByRole("button", { name: "lk_8fK2pQ7z…x9Qa" }));
    expect(heir.onopen).toHaveBeenCalledWith(crane);
    expect(await axeViolations(heir.container)).toEqual([]);
  });

  it("in its overlap is finished now, after a question that names both keys", async () => {
    const { memory } = await rotated({ kind: "hours", hours: day });
    const { user, onchanged, container } = await show(crane, memory);
    expect(screen.getByRole("region", { name: "Rotation" })).toHaveTextContent(/Superseded, valid until/);
    expect(await axeViolations(container)).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Finish now…" }));
    const question = await screen.findByRole("alertdialog");
    expect(question).toHaveTextContent("lk_8fK2pQ7z…x9Qa stops working at once");
    await user.click(within(question).getByRole("button", { name: "Revoke old key" }));
    await waitFor(() => expect(onchanged).toHaveBeenCalledOnce());
    expect(memory.callsOf("rotationRetire")).toEqual([[crane, { kind: "none" }]]);
  });

  it("under way is finished with an overlap", async () => {
    const { memory } = await rotated(null);
    const { user } = await show(crane, memory);
    expect(screen.getByRole("region", { name: "Rotation" })).toHaveTextContent("this key still works");
    await user.click(screen.getByRole("button", { name: "Finish…" }));
    const dialog = await screen.findByRole("dialog", { name: "Finish the rotation of crane controller" });
    expect(await axeViolations(dialog)).toEqual([]);
    await user.selectOptions(screen.getByRole("combobox", { name: "Old key stays valid" }), "168");
    await user.keyboard("{Enter}");
    await user.click(screen.getByRole("button", { name: "Retire old key" }));
    await waitFor(() => expect(memory.callsOf("rotationRetire")).toEqual([[crane, { kind: "hours", hours: 168 }]]));
    expect(await screen.findByRole("button", { name: "Finish now…" })).toBeVisible();
  });

  it("is undone after a question, and the old key has its end again", async () => {
    const { memory } = await rotated({ kind: "hours", hours: day });
    const { user } = await show(crane, memory);
    await user.click(screen.getByRole("button", { name: "Undo…" }));
    const question = await screen.findByRole("alertdialog", { name: "Undo the rotation of crane controller?" });
    expect(question).toHaveTextContent(/x9Qa is valid again, until/);
    memory.fail("rotationUndo", { code: "profile_busy" });
    await user.click(within(question).getByRole("button", { name: "Undo rotation" }));
    expect(await within(question).findByRole("alert")).toBeVisible();
    await user.click(within(question).getByRole("button", { name: "Undo rotation" }));
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
    expect((await memory.gateway.keyShow(crane)).key.status).toBe("expiring");
    expect(await screen.findByRole("button", { name: "Rotate…" })).toBeVisible();
  });
});

describe("the page of keys", () => {
  async function page(memory: MemoryGateway, outcome?: RotationOutcome) {
    const { gateway } = memory;
    const [tenant = null] = (await gateway.tenantList()).filter(({ id }) => id === "t-harbour");
    const list = new KeyList(gateway);
    const settled = outcome ? [{ key: crane, name: "crane controller", handle: "8fK2pQ7z", outcome }] : [];
    const nothing = vi.fn();
    const onshow = vi.fn();
    const view = render(KeysPage, {
      props: {
        ...{ list, tenant, settled, tenants: 2, title: "Harbour Authority", onshow },
        ...{ onnew: nothing, onapisets: nothing, onorganizations: nothing, onsettings: nothing },
        ...{ onmany: nothing, onimport: nothing, onopen: nothing, onchoose: nothing },
      },
      context: gatewayContext(gateway),
    });
    await list.open("t-harbour");
    return { ...view, list, onshow, user: userEvent.setup() };
  }

  it("offers no filter for rotations where nothing rotates and nothing is due", async () => {
    await page(new MemoryGateway());
    expect(await screen.findByRole("row", { name: /crane controller/ })).toBeVisible();
    expect(screen.queryByRole("button", { name: /^Rotation/ })).toBeNull();
  });

  it("says how many keys are due or being rotated, and shows them", async () => {
    const { memory } = await rotated(null);
    for (const tenant of memory.world.tenants) tenant.policy.rotate_after_days = 150;
    const { user, container } = await page(memory);
    expect(await screen.findByRole("button", { name: "1 rotation is under way" })).toBeVisible();
    // A disabled key, a revoked one and those that are over are not.
    expect(screen.getByRole("button", { name: "3 keys are due for rotation" })).toBeVisible();
    expect(await axeViolations(container)).toEqual([]);
    expect(await screen.findByRole("row", { name: /crane controller.*Expiring rotation under way/ })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "3 keys are due for rotation" }));
    await waitFor(() => expect(screen.getAllByRole("row")).toHaveLength(4));
    // Who looks at them is not told again.
    expect(screen.queryByRole("button", { name: /due for rotation$/ })).toBeNull();
    // What else there is to see to is still said.
    expect(screen.getByRole("button", { name: "1 rotation is under way" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: /^Rotation/ }));
    await user.click(await screen.findByRole("option", { name: /^Under way/ }));
    await waitFor(() => expect(screen.getAllByRole("row")).toHaveLength(2));
  });

  it.each([
    ["resumed", /the old one is retired as you had chosen/],
    ["undone", /It is undone: the old key works as before/],
    ["under_way", /finish or undo it/],
  ] as const)("tells of an interrupted rotation that is %s, until that is dismissed", async (outcome, words) => {
    const { user, onshow } = await page(new MemoryGateway(), outcome);
    expect(await screen.findByText(words)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Show key" }));
    expect(onshow).toHaveBeenCalledWith(crane);
    await user.click(screen.getByRole("button", { name: "Dismiss" }));
    expect(screen.queryByText(words)).toBeNull();
  });
});
