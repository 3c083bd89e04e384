import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import BulkBar from "./BulkBar.svelte";
import { ListExport } from "./list-export.svelte";
import { Marks } from "./marks.svelte";

const query = {
  tenant: "t-harbour",
  search: "",
  statuses: [],
  api_set: null,
  owner: null,
  sort: "created" as const,
  descending: true,
  offset: 0,
  limit: 100,
};

describe("keys that are chosen together", () => {
  it("are some, or all that a question finds but a few", () => {
    const marks = new Marks();
    marks.toggle("a");
    marks.add(["b", "c"]);
    marks.toggle("b");
    expect(marks.count).toBe(2);
    expect(marks.selection).toEqual({ kind: "keys", keys: ["a", "c"] });
    marks.addAll(query, 100_000);
    marks.toggle("b");
    expect(marks.count).toBe(99_999);
    expect([marks.has("a"), marks.has("b")]).toEqual([true, false]);
    expect(marks.selection).toEqual({ kind: "found", query, except: ["b"] });
    marks.clear();
    expect(marks.count).toBe(0);
  });

  function show() {
    const memory = new MemoryGateway();
    const marks = new Marks();
    marks.addAll(query, 9);
    const calls = { onchanged: vi.fn(), onleave: vi.fn() };
    const out = new ListExport(memory.gateway);
    const view = render(BulkBar, { props: { marks, out, ...calls }, context: gatewayContext(memory.gateway) });
    return { ...view, ...calls, memory, marks, out, user: userEvent.setup() };
  }

  it("are disabled once somebody has seen what stops working, and come back with Undo", async () => {
    const { user, memory, marks, onchanged, container } = show();
    await user.click(screen.getByRole("button", { name: "Disable…" }));
    const question = await screen.findByRole("dialog", { name: "Disable the chosen keys?" });
    expect(await screen.findByText(/stop working at once/)).toBeVisible();
    expect(within(question).getAllByRole("listitem")).toHaveLength(5);
    expect(memory.callsOf("bulkRun")).toEqual([]);
    expect(await axeViolations(container)).toEqual([]);
    await user.click(screen.getByRole("button", { name: /^Change \d+ keys$/ }));
    await waitFor(() => expect(onchanged).toHaveBeenCalledOnce());
    expect(marks.count).toBe(0);
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(await screen.findByText(/keys are as they were/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
  });

  it("are revoked for good, with a reason", async () => {
    const { user, memory } = show();
    await user.click(screen.getByRole("button", { name: "Revoke…" }));
    await screen.findByText(/stop working at once/);
    expect(screen.getByRole("alertdialog")).toHaveTextContent("cannot be undone");
    await user.type(screen.getByRole("textbox", { name: /^Reason/ }), "moved");
    await user.click(screen.getByRole("button", { name: /^Change \d+ keys$/ }));
    await screen.findByText(/keys were changed/);
    expect(memory.callsOf("bulkRun")[0]?.[1]).toEqual({ kind: "revoke", reason: "moved" });
    expect(screen.queryByRole("button", { name: "Undo" })).toBeNull();
  });

  it("are exported as they are chosen, and stay chosen", async () => {
    const { user, memory, marks, out } = show();
    marks.toggle("t-harbour-8fK2pQ7z");
    memory.fail("keyExport", { code: "disk_full" });
    await user.click(screen.getByRole("button", { name: "Export…" }));
    await waitFor(() => expect(out.problem).not.toBeNull());
    await user.click(screen.getByRole("button", { name: "Export…" }));
    await waitFor(() => expect(out.problem).toBeNull());
    const chosen = { kind: "found", query, except: ["t-harbour-8fK2pQ7z"] };
    expect(memory.callsOf("keyExport")).toEqual([[chosen], [chosen]]);
    expect(marks.count).toBe(8);
  });
});
