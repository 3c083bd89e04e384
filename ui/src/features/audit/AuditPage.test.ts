import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import { emptyWorld, harbourWorld } from "../../lib/ipc/memory-fixture";
import AuditPage from "./AuditPage.svelte";

function show(memory: MemoryGateway) {
  const view = render(AuditPage, { props: { changes: 0 }, context: gatewayContext(memory.gateway) });
  return { ...view, memory, user: userEvent.setup() };
}

const small = (): MemoryGateway => new MemoryGateway({ world: harbourWorld(new Date(), 3) });

async function lines(): Promise<string[]> {
  const [, ...rows] = await screen.findAllByRole("row");
  return rows.map((row) =>
    [...row.querySelectorAll("td")].map((cell) => cell.textContent.replace(/\s+/gu, " ").trim()).join(" "),
  );
}

describe("the audit log", () => {
  it("tells who did what, when and why, newest first", async () => {
    const { container } = show(small());
    const all = await lines();
    expect(all[0]).toMatch(/Found missing from the vault ledger export .* Latchkey at the start/);
    expect(all.find((line) => line.includes("Revoked"))).toMatch(
      /old laptop .* Port operations Reason: Laptop was stolen/,
    );
    expect(screen.getByText("That is all.")).toBeVisible();
    expect(await axeViolations(container)).toEqual([]);
  });

  it("goes on where it stopped, page by page", async () => {
    const { user, memory } = show(new MemoryGateway());
    expect(await lines()).toHaveLength(100);
    await user.click(screen.getByRole("button", { name: "Show older events" }));
    await waitFor(async () => expect(await lines()).toHaveLength(200));
    const [[firstBefore], [secondBefore]] = memory.callsOf("auditList") as [[number | null], [number | null]];
    expect(firstBefore).toBeNull();
    expect(secondBefore).toBe(memory.world.events[99]?.sequence);
  });

  it("puts what happens meanwhile on top", async () => {
    const { rerender, memory } = show(small());
    const before = await lines();
    await memory.gateway.keyDisable("t-harbour-8fK2pQ7z");
    await rerender({ changes: 1 });
    await waitFor(async () => expect(await lines()).toHaveLength(before.length + 1));
    expect((await lines())[0]).toMatch(/Disabled crane controller/);
  });

  it("does not miss what happens while it looks", async () => {
    const { rerender, memory } = show(small());
    const before = await lines();
    // The answer is made before the next thing happens, and comes after it.
    const looking = rerender({ changes: 1 });
    const changed = memory.gateway.keyDisable("t-harbour-8fK2pQ7z");
    await looking;
    await Promise.all([changed, rerender({ changes: 2 })]);
    await waitFor(async () => expect((await lines())[0]).toMatch(/Disabled crane controller/));
    expect(await lines()).toHaveLength(before.length + 1);
  });

  it("teaches while it is empty", async () => {
    const { container } = show(new MemoryGateway({ world: emptyWorld() }));
    expect(await screen.findByText("Nothing has happened yet")).toBeVisible();
    expect(await axeViolations(container)).toEqual([]);
  });

  it("says what went wrong and tries again", async () => {
    const memory = small();
    memory.fail("auditList", { code: "profile_damaged" });
    const { user } = show(memory);
    await user.click(await screen.findByRole("button", { name: "Try again" }));
    expect((await lines()).length).toBeGreaterThan(10);
  });
});
