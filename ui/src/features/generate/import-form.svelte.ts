import { SvelteSet } from "svelte/reactivity";

import { onDate } from "../../lib/expiration/expiration";
import {
  type ApiSetView,
  type Field,
  type Gateway,
  type ImportDone,
  type ImportEntry,
  type ImportPreview,
  type LatchkeyError,
  type TenantView,
  toLatchkeyError,
} from "../../lib/ipc";
import { chosenEnd, lifetime, usualEnd, usualLifetime } from "./offered-ends";

/** Whether an operator may decide to import an entry. */
export function mayBeTaken(entry: ImportEntry): boolean {
  return entry.fate === "import" || entry.fate === "optional";
}

/** A file with keys, what is chosen of it, and what has come of it. */
export class ImportForm {
  /** `null` until a file was read. */
  preview = $state.raw<ImportPreview | null>(null);
  entries = $state.raw<ImportEntry[]>([]);
  /** Numbers of the entries that are to be imported. */
  readonly taken = new SvelteSet<number>();
  owner = $state("");
  expires = $state("");
  date = $state("");
  days = $state("");
  apiSets = $state.raw<string[]>([]);
  keep = $state(false);

  /** `null` until they have been read. */
  offered = $state.raw<ApiSetView[] | null>(null);
  offerProblem = $state.raw<LatchkeyError | null>(null);
  busy = $state(false);
  problem = $state.raw<LatchkeyError | null>(null);
  done = $state.raw<ImportDone | null>(null);

  readonly #gateway: Gateway;
  readonly #tenant: TenantView;

  constructor(gateway: Gateway, tenant: TenantView, operator: string, now: number) {
    this.#gateway = gateway;
    this.#tenant = tenant;
    this.owner = operator;
    this.expires = usualEnd(tenant, now);
    this.days = usualLifetime(tenant);
    this.keep = tenant.policy.keep === "default";
  }

  get asksForDays(): boolean {
    return this.expires === lifetime;
  }

  get asksForDate(): boolean {
    return this.expires === onDate;
  }

  get chosen(): ImportEntry[] {
    return this.entries.filter((entry) => this.taken.has(entry.number));
  }

  /** Chosen entries whose name cannot stay. */
  get misnamed(): ImportEntry[] {
    return this.chosen.filter((entry) => entry.name_problem !== null);
  }

  mend(field: Field): void {
    if (this.problem?.field?.name === field) this.problem = null;
  }

  /** Has Rust ask for a file; `false` when the operator chose none. */
  async open(): Promise<boolean> {
    this.problem = null;
    this.busy = true;
    try {
      const preview = await this.#gateway.importOpen(this.#tenant.id);
      if (preview === null) return false;
      this.preview = preview;
      this.entries = preview.entries;
      this.keep &&= preview.may_keep;
      this.takeAll((entry) => entry.fate === "import");
      return true;
    } catch (reason) {
      this.preview = null;
      this.problem = toLatchkeyError(reason);
      return true;
    } finally {
      this.busy = false;
    }
  }

  takeAll(wanted: (entry: ImportEntry) => boolean): void {
    this.taken.clear();
    for (const entry of this.entries) if (wanted(entry)) this.taken.add(entry.number);
  }

  toggle(entry: ImportEntry): void {
    if (!this.taken.delete(entry.number)) this.taken.add(entry.number);
  }

  async rename(entry: ImportEntry, name: string): Promise<void> {
    if (name === entry.name) return;
    try {
      this.entries = await this.#gateway.importRename(entry.number, name);
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
    }
  }

  async loadApiSets(): Promise<void> {
    this.offerProblem = null;
    try {
      const sets = await this.#gateway.apiSetList(this.#tenant.id);
      const offered = sets.filter((set) => set.retired_at === null);
      this.offered = offered;
      // Some may have been removed or retired in the meantime.
      this.apiSets = this.apiSets.filter((id) => offered.some((set) => set.id === id));
    } catch (reason) {
      this.offerProblem = toLatchkeyError(reason);
    }
  }

  async run(): Promise<ImportDone | null> {
    this.problem = null;
    this.busy = true;
    try {
      this.done = await this.#gateway.importRun({
        tenant: this.#tenant.id,
        entries: this.chosen.map((entry) => entry.number),
        api_sets: this.apiSets,
        owner: this.owner.trim() || null,
        expires: chosenEnd(this),
        keep: this.keep,
      });
      return this.done;
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
      return null;
    } finally {
      this.busy = false;
    }
  }

  /** Has Rust wipe the keys of the file. */
  async close(): Promise<void> {
    try {
      await this.#gateway.importClose();
    } catch {
      // Nothing is open there then, or the program ends; either way the keys are gone.
    }
  }
}
