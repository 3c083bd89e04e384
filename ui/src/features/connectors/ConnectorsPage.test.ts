import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";

import { axeViolations } from "../../../test/a11y";
import { gatewayContext } from "../../lib/ipc";
import { MemoryGateway } from "../../lib/ipc/memory";
import ConnectorsPage from "./ConnectorsPage.svelte";

async function show(memory = new MemoryGateway()) {
  const view = render(ConnectorsPage, { props: { changes: 0 }, context: gatewayContext(memory.gateway) });
  const list = await screen.findByRole("list", { name: "Connectors" });
  return { ...view, list, memory, user: userEvent.setup() };
}

const entry = (name: RegExp) => screen.findByRole("button", { name });
const abilities = () =>
  within(screen.getByRole("list", { name: "What it can do" }))
    .getAllByRole("listitem")
    .map((item) => item.textContent.replace(/\s+/gu, " ").trim());

describe("the connectors", () => {
  it("open the page that describes the vendor's keys, and say where that fails", async () => {
    const { user, memory } = await show();
    await user.click(await entry(/^ONLYOFFICE DocSpace/));
    await user.click(await screen.findByRole("button", { name: "Open in the browser" }));
    expect(memory.callsOf("connectorOpenPage")).toEqual([["docspace"]]);
    expect(screen.queryByRole("alert")).toBeNull();
    memory.fail("connectorOpenPage", {
      code: "failed",
      message: "No browser could be opened.",
      hint: "Open it yourself.",
    });
    await user.click(screen.getByRole("button", { name: "Open in the browser" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Open it yourself.");
    await user.click(await entry(/^goTransverse/));
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("show what each can do in words, the steps, and what to know", async () => {
    const { user, container } = await show();
    await user.click(await entry(/^goTransverse/));
    expect(await screen.findByRole("heading", { level: 2, name: "goTransverse" })).toBeVisible();
    expect(abilities()).toEqual([
      "List Not possible",
      "Create Guided",
      "Change Not possible",
      "Disable Not possible",
      "Revoke Guided",
      "Rotate Guided",
      "Check By the server",
      "API sets By Latchkey",
    ]);
    expect(screen.getByRole("list", { name: "Create" })).toHaveTextContent("Choose Generate key.");
    expect(screen.getByText(/refused with 403, not with 401/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Remove…" })).toBeNull();
    expect(await axeViolations(container)).toEqual([]);
    await user.click(await entry(/^ONLYOFFICE DocSpace/));
    expect(screen.getByText("https://api.onlyoffice.com/docspace")).toBeVisible();
  });

  it("teach that any server can be added", async () => {
    await show();
    expect(await screen.findByText("docs/connectors.md")).toBeVisible();
  });

  it("show a manifest before it is taken, add it, and remove it after a question", async () => {
    const { user, memory } = await show();
    await user.click(await entry(/^goTransverse/));
    await user.click(screen.getByRole("button", { name: "Add connector…" }));
    const preview = await screen.findByRole("dialog", { name: "Add Harbour office?" });
    expect(memory.callsOf("connectorAdd")).toEqual([]);
    expect(await axeViolations(preview)).toEqual([]);
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("heading", { level: 2, name: "Harbour office" })).toBeVisible();

    await user.click(screen.getByRole("button", { name: "Add connector…" }));
    expect(await screen.findByRole("dialog")).toHaveTextContent("It takes the place of your connector Harbour office.");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());

    await user.click(screen.getByRole("button", { name: "Remove…" }));
    const question = await screen.findByRole("alertdialog", { name: "Remove Harbour office?" });
    expect(question).toHaveTextContent("connectors/harbour.json is deleted from the profile.");
    await user.click(within(question).getByRole("button", { name: "Remove connector" }));
    await waitFor(() => expect(screen.queryByRole("heading", { level: 2, name: "Harbour office" })).toBeNull());
    expect(memory.callsOf("connectorRemove")).toEqual([["harbour"]]);
    await waitFor(() => expect(screen.getByRole("button", { name: /^Documenso, signed in/ })).toHaveFocus());
  });

  it("name the line of a file that cannot be taken", async () => {
    const memory = new MemoryGateway();
    const message = "office.json cannot be used: line 9, column 3: `nonsense` is no member.";
    memory.fail("connectorOpen", { code: "failed", message });
    const { user, rerender } = await show(memory);
    await user.click(screen.getByRole("button", { name: "Add connector…" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("line 9, column 3");
    // It stays while the list is read anew, until something else is chosen.
    await rerender({ changes: 1 });
    await waitFor(() => expect(memory.callsOf("connectorList")).toHaveLength(2));
    expect(screen.getByRole("alert")).toBeVisible();
    await user.click(await entry(/^goTransverse/));
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("say what is wrong with one's own file, and read it again", async () => {
    const memory = new MemoryGateway();
    const [good] = memory.connectors.all;
    const broken = { ...good!, id: "office", name: "office", origin: "own" as const, capabilities: [], traps: [] };
    memory.connectors.all.push({ ...broken, problem: "line 4, column 2: expected value" });
    const { user, container } = await show(memory);
    await user.click(await entry(/^office Cannot be used/));
    expect(await screen.findByRole("alert")).toHaveTextContent("line 4, column 2: expected value");
    expect(screen.getByRole("alert")).toHaveTextContent("connectors/office.json");
    expect(screen.queryByRole("button", { name: "Try…" })).toBeNull();
    expect(await axeViolations(container)).toEqual([]);
    memory.connectors.all = [good!, { ...good!, id: "office", name: "office", origin: "own" }];
    await user.click(screen.getByRole("button", { name: "Read again" }));
    expect(await screen.findByRole("button", { name: "Try…" })).toBeVisible();
  });

  it("can be asked for again where that failed", async () => {
    const memory = new MemoryGateway();
    memory.fail("connectorList", { code: "profile_busy" });
    const { user } = await show(memory);
    await user.click(await screen.findByRole("button", { name: "Try again" }));
    expect(await entry(/^goTransverse/)).toBeVisible();
  });
});
