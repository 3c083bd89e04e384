import { onDate } from "../../lib/expiration/expiration";
import {
  type ApiSetView,
  type BatchDraft,
  type BatchList,
  type BatchPreview,
  type Field,
  type Gateway,
  type LatchkeyError,
  type TenantView,
  toLatchkeyError,
} from "../../lib/ipc";
import { Membership } from "./membership.svelte";
import { chosenEnd, lifetime, usualEnd, usualLifetime } from "./offered-ends";

/** What is typed into Generate Many Keys. */
export class BatchForm {
  kind = $state<"pattern" | "list">("pattern");
  count = $state("");
  pattern = $state("");
  expires = $state("");
  date = $state("");
  days = $state("");
  delivery = $state<"csv" | "folder">("csv");
  recipients = $state("");
  apiSets = $state.raw<string[]>([]);

  list = $state.raw<BatchList | null>(null);
  preview = $state.raw<BatchPreview | null>(null);
  /** `null` until they have been read. */
  offered = $state.raw<ApiSetView[] | null>(null);
  offerProblem = $state.raw<LatchkeyError | null>(null);
  problem = $state.raw<LatchkeyError | null>(null);

  readonly membership: Membership;
  readonly #gateway: Gateway;
  readonly #tenant: TenantView;
  #asked = 0;

  constructor(gateway: Gateway, tenant: TenantView, now: number) {
    this.#gateway = gateway;
    this.#tenant = tenant;
    this.membership = new Membership(gateway, tenant);
    this.expires = usualEnd(tenant, now);
    this.days = usualLifetime(tenant);
  }

  get asksForDays(): boolean {
    return this.expires === lifetime;
  }

  get asksForDate(): boolean {
    return this.expires === onDate;
  }

  /** Takes the fault of a field back as soon as somebody works on it. */
  mend(field: Field): void {
    if (this.problem?.field?.name === field) this.problem = null;
  }

  /** Asks Rust how the names would be; while they are not names yet, nothing is shown. */
  async show(): Promise<void> {
    const asked = ++this.#asked;
    let preview: BatchPreview | null = null;
    try {
      if (this.pattern.trim() !== "") preview = await this.#gateway.batchPreview(this.pattern, this.#number);
    } catch {
      // Said at the field when it is asked to generate.
    }
    if (asked === this.#asked) this.preview = preview;
  }

  /** Lets the operator choose a list in the system's dialog. */
  async choose(): Promise<void> {
    this.mend("names");
    try {
      this.list = (await this.#gateway.batchNames()) ?? this.list;
    } catch (reason) {
      this.list = null;
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

  get draft(): BatchDraft {
    return {
      tenant: this.#tenant.id,
      names: this.kind === "list" ? { kind: "list" } : { kind: "pattern", pattern: this.pattern, count: this.#number },
      description: "",
      owner: null,
      api_sets: this.apiSets,
      tags: [],
      ...this.membership.draft,
      expires: chosenEnd(this),
      delivery: this.delivery,
      recipients: this.recipients.split(/\s+/).filter((text) => text !== ""),
    };
  }

  /** What is no number of keys is none: Rust says so at the field. */
  get #number(): number {
    const text = this.count.trim();
    return /^\d{1,9}$/.test(text) ? Number(text) : 0;
  }
}
