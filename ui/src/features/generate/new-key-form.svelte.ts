import { lastDay } from "../../lib/expiration/expiration";
import { type Gateway, type KeyDraft, type NewKey, type TenantView, toLatchkeyError } from "../../lib/ipc";
import { KeyForm } from "./key-form.svelte";
import { chosenEnd, typedLifetime } from "./offered-ends";
import { toTags } from "../../lib/tags";

/** What is typed into New API Key, and what has come of it. */
export class NewKeyForm extends KeyForm {
  name = $state("");
  /** The ready-made choice of API sets, by its name. */
  preset = $state<string | null>(null);

  busy = $state(false);

  readonly #now: () => number;
  /** What it asked for before anybody worked on it. */
  #untouched = "";

  constructor(gateway: Gateway, tenant: TenantView, operator: string, now: () => number) {
    super(gateway, tenant, now());
    this.#now = now;
    this.owner = operator;
    const [preset] = tenant.conventions.presets;
    if (preset) this.choosePreset(preset.name);
    this.begin();
  }

  /** Whether closing would lose something. */
  get touched(): boolean {
    return this.#typed !== this.#untouched;
  }

  get draft(): KeyDraft {
    return {
      tenant: this.tenant.id,
      name: this.name,
      description: this.description,
      owner: this.owner.trim() || null,
      api_sets: this.apiSets,
      tags: toTags(this.tags),
      ...this.membership.draft,
      expires: chosenEnd(this),
    };
  }

  /** The only organization is chosen without anybody's doing. */
  get #typed(): string {
    return JSON.stringify({ ...this.draft, name: this.name.trim(), organization: null });
  }

  /** What stands there now is where the operator begins. */
  protected begin(): void {
    this.#untouched = this.#typed;
  }

  /** A ready-made choice brings its API sets; the one without lets the operator pick them. */
  choosePreset(name: string): void {
    this.preset = name;
    this.apiSets = this.#presetSets ?? [];
  }

  get #presetSets(): string[] | null {
    return this.tenant.conventions.presets.find((preset) => preset.name === this.preset)?.api_sets ?? null;
  }

  override get picksSets(): boolean {
    return super.picksSets && this.#presetSets === null;
  }

  /** The last day as people write it; `null` for never; `undefined` while nobody can say. */
  get ends(): string | null | undefined {
    if (this.asksForDays) {
      const days = typedLifetime(this.days);
      return days === null ? undefined : lastDay(String(days), "", this.#now());
    }
    return lastDay(this.expires, this.date, this.#now());
  }

  /** `null` when it did not work: `problem` then says why, and everything stays as typed. */
  async generate(): Promise<NewKey | null> {
    this.problem = null;
    this.busy = true;
    try {
      return await this.gateway.keyNew(this.draft);
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
      return null;
    } finally {
      this.busy = false;
    }
  }
}
