import {
  type Gateway,
  type KeyView,
  type LatchkeyError,
  type PastedKey,
  type RecordDraft,
  type RecordedKey,
  type TenantView,
  toLatchkeyError,
} from "../../lib/ipc";
import { fromTags } from "../../lib/tags";
import { leftOpen, toOverlap } from "../../lib/rotation/overlap";
import { NewKeyForm } from "./new-key-form.svelte";

/** What is typed of a key that a person made, and the key that Rust has taken. Its text is never here. */
export class RecordForm extends NewKeyForm {
  /** `null` until one was pasted or read from a file. */
  pasted = $state.raw<PastedKey | null>(null);
  keep = $state(false);
  /** How long the key whose place it takes stays. */
  overlap = $state(leftOpen);
  overlapOn = $state("");
  /** The clipboard or a file is being read. */
  taking = $state(false);
  /** Why there is no key. */
  keyProblem = $state.raw<LatchkeyError | null>(null);
  /** It was to be recorded before there was a key. */
  missing = $state(false);

  readonly #succeeds: KeyView | null;
  #closed = false;

  /** With the key whose place it takes, what that one is like stands there. */
  constructor(gateway: Gateway, tenant: TenantView, operator: string, now: () => number, succeeds: KeyView | null) {
    super(gateway, tenant, operator, now);
    this.#succeeds = succeeds;
    this.keep = tenant.policy.keep !== "forbid";
    if (succeeds) this.#takeOver(succeeds);
    this.begin();
  }

  override get touched(): boolean {
    return super.touched || this.pasted !== null || this.overlap !== leftOpen;
  }

  #takeOver({ name, description, owner, api_sets, organization, groups, tags }: KeyView): void {
    this.name = name;
    this.description = description;
    this.owner = owner;
    this.tags = fromTags(tags);
    this.preset = this.tenant.conventions.presets.find((preset) => preset.api_sets === null)?.name ?? null;
    this.apiSets = api_sets;
    this.membership.organization = organization ?? "";
    this.membership.groups = groups;
  }

  /** Has Rust read the clipboard. */
  paste(): Promise<boolean> {
    return this.#take(() => this.gateway.keyPaste(this.tenant.id));
  }

  /** Has Rust ask for a file. */
  choose(): Promise<boolean> {
    return this.#take(() => this.gateway.keyReadFile(this.tenant.id));
  }

  async #take(read: () => Promise<PastedKey | null>): Promise<boolean> {
    if (this.taking || this.busy) return false;
    this.taking = true;
    this.keyProblem = null;
    this.missing = false;
    try {
      const taken = await read();
      if (taken === null) return false;
      await this.forget(this.#closed ? taken : this.pasted);
      if (this.#closed) return false;
      this.pasted = taken;
      this.mend("secret");
      return true;
    } catch (reason) {
      this.keyProblem = toLatchkeyError(reason);
      return false;
    } finally {
      this.taking = false;
    }
  }

  /** The dialog closes: whatever was taken, or still comes, is wiped. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.forget();
  }

  /** Has Rust wipe a key that was taken. */
  async forget(taken: PastedKey | null = this.pasted): Promise<void> {
    this.pasted = null;
    this.mend("secret");
    if (taken === null) return;
    try {
      await this.gateway.keyPasteForget(taken.id);
    } catch {
      // Nothing is there then, or the program ends; either way the key is gone.
    }
  }

  get #recorded(): RecordDraft {
    const recorded = { ...this.draft, keep: this.keep };
    if (this.#succeeds === null) return recorded;
    const succeeds = { ...recorded, succeeds: this.#succeeds.id };
    return this.overlap === leftOpen ? succeeds : { ...succeeds, overlap: toOverlap(this.overlap, this.overlapOn) };
  }

  /** `null` when it did not work: `problem` or `missing` then says why, and everything stays as typed. */
  async record(): Promise<RecordedKey | null> {
    this.problem = null;
    if (this.pasted === null) {
      this.missing = true;
      return null;
    }
    this.busy = true;
    try {
      const recorded = await this.gateway.keyRecord(this.#recorded, this.pasted.id);
      this.pasted = null;
      return recorded;
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
      // Rust forgets what waits too long; there is nothing left to record.
      if (this.problem.code === "secret_gone") this.pasted = null;
      return null;
    } finally {
      this.busy = false;
    }
  }
}
