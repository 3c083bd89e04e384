import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext, LatchkeyError } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import RevokeKeyDialog from "./RevokeKeyDialog.svelte";

const crane = "t-harbour-8fK2pQ7z";

/** The question before a revocation that lasts until it is cancelled; a server is asked, or only the vault. */
async function slow(atServer: boolean) {
  const memory = new MemoryGateway();
  const { key } = await memory.gateway.keyShow(crane);
  const hint = "It may have been done nevertheless: try again, or refresh the tenant.";
  const cancelled = new LatchkeyError({ code: "cancelled", message: "Cancelled.", hint, field: null });
  memory.gateway.keyRevoke = () =>
    new Promise((_, reject) => {
      if (!atServer) return;
      memory.remotes.changing = () => {
        memory.remotes.changing = null;
        memory.emit("change-asked");
        reject(cancelled);
      };
      memory.emit("change-asked");
    });
  const props = { key, guided: null, onclose: vi.fn(), onrevoked: vi.fn() };
  const view = render(RevokeKeyDialog, { props, context: gatewayContext(memory.gateway) });
  const user = userEvent.setup();
  await user.click(screen.getByRole("button", { name: "Revoke key" }));
  return { ...view, ...props, memory, user };
}

it("says that a server is waited for, stops waiting, and says that it may be done all the same", async () => {
  const { user, onrevoked, onclose, container } = await slow(true);
  const stop = await screen.findByRole("button", { name: "Stop waiting" });
  // Seen, and read out.
  expect(screen.getAllByText("Waiting for the server’s answer …")).toHaveLength(2);
  expect(await axeViolations(container)).toEqual([]);
  await user.keyboard("{Escape}");
  expect(onclose).not.toHaveBeenCalled();
  await user.click(stop);
  expect(await screen.findByText(/^Cancelled\. The server may have done it nevertheless: refresh/)).toBeVisible();
  expect(screen.queryByRole("button", { name: "Stop waiting" })).toBeNull();
  expect(screen.getByRole("button", { name: "Revoke key" })).toHaveFocus();
  expect(onrevoked).not.toHaveBeenCalled();
});

it("offers nothing where no server is asked", async () => {
  const { memory } = await slow(false);
  // The sign that it takes its time comes as late as the way out would.
  await waitFor(() =>
    expect(screen.getByRole("button", { name: "Revoke key" }).querySelector("svg, .spinner")).not.toBeNull(),
  );
  expect(memory.callsOf("changeUnderWay").length).toBeGreaterThan(0);
  expect(screen.queryByRole("button", { name: "Stop waiting" })).toBeNull();
});
