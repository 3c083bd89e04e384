import {
  type BundleDraft,
  type BundlePreview,
  type BundleState,
  type Gateway,
  type LatchkeyError,
  toLatchkeyError,
} from "../../lib/ipc";
import { Newest } from "../../lib/newest";

/** Rust takes no higher sequence. */
const highest = 4_000_000_000;

/** What services know of a tenant, and the bundle that is to be exported. */
export class BundleForm {
  state = $state.raw<BundleState | null>(null);
  stateProblem = $state.raw<LatchkeyError | null>(null);
  /** `full`, or the sequence of the bundle that a delta is since. */
  kind = $state<string>("full");
  since = $state("");
  days = $state("35");
  /** The newest sequence that services have, where the profile came out of a backup; empty else. */
  above = $state("");
  preview = $state.raw<BundlePreview | null>(null);
  problem = $state.raw<LatchkeyError | null>(null);
  busy = $state(false);

  readonly #gateway: Gateway;
  readonly #tenant: string;
  readonly #asking = new Newest();

  constructor(gateway: Gateway, tenant: string) {
    this.#gateway = gateway;
    this.#tenant = tenant;
  }

  /** Bundles that a delta can be since: each sequence once, newest first. */
  get bases(): { sequence: number; issued_at: string }[] {
    const seen = new Set<number>();
    const possible = (this.state?.exports ?? []).filter(({ may_be_base }) => may_be_base);
    return possible.filter(({ sequence }) => !seen.has(sequence) && seen.add(sequence));
  }

  get daysAreNumber(): boolean {
    const days = this.days.trim();
    return /^\d{1,4}$/u.test(days) && Number(days) >= 1 && Number(days) <= 3650;
  }

  /** Only a full bundle can raise the sequence. */
  get aboveIsNumber(): boolean {
    const above = this.above.trim();
    return this.kind === "delta" || above === "" || (/^\d{1,10}$/u.test(above) && Number(above) <= highest);
  }

  get complete(): boolean {
    return this.daysAreNumber && this.aboveIsNumber;
  }

  get draft(): BundleDraft {
    const delta = this.kind === "delta";
    const since = delta ? Number(this.since) : null;
    const above = delta || this.above.trim() === "" ? null : Number(this.above);
    return { tenant: this.#tenant, since, valid_for: `${Number(this.days)}d`, above };
  }

  async load(): Promise<void> {
    try {
      this.state = await this.#gateway.bundleState(this.#tenant);
      this.stateProblem = null;
      // The newest one is what most services have.
      const newest = this.bases[0];
      if (!newest) this.kind = "full";
      if (newest && !this.bases.some(({ sequence }) => String(sequence) === this.since)) {
        this.since = String(newest.sequence);
      }
    } catch (reason) {
      this.stateProblem = toLatchkeyError(reason);
    }
    await this.look();
  }

  /** What would go into it. Answers to older questions are dropped. */
  async look(): Promise<void> {
    if (!this.complete) return this.#asking.overtake();
    try {
      const told = await this.#asking.ask(() => this.#gateway.bundlePreview(this.draft));
      if (told) this.preview = told.answer;
    } catch {
      // The export says what is wrong, at its place.
      this.preview = null;
    }
  }

  /** Does what exports, and looks anew at what services know. `null` where it failed, or nobody chose a place. */
  async run<T>(work: (draft: BundleDraft) => Promise<T | null>): Promise<T | null> {
    if (this.busy) return null;
    this.busy = true;
    this.problem = null;
    try {
      const done = await work(this.draft);
      if (done !== null) {
        // Raised once, it stays raised.
        this.above = "";
        await this.load();
      }
      return done;
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
      return null;
    } finally {
      this.busy = false;
    }
  }
}
