import { describe, expect, it } from "vitest";

import {
  type Choice,
  extend,
  goTo,
  neighbour,
  nothing,
  only,
  prune,
  stepped,
  takenAlong,
  toggle,
  toggleAll,
  typedTo,
} from "./choice";

const order = ["a", "b", "c", "d", "e"];

function chosen(choice: Choice): string {
  return [...choice.chosen].sort().join("");
}

describe("choosing with the mouse", () => {
  it("a click chooses one and forgets the others", () => {
    expect(chosen(only("c"))).toBe("c");
    expect(chosen(extend(order, only("c"), "e"))).toBe("cde");
    expect(chosen(only("a"))).toBe("a");
  });

  it("Ctrl adds and takes away", () => {
    const two = toggle(only("a"), "d");
    expect(chosen(two)).toBe("ad");
    expect(chosen(toggle(two, "a"))).toBe("d");
  });

  it("Shift chooses from the last plain click, in both directions, and the range can shrink again", () => {
    const wide = extend(order, only("c"), "e");
    expect(chosen(extend(order, wide, "a"))).toBe("abc");
    expect(chosen(extend(order, wide, "d"))).toBe("cd");
  });

  it("Shift after Ctrl keeps what was chosen before", () => {
    expect(chosen(extend(order, toggle(only("a"), "c"), "d"))).toBe("acd");
  });
});

describe("choosing by keyboard", () => {
  it("moving does not choose", () => {
    const moved = goTo(toggle(nothing, "a"), "c");
    expect(chosen(moved)).toBe("a");
    expect(moved.active).toBe("c");
  });

  it("Shift and an arrow choose from where the keyboard stood, and keep the rest", () => {
    const moved = goTo(toggle(nothing, "a"), "c");
    const down = extend(order, moved, "d");
    expect(chosen(down)).toBe("acd");
    expect(chosen(extend(order, down, "c"))).toBe("ac");
  });

  it("steps stop at the ends, and begin at the end they come from", () => {
    expect(stepped(order, goTo(nothing, "d"), 10)).toBe("e");
    expect(stepped(order, goTo(nothing, "b"), -10)).toBe("a");
    expect(stepped(order, nothing, 1)).toBe("a");
    expect(stepped(order, nothing, -1)).toBe("e");
    expect(stepped([], nothing, 1)).toBeNull();
  });

  it("Ctrl+A chooses everything, and nothing when everything was chosen", () => {
    const all = toggleAll(order, only("b"));
    expect(chosen(all)).toBe("abcde");
    expect(chosen(toggleAll(order, all))).toBe("");
    expect(chosen(toggleAll([], nothing))).toBe("");
  });
});

describe("moving to the other list", () => {
  it("takes what is chosen in the order shown, else the one at the keyboard", () => {
    expect(takenAlong(order, toggle(only("d"), "a"))).toEqual(["a", "d"]);
    expect(takenAlong(order, goTo(nothing, "c"))).toEqual(["c"]);
    expect(takenAlong(order, nothing)).toEqual([]);
  });

  it("leaves the keyboard on what followed, else on what came before", () => {
    expect(neighbour(order, ["b", "c"])).toBe("d");
    expect(neighbour(order, ["a", "e"])).toBe("d");
    expect(neighbour(order, ["d", "e"])).toBe("c");
    expect(neighbour(order, order)).toBeNull();
  });

  it("never moves what a filter hides", () => {
    const hidden = prune(["a", "b"], toggle(only("b"), "d"));
    expect(chosen(hidden)).toBe("b");
    expect(hidden.active).toBeNull();
    expect(takenAlong(["a", "b"], hidden)).toEqual(["b"]);
  });
});

describe("typing a name", () => {
  const names = ["Billing", "Build", "Dunning", "Tax Essentials"].map((name) => ({ id: name, name }));

  it("goes round the names with a letter", () => {
    expect(typedTo(names, null, "b")).toBe("Billing");
    expect(typedTo(names, "Billing", "b")).toBe("Build");
    expect(typedTo(names, "Build", "bb")).toBe("Billing");
  });

  it("stays on a name for as long as it fits", () => {
    expect(typedTo(names, "Billing", "bi")).toBe("Billing");
    expect(typedTo(names, "Billing", "bu")).toBe("Build");
    expect(typedTo(names, "Billing", "tax e")).toBe("Tax Essentials");
  });

  it("goes nowhere for what is not there", () => {
    expect(typedTo(names, "Billing", "x")).toBeNull();
    expect(typedTo([], null, "x")).toBeNull();
  });
});
