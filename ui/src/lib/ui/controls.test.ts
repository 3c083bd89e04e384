import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { createRawSnippet } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../test/a11y";
import Button from "./Button.svelte";
import { contains } from "./contains";
import DropdownFilter from "./DropdownFilter.svelte";
import type { FilterOption } from "./filter-option";
import RadioGroup from "./RadioGroup.svelte";
import SelectField from "./SelectField.svelte";
import StatusMark from "./StatusMark.svelte";
import TextField from "./TextField.svelte";

const text = (words: string) => createRawSnippet(() => ({ render: () => `<span>${words}</span>` }));

describe("a field", () => {
  it("tells what is wrong and what is worth knowing together with itself", async () => {
    const { container } = render(TextField, {
      label: "Name",
      value: "ab",
      required: true,
      error: "Use at least 3 characters.",
      hint: "What it is for.",
    });
    const field = screen.getByRole("textbox", { name: /^Name/ });
    expect(field).toBeInvalid();
    expect(field).toHaveAttribute("aria-required", "true");
    expect(field).toHaveAccessibleDescription("Use at least 3 characters. What it is for.");
    expect(await axeViolations(container)).toEqual([]);
  });

  it("is shown with what is wrong when it gets the focus", () => {
    const shown = vi.spyOn(Element.prototype, "scrollIntoView");
    const { component } = render(TextField, { label: "Code", value: "", error: "The server wants this." });
    (component as { focus: () => void }).focus();
    expect(screen.getByRole("textbox", { name: "Code" })).toHaveFocus();
    expect(shown.mock.contexts[0]).toHaveTextContent("Code The server wants this.");
    shown.mockRestore();
  });

  it("refers to nothing when nothing is wrong", () => {
    render(TextField, { label: "Name", value: "" });
    const field = screen.getByRole("textbox", { name: "Name" });
    expect(field).not.toHaveAttribute("aria-describedby");
    expect(field).not.toHaveAttribute("aria-invalid");
  });
});

describe("choices", () => {
  it("in a select and in radio buttons break no rule of axe", async () => {
    const options = [
      { value: "one", label: "One", hint: "The first" },
      { value: "two", label: "Two" },
    ];
    const select = render(SelectField, { label: "Number", value: "one", options });
    const radios = render(RadioGroup, { legend: "Numbers", value: "two", options });
    expect(screen.getByRole("radio", { name: "Two" })).toBeChecked();
    expect(screen.getByRole("radio", { name: "One" })).toHaveAccessibleDescription("The first");
    expect(await axeViolations(select.container)).toEqual([]);
    expect(await axeViolations(radios.container)).toEqual([]);
  });

  it("of a status are told by word, not by colour alone", () => {
    render(StatusMark, { status: "revoked", label: "Revoked" });
    expect(screen.getByText("Revoked")).toBeVisible();
  });
});

describe("a busy button", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it("does nothing more and keeps the focus", async () => {
    vi.useRealTimers();
    const onclick = vi.fn();
    render(Button, { busy: true, onclick, children: text("Finish") });
    await userEvent.setup().click(screen.getByRole("button"));
    expect(onclick).not.toHaveBeenCalled();
    expect(screen.getByRole("button")).toHaveFocus();
  });

  it("shows a waiting sign only when it lasts", async () => {
    const { container, rerender } = render(Button, { busy: true, children: text("Finish") });
    await vi.advanceTimersByTimeAsync(490);
    expect(container.querySelector(".spinner")).toBeNull();
    await vi.advanceTimersByTimeAsync(20);
    expect(container.querySelector(".spinner")).not.toBeNull();
    await rerender({ busy: false });
    expect(container.querySelector(".spinner")).toBeNull();
  });
});

describe("a filter with a list", () => {
  const few: FilterOption[] = [
    { value: "active", label: "Active", count: 5 },
    { value: "revoked", label: "Revoked", count: 1 },
  ];

  function setup(props: Partial<Parameters<typeof render<typeof DropdownFilter>>[1]> = {}) {
    const onchange = vi.fn();
    const view = render(DropdownFilter, { label: "Status", options: few, selected: [], onchange, ...props });
    return { ...view, onchange, user: userEvent.setup() };
  }

  it("opens at what is chosen, and is operated by keyboard alone", async () => {
    const { user, onchange, container } = setup({ selected: ["revoked"] });
    const button = screen.getByRole("button", { name: "Status Revoked" });
    button.focus();
    await user.keyboard("{ArrowDown}");
    const list = screen.getByRole("listbox", { name: "Status" });
    expect(list).toHaveFocus();
    expect(screen.getByRole("option", { name: /Revoked/ })).toHaveAttribute(
      "id",
      list.getAttribute("aria-activedescendant"),
    );
    expect(await axeViolations(container)).toEqual([]);
    await user.keyboard("{ArrowUp}{Enter}");
    expect(onchange).toHaveBeenCalledWith(["active"]);
    expect(button).toHaveFocus();
    expect(button).toHaveAttribute("aria-expanded", "false");
  });

  it("takes every choice back with Any", async () => {
    const { user, onchange } = setup({ selected: ["revoked"] });
    await user.click(screen.getByRole("button"));
    await user.click(screen.getByRole("option", { name: "Any" }));
    expect(onchange).toHaveBeenCalledWith([]);
  });

  it("adds and takes away where several may be chosen, and stays open", async () => {
    const { user, onchange, rerender } = setup({ multiple: true, selected: ["active"] });
    await user.click(screen.getByRole("button"));
    await user.click(screen.getByRole("option", { name: /Revoked/ }));
    expect(onchange).toHaveBeenLastCalledWith(["active", "revoked"]);
    await rerender({ selected: ["active", "revoked"] });
    expect(screen.getByRole("button", { name: "Status 2 chosen" })).toHaveAttribute("aria-expanded", "true");
    await user.click(screen.getByRole("option", { name: /Active/ }));
    expect(onchange).toHaveBeenLastCalledWith(["revoked"]);
  });

  it("closes with Escape and with a click beside it, and Escape goes no further", async () => {
    const { user } = setup();
    const outside = vi.fn();
    document.addEventListener("keydown", outside);
    const button = screen.getByRole("button");
    await user.click(button);
    await user.keyboard("{Escape}");
    expect(button).toHaveAttribute("aria-expanded", "false");
    expect(outside).not.toHaveBeenCalled();
    document.removeEventListener("keydown", outside);
    await user.click(button);
    await user.click(document.body);
    expect(button).toHaveAttribute("aria-expanded", "false");
  });

  it("is narrowed by typing where it is long", async () => {
    const many = Array.from({ length: 2000 }, (_, index) => ({ value: `${index}`, label: `Owner ${index}` }));
    const { user, onchange, container } = setup({ options: many });
    await user.click(screen.getByRole("button"));
    expect(screen.getAllByRole("option").length).toBeLessThan(250);
    const field = screen.getByRole("combobox", { name: "Narrow down Status" });
    expect(field).toHaveFocus();
    await user.keyboard("1999");
    expect(screen.getAllByRole("option").map((option) => option.textContent.trim())).toEqual(["Any", "Owner 1999"]);
    expect(await axeViolations(container)).toEqual([]);
    await user.keyboard("{Enter}");
    expect(onchange).toHaveBeenCalledWith(["1999"]);
  });
});

describe("looking for a text", () => {
  it("takes words in any order and looks past case and accents", () => {
    expect(contains("Müller Services", "serv muller")).toBe(true);
    expect(contains("Müller Services", "mueller")).toBe(false);
  });
});
