import { SvelteSet } from "svelte/reactivity";

import {
  type Gateway,
  type ImportDone,
  type ImportEntry,
  type ImportPreview,
  type TenantView,
  toLatchkeyError,
} from "../../lib/ipc";
import { toTags } from "../../lib/tags";
import { KeyForm } from "./key-form.svelte";
import { chosenEnd } from "./offered-ends";

/** Whether an operator may decide to import an entry. */
export function mayBeTaken(entry: ImportEntry): boolean {
  return entry.fate === "import" || entry.fate === "optional";
}

/** A file with keys, what is chosen of it, and what has come of it. */
export class ImportForm extends KeyForm {
  /** `null` until a file was read. */
  preview = $state.raw<ImportPreview | null>(null);
  entries = $state.raw<ImportEntry[]>([]);
  /** Numbers of the entries that are to be imported. */
  readonly taken = new SvelteSet<number>();
  keep = $state(false);

  busy = $state(false);
  done = $state.raw<ImportDone | null>(null);

  constructor(gateway: Gateway, tenant: TenantView, operator: string, now: number) {
    super(gateway, tenant, now);
    this.owner = operator;
    this.keep = tenant.policy.keep === "default";
  }

  get chosen(): ImportEntry[] {
    return this.entries.filter((entry) => this.taken.has(entry.number));
  }

  /** Chosen entries whose name cannot stay. */
  get misnamed(): ImportEntry[] {
    return this.chosen.filter((entry) => entry.name_problem !== null);
  }

  /** Has Rust ask for a file; `false` when the operator chose none. */
  async open(): Promise<boolean> {
    this.problem = null;
    this.busy = true;
    try {
      const preview = await this.gateway.importOpen(this.tenant.id);
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
      this.entries = await this.gateway.importRename(entry.number, name);
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
    }
  }

  async run(): Promise<ImportDone | null> {
    this.problem = null;
    this.busy = true;
    try {
      this.done = await this.gateway.importRun({
        tenant: this.tenant.id,
        entries: this.chosen.map((entry) => entry.number),
        api_sets: this.apiSets,
        ...this.membership.draft,
        owner: this.owner.trim() || null,
        tags: toTags(this.tags),
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
      await this.gateway.importClose();
    } catch {
      // Nothing is open there then, or the program ends; either way the keys are gone.
    }
  }
}
