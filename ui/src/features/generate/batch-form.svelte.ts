import {
  type BatchDraft,
  type BatchList,
  type BatchPreview,
  type Gateway,
  type TenantView,
  toLatchkeyError,
} from "../../lib/ipc";
import { Newest } from "../../lib/newest";
import { toTags } from "../../lib/tags";
import { KeyForm } from "./key-form.svelte";
import { chosenEnd } from "./offered-ends";

/** What is typed into Generate Many Keys. */
export class BatchForm extends KeyForm {
  kind = $state<"pattern" | "list">("pattern");
  count = $state("");
  pattern = $state("");
  delivery = $state<"csv" | "folder">("csv");
  recipients = $state("");

  list = $state.raw<BatchList | null>(null);
  preview = $state.raw<BatchPreview | null>(null);

  readonly #asking = new Newest();

  constructor(gateway: Gateway, tenant: TenantView, operator: string, now: number) {
    super(gateway, tenant, now);
    this.owner = operator;
  }

  /** Asks Rust how the names would be; while they are not names yet, nothing is shown. */
  async show(): Promise<void> {
    const empty = this.pattern.trim() === "";
    try {
      const told = await this.#asking.ask(() =>
        empty ? Promise.resolve(null) : this.gateway.batchPreview(this.pattern, this.#number),
      );
      if (told) this.preview = told.answer;
    } catch {
      // Said at the field when it is asked to generate.
      this.preview = null;
    }
  }

  /** Lets the operator choose a list in the system's dialog. */
  async choose(): Promise<void> {
    this.mend("names");
    try {
      this.list = (await this.gateway.batchNames(this.tenant.id)) ?? this.list;
    } catch (reason) {
      this.list = null;
      this.problem = toLatchkeyError(reason);
    }
  }

  get draft(): BatchDraft {
    return {
      tenant: this.tenant.id,
      names: this.kind === "list" ? { kind: "list" } : { kind: "pattern", pattern: this.pattern, count: this.#number },
      description: this.description,
      owner: this.owner.trim() || null,
      api_sets: this.apiSets,
      tags: toTags(this.tags),
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
