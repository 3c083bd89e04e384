import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { tick } from "svelte";
import { expect, it, vi } from "vitest";

import { MemoryGateway } from "../../lib/ipc/memory";
import type { KeyAction } from "./key-actions";
import { KeyList } from "./key-list.svelte";
import KeyMenu from "./KeyMenu.svelte";

const place = { x: 40, y: 60 };

/** What can be done is known once `known` is set. */
async function menuOf(offers: KeyAction[], known = true) {
  const list = new KeyList(new MemoryGateway().gateway);
  await list.open(null);
  const acts = { perform: vi.fn(), bulk: vi.fn(), onopen: vi.fn(), ontell: vi.fn(), onleave: vi.fn() };
  // Something that is watched: the search has nothing to do with it.
  list.search = known ? "known" : "";
  const details = { offers: () => (list.search === "known" ? offers : null), perform: acts.perform };
  const { component } = render(KeyMenu, { list, details, bulkBar: { perform: acts.bulk }, ...acts });
  const menu = component as { open: (index: number, at: typeof place) => void };
  const learn = async (): Promise<void> => {
    list.search = "known";
    await tick();
  };
  return { list, acts, menu, learn, user: userEvent.setup() };
}

it("does with the key of the row what was chosen", async () => {
  const { list, acts, menu, user } = await menuOf(["edit", "disable", "revoke", "delete"]);
  menu.open(1, place);
  expect(list.selectedId).toBe(list.row(1)?.id);
  await user.click(await screen.findByRole("menuitem", { name: "Disable" }));
  expect(acts.perform.mock.calls).toEqual([["disable"]]);
  expect(acts.ontell).toHaveBeenCalledOnce();
  expect(screen.queryByRole("menu")).toBeNull();
});

it("comes up once it is known what can be done", async () => {
  const { menu, learn } = await menuOf(["delete"], false);
  menu.open(1, place);
  await tick();
  expect(screen.queryByRole("menu")).toBeNull();
  await learn();
  expect(screen.getByRole("menu")).toBeVisible();
});

it("does not come up over another key that was chosen meanwhile", async () => {
  const { list, menu, learn } = await menuOf(["delete"], false);
  menu.open(1, place);
  list.select(2);
  await tick();
  await learn();
  expect(screen.queryByRole("menu")).toBeNull();
});

it("does not come up any more where somebody has clicked meanwhile", async () => {
  const { menu, learn, user } = await menuOf(["delete"], false);
  menu.open(1, place);
  await user.click(document.body);
  await learn();
  expect(screen.queryByRole("menu")).toBeNull();
});

it("is not there for a row that is still to come", async () => {
  const { list, menu } = await menuOf(["delete"]);
  menu.open(99_999, place);
  await tick();
  expect(screen.queryByRole("menu")).toBeNull();
  expect(list.selectedId).toBeNull();
});
