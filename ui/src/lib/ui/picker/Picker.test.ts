import { fireEvent, render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { axeViolations } from "../../../../test/a11y";
import Host from "./PickerHost.test.svelte";

const items = [
  { id: "billing", name: "Billing", group: "Money" },
  { id: "dunning", name: "Dunning", group: "Money" },
  { id: "tax", name: "Tax Essentials", group: "Money" },
  { id: "currex", name: "Currex", group: "Selling" },
  { id: "jobs", name: "Job Scheduler", group: null },
];

function open(selected: string[] = [], of = items) {
  const view = render(Host, { items: of, selected });
  return { ...view, user: userEvent.setup() };
}

const available = () => screen.getByRole("listbox", { name: "Available" });
const taken = () => screen.getByRole("listbox", { name: "Selected" });
const names = (list: HTMLElement) =>
  within(list)
    .queryAllByRole("option")
    .map((option) => option.textContent.trim());
const chosen = (list: HTMLElement) =>
  within(list)
    .queryAllByRole("option", { selected: true })
    .map((option) => option.textContent.trim());
const option = (name: string) => screen.getByRole("option", { name });
const announced = () => document.querySelector("[aria-live=polite]")?.textContent;

describe("the picker by keyboard", () => {
  it("chooses, moves and announces", async () => {
    const { user } = open(["jobs"]);
    available().focus();
    await user.keyboard(" {ArrowDown} {Enter}");

    expect(names(taken())).toEqual(["Billing", "Dunning", "Job Scheduler"]);
    expect(names(available())).toEqual(["Tax Essentials", "Currex"]);
    expect(announced()).toBe("Billing and Dunning added. 3 of 5 selected.");
    // The keyboard stays in the list, on what followed.
    expect(available()).toHaveFocus();
    expect(available().getAttribute("aria-activedescendant")).toBe(option("Tax Essentials").id);
  });

  it("takes along the one at the keyboard when nothing is chosen", async () => {
    const { user } = open();
    available().focus();
    await user.keyboard("{End}{ArrowRight}");
    expect(names(taken())).toEqual(["Job Scheduler"]);
    expect(announced()).toBe("Job Scheduler added. 1 of 5 selected.");
  });

  it("gives back with the other arrow, and does nothing with the wrong one", async () => {
    const { user } = open(["billing", "tax"]);
    taken().focus();
    await user.keyboard("{ArrowRight}");
    expect(names(taken())).toEqual(["Billing", "Tax Essentials"]);
    await user.keyboard("{ArrowLeft}");
    expect(names(taken())).toEqual(["Tax Essentials"]);
    expect(announced()).toBe("Billing removed. 1 of 5 selected.");
  });

  it("chooses ranges with Shift, everything with Ctrl+A, and a name by typing", async () => {
    const { user } = open();
    available().focus();
    await user.keyboard("{Shift>}{ArrowDown}{ArrowDown}{/Shift}");
    expect(chosen(available())).toEqual(["Billing", "Dunning", "Tax Essentials"]);
    await user.keyboard("{Control>}a{/Control}");
    expect(chosen(available())).toHaveLength(5);
    await user.keyboard("cu");
    expect(available().getAttribute("aria-activedescendant")).toBe(option("Currex").id);
  });

  it("is one tab stop for each list", async () => {
    const { user } = open(["jobs"]);
    const filter = screen.getByRole("textbox", { name: "Filter Available" });
    filter.focus();
    await user.tab();
    expect(available()).toHaveFocus();
    await user.tab();
    expect(screen.getByRole("button", { name: "Add what is chosen" })).toHaveFocus();
  });
});

describe("the picker by mouse", () => {
  it("chooses with Click, Ctrl+Click and Shift+Click", async () => {
    const { user } = open();
    await user.click(option("Billing"));
    await user.keyboard("{Control>}");
    await user.click(option("Currex"));
    await user.keyboard("{/Control}");
    expect(chosen(available())).toEqual(["Billing", "Currex"]);
    await user.click(option("Dunning"));
    await user.keyboard("{Shift>}");
    await user.click(option("Currex"));
    await user.keyboard("{/Shift}");
    expect(chosen(available())).toEqual(["Dunning", "Tax Essentials", "Currex"]);
  });

  it("moves with a double click and with the buttons", async () => {
    const { user } = open();
    await user.dblClick(option("Dunning"));
    expect(names(taken())).toEqual(["Dunning"]);
    await user.click(screen.getByRole("button", { name: "Add all shown" }));
    expect(names(available())).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Remove all shown" }));
    expect(names(taken())).toEqual([]);
    expect(announced()).toBe("5 entries removed. 0 of 5 selected.");
  });

  it("moves only what the filter shows", async () => {
    const { user } = open();
    await user.click(option("Billing"));
    await user.type(screen.getByRole("textbox", { name: "Filter Available" }), "ess");
    expect(screen.getByText("1 of 5 shown")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Add all shown" }));
    expect(names(taken())).toEqual(["Tax Essentials"]);
  });

  it("keeps a button in reach that has nothing to do", async () => {
    const { user } = open();
    const button = screen.getByRole("button", { name: "Remove all shown" });
    expect(button).toHaveAttribute("aria-disabled", "true");
    await user.click(button);
    expect(button).toHaveFocus();
    expect(announced()).toBe("");
  });
});

describe("dragging", () => {
  beforeEach(() => {
    vi.spyOn(document, "elementFromPoint").mockImplementation((x) => (x > 500 ? taken() : available()));
  });
  afterEach(() => vi.restoreAllMocks());

  const press = (name: string) =>
    fireEvent.pointerDown(option(name), { button: 0, buttons: 1, clientX: 10, clientY: 10 });
  const to = (clientX: number) => fireEvent.pointerMove(window, { buttons: 1, clientX, clientY: 10 });

  it("takes all that is chosen to the other list", async () => {
    const { user } = open();
    await user.click(option("Billing"));
    await user.keyboard("{Control>}");
    await user.click(option("Dunning"));
    await user.keyboard("{/Control}");
    await press("Billing");
    await to(600);
    expect(screen.getByText("2 entries")).toBeVisible();
    await fireEvent.pointerUp(window);
    expect(names(taken())).toEqual(["Billing", "Dunning"]);
  });

  it("drops nothing on its own list, and nothing after Escape", async () => {
    const { user } = open();
    await press("Billing");
    await to(100);
    await fireEvent.pointerUp(window);
    expect(names(taken())).toEqual([]);

    await press("Billing");
    await to(600);
    await user.keyboard("{Escape}");
    await fireEvent.pointerUp(window);
    expect(names(taken())).toEqual([]);
  });

  it("is no drag while the pointer trembles", async () => {
    open();
    await press("Billing");
    await to(13);
    await fireEvent.pointerUp(window);
    expect(chosen(available())).toEqual(["Billing"]);
    expect(names(taken())).toEqual([]);
  });
});

describe("the picker for everybody", () => {
  it("breaks no rule of axe, with and without an error", async () => {
    const { container, rerender } = open(["jobs"]);
    available().focus();
    expect(await axeViolations(container)).toEqual([]);
    await rerender({ error: "Choose at least one." });
    expect(taken()).toHaveAccessibleDescription(/Choose at least one\./);
    expect(await axeViolations(container)).toEqual([]);
  });

  it("names groups, and numbers the options over all of them", () => {
    open();
    expect(screen.getByRole("group", { name: "Money" })).toContainElement(option("Billing"));
    expect(option("Currex")).toHaveAttribute("aria-posinset", "4");
    expect(option("Currex")).toHaveAttribute("aria-setsize", "5");
  });

  it("keeps few rows in the page of 2,000, and the active one among them", async () => {
    const many = Array.from({ length: 2000 }, (_, index) => ({
      id: `set-${index}`,
      name: `Set ${index}`,
      group: `Group ${Math.floor(index / 50)}`,
    }));
    const { user } = open([], many);
    expect(names(available()).length).toBeLessThan(60);
    available().focus();
    await user.keyboard("{End}");
    expect(option("Set 1999")).toHaveAttribute("id", available().getAttribute("aria-activedescendant"));
    await user.click(screen.getByRole("button", { name: "Add all shown" }));
    expect(screen.getByText("2000 of 2000")).toBeVisible();
  });
});
