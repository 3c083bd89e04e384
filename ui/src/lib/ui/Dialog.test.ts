import { fireEvent, render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import Host from "./DialogHost.test.svelte";

function setup(props: { reason?: boolean } = {}) {
  const onconfirm = vi.fn();
  const view = render(Host, { ...props, onconfirm });
  return { ...view, onconfirm, user: userEvent.setup() };
}

describe("a dialog", () => {
  it("is named, described, and has the focus where it is wanted", async () => {
    const { user, container } = setup();
    await user.click(screen.getByRole("button", { name: "Open" }));
    const dialog = screen.getByRole("dialog", { name: "Outer" });
    expect(dialog).toHaveAccessibleDescription("What it is about.");
    expect(screen.getByRole("textbox", { name: "Word" })).toHaveFocus();
    expect(await axeViolations(container)).toEqual([]);
  });

  it("gives the focus back to where it came from", async () => {
    const { user } = setup();
    await user.click(screen.getByRole("button", { name: "Open" }));
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(screen.getByRole("button", { name: "Open" })).toHaveFocus();
  });

  it("closes only what is on top, and keeps what was typed below", async () => {
    const { user } = setup();
    await user.click(screen.getByRole("button", { name: "Open" }));
    await user.type(screen.getByRole("textbox", { name: "Word" }), "typed");
    await user.click(screen.getByRole("button", { name: "Ask" }));
    expect(screen.getByRole("alertdialog", { name: "Drop crane controller?" })).toBeVisible();
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("alertdialog")).toBeNull();
    expect(screen.getByRole("textbox", { name: "Word" })).toHaveValue("typed");
    expect(screen.getByRole("button", { name: "Ask" })).toHaveFocus();
  });

  it("stays open when the browser closes it over our head", async () => {
    const { user } = setup();
    await user.click(screen.getByRole("button", { name: "Open" }));
    const dialog = screen.getByRole<HTMLDialogElement>("dialog");
    dialog.close();
    expect(dialog.open).toBe(true);
  });

  it("leaves Escape to the input method while a character is being composed", async () => {
    const { user } = setup();
    await user.click(screen.getByRole("button", { name: "Open" }));
    await fireEvent.keyDown(screen.getByRole("textbox", { name: "Word" }), { key: "Escape", isComposing: true });
    expect(screen.getByRole("dialog", { name: "Outer" })).toBeVisible();
  });

  it("submits with Enter", async () => {
    const { user } = setup();
    await user.click(screen.getByRole("button", { name: "Open" }));
    await user.type(screen.getByRole("textbox", { name: "Word" }), "crane{Enter}");
    expect(screen.getByText("Submitted: crane")).toBeVisible();
  });
});

describe("a question before something that hurts", () => {
  it("has the focus on the harmless button", async () => {
    const { user, onconfirm } = setup();
    await user.click(screen.getByRole("button", { name: "Open" }));
    await user.click(screen.getByRole("button", { name: "Ask" }));
    expect(screen.getByRole("button", { name: "Cancel" })).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(onconfirm).not.toHaveBeenCalled();
    expect(screen.queryByRole("alertdialog")).toBeNull();
  });

  it("passes the reason on, and null when none was given", async () => {
    const { user, onconfirm } = setup({ reason: true });
    await user.click(screen.getByRole("button", { name: "Open" }));
    await user.click(screen.getByRole("button", { name: "Ask" }));
    expect(screen.getByRole("textbox", { name: "Reason" })).toHaveFocus();
    await user.click(screen.getByRole("button", { name: "Drop it" }));
    expect(onconfirm).toHaveBeenLastCalledWith(null);
    await user.type(screen.getByRole("textbox", { name: "Reason" }), "  lost  ");
    await user.click(screen.getByRole("button", { name: "Drop it" }));
    expect(onconfirm).toHaveBeenLastCalledWith("lost");
  });
});

describe("announcements", () => {
  it("outlive the dialog that they are made in the moment it closes", async () => {
    const { user } = setup();
    await user.click(screen.getByRole("button", { name: "Open" }));
    await user.click(screen.getByRole("button", { name: "Finish" }));
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(await screen.findByText("Done")).toBeInTheDocument();
  });

  it("are spoken by the topmost dialog, also when they repeat", async () => {
    const { user } = setup();
    await user.click(screen.getByRole("button", { name: "Open" }));
    const region = screen.getByRole("dialog").querySelector("[aria-live=polite]");
    const say = screen.getByRole("button", { name: "Say" });
    await user.click(say);
    expect(region).toHaveTextContent("Said");
    const first = region?.textContent;
    await user.click(say);
    expect(region).toHaveTextContent("Said");
    expect(region?.textContent).not.toBe(first);
  });
});
