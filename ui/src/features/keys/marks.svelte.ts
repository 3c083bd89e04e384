import type { KeyQuery, KeySelection } from "../../lib/ipc";

/** Keys that are chosen together: some by their identifiers, or all that a question finds but a few. */
export class Marks {
  #some = $state.raw<ReadonlySet<string>>(new Set());
  /** The question whose keys are all chosen, but those in `#some`. */
  #all = $state.raw<{ query: KeyQuery; total: number } | null>(null);

  get count(): number {
    return this.#all === null ? this.#some.size : Math.max(0, this.#all.total - this.#some.size);
  }

  has(id: string): boolean {
    return this.#some.has(id) === (this.#all === null);
  }

  toggle(id: string): void {
    const some = new Set(this.#some);
    if (!some.delete(id)) some.add(id);
    this.#some = some;
  }

  /** Chooses these too. */
  add(ids: Iterable<string>): void {
    const some = new Set(this.#some);
    for (const id of ids) {
      if (this.#all === null) some.add(id);
      else some.delete(id);
    }
    this.#some = some;
  }

  /** Chooses all that a question finds; nobody has to have seen them. */
  addAll(query: KeyQuery, total: number): void {
    this.#all = { query, total };
    this.#some = new Set();
  }

  clear(): void {
    // Every row that is shown asks again after a change, and each letter of a search comes by here.
    if (this.#all === null && this.#some.size === 0) return;
    this.#all = null;
    this.#some = new Set();
  }

  get selection(): KeySelection {
    if (this.#all === null) return { kind: "keys", keys: [...this.#some] };
    return { kind: "found", query: this.#all.query, except: [...this.#some] };
  }
}
