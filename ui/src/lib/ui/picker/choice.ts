/**
 * What is chosen in one list, and where its keyboard stands. Pure functions: each takes the list's identifiers in the
 * order in which they are shown, and what stands there answers with what comes next.
 */
export interface Choice {
  readonly chosen: ReadonlySet<string>;
  /** Where the keyboard stands. */
  readonly active: string | null;
  /** Where a range begins that Shift extends. */
  readonly anchor: string | null;
  /** What was chosen before that range: extending it, and shrinking it again, leaves this alone. */
  readonly base: ReadonlySet<string>;
}

type Order = readonly string[];

const none: ReadonlySet<string> = new Set();

export const nothing: Choice = { chosen: none, active: null, anchor: null, base: none };

/** Chooses `id` and nothing else, as a plain click does. */
export function only(id: string): Choice {
  return { chosen: new Set([id]), active: id, anchor: id, base: none };
}

/** Chooses `id` too, or no longer, as Space and Ctrl+Click do. */
export function toggle(choice: Choice, id: string): Choice {
  const chosen = new Set(choice.chosen);
  if (!chosen.delete(id)) chosen.add(id);
  return { chosen, active: id, anchor: id, base: chosen };
}

/** Moves the keyboard to `id` and leaves the choice as it is. */
export function goTo(choice: Choice, id: string | null): Choice {
  return { chosen: choice.chosen, active: id, anchor: id, base: choice.chosen };
}

/** Chooses everything from the anchor to `id`, as Shift does. */
export function extend(order: Order, choice: Choice, id: string): Choice {
  const anchor = choice.anchor !== null && order.includes(choice.anchor) ? choice.anchor : (choice.active ?? id);
  const from = order.indexOf(anchor);
  const to = order.indexOf(id);
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { chosen: new Set([...choice.base, ...range]), active: id, anchor, base: choice.base };
}

/** Chooses everything, or nothing if everything is chosen already, as Ctrl+A does. */
export function toggleAll(order: Order, choice: Choice): Choice {
  const everything = order.length > 0 && order.every((id) => choice.chosen.has(id));
  const chosen = everything ? none : new Set(order);
  return { ...choice, chosen, base: chosen };
}

/** Forgets what is no longer shown: nobody should move what they do not see. */
export function prune(order: Order, choice: Choice): Choice {
  const shown = new Set(order);
  const keep = (ids: ReadonlySet<string>): ReadonlySet<string> => new Set([...ids].filter((id) => shown.has(id)));
  const stands = (id: string | null): string | null => (id !== null && shown.has(id) ? id : null);
  return {
    chosen: keep(choice.chosen),
    active: stands(choice.active),
    anchor: stands(choice.anchor),
    base: keep(choice.base),
  };
}

/** What a move takes along: all that is chosen, or else the one at the keyboard; in the order shown. */
export function takenAlong(order: Order, choice: Choice): string[] {
  const chosen = order.filter((id) => choice.chosen.has(id));
  if (chosen.length > 0) return chosen;
  return choice.active !== null && order.includes(choice.active) ? [choice.active] : [];
}

/** Where the keyboard stands once `gone` have left the list: on what followed them, else on what came before. */
export function neighbour(order: Order, gone: readonly string[]): string | null {
  const left = new Set(gone);
  const last = order.findLastIndex((id) => left.has(id));
  return (
    order.slice(last + 1).find((id) => !left.has(id)) ??
    order.slice(0, last + 1).findLast((id) => !left.has(id)) ??
    null
  );
}

/** `steps` on from where the keyboard stands, and not over the ends. */
export function stepped(order: Order, choice: Choice, steps: number): string | null {
  const at = choice.active === null ? -1 : order.indexOf(choice.active);
  // Nothing is active before the first key: down begins at the top, up at the bottom.
  if (at < 0) return (steps > 0 ? order[0] : order.at(-1)) ?? null;
  return order[Math.max(0, Math.min(at + steps, order.length - 1))] ?? null;
}

/**
 * The entry that typing jumps to. One letter, also pressed again and again, goes to the next name with it; more letters
 * stay on the current name for as long as it fits.
 */
export function typedTo(
  entries: readonly { id: string; name: string }[],
  active: string | null,
  typed: string,
): string | null {
  const text = typed.toLocaleLowerCase();
  const letters = new Set(text);
  const sought = letters.size === 1 ? text.slice(0, 1) : text;
  const at = entries.findIndex((entry) => entry.id === active);
  const start = sought.length === 1 ? at + 1 : Math.max(at, 0);
  for (let offset = 0; offset < entries.length; offset += 1) {
    const entry = entries[(start + offset) % entries.length];
    if (entry?.name.toLocaleLowerCase().startsWith(sought)) return entry.id;
  }
  return null;
}
