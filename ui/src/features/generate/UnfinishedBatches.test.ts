import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { type BatchView, gatewayContext } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import UnfinishedBatches from "./UnfinishedBatches.svelte";

const batch: BatchView = {
  id: "one",
  tenant: "Harbour Authority",
  first: "device-00001",
  total: 100_000,
  drawn: 42_000,
  file: "/home/port/keys.csv",
  operator: "Port operations",
  begun_at: "2026-11-21T09:00:00Z",
};

async function show() {
  const memory = new MemoryGateway();
  memory.batches.unfinished = [batch];
  const changed = vi.fn();
  const view = render(UnfinishedBatches, {
    props: { changes: 0, onchanged: changed },
    context: gatewayContext(memory.gateway),
  });
  await screen.findByText("A batch of Harbour Authority was interrupted");
  return { ...view, memory, changed, user: userEvent.setup() };
}

describe("an interrupted batch", () => {
  it("says how far it was, and goes on", async () => {
    const { user, memory, changed, container } = await show();
    expect(screen.getByText(/42,000 of 100,000 keys were written for \/home\/port\/keys.csv/)).toBeVisible();
    expect(await axeViolations(container)).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Resume" }));
    memory.emit("batch-progress");
    expect(await screen.findByRole("progressbar")).toBeVisible();
    memory.batches.finish();
    await user.click(await screen.findByRole("button", { name: "Close" }));
    expect(changed).toHaveBeenCalled();
    expect(screen.queryByText(/was interrupted/)).toBeNull();
  });

  it("is taken back after a question", async () => {
    const { user, memory, changed } = await show();
    await user.click(screen.getByRole("button", { name: "Undo …" }));
    memory.fail("batchUndo", { code: "read_only" });
    await user.click(screen.getByRole("button", { name: "Undo batch" }));
    expect(await screen.findByRole("alert")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Undo batch" }));
    await waitFor(() => expect(screen.queryByText(/was interrupted/)).toBeNull());
    expect(memory.callsOf("batchUndo")).toEqual([["one"], ["one"]]);
    expect(changed).toHaveBeenCalled();
  });
});
