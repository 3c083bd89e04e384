import { lastDay } from "../../lib/expiration/expiration";
import { type Gateway, type NewKey, type TenantView, toLatchkeyError } from "../../lib/ipc";
import { KeyForm } from "./key-form.svelte";
import { chosenEnd, typedLifetime } from "./offered-ends";
import { toTags } from "../../lib/tags";

/** What is typed into New API Key, and what has come of it. */
export class NewKeyForm extends KeyForm {
  name = $state("");
  /** The ready-made choice of API sets, by its name. */
  preset = $state<string | null>(null);

  busy = $state(false);

  readonly #operator: string;
  readonly #now: () => number;
  readonly #usual: string;

  constructor(gateway: Gateway, tenant: TenantView, operator: string, now: () => number) {
    super(gateway, tenant, now());
    this.#operator = operator;
    this.#now = now;
    this.#usual = this.expires;
    this.owner = operator;
    const [preset] = tenant.conventions.presets;
    if (preset) this.choosePreset(preset.name);
  }

  /** Whether closing would lose something. */
  get touched(): boolean {
    return (
      this.name.trim() !== "" ||
      this.description.trim() !== "" ||
      this.tags.trim() !== "" ||
      this.owner !== this.#operator ||
      this.expires !== this.#usual ||
      this.membership.groups.length > 0 ||
      (this.preset === null ? this.apiSets.length > 0 : this.preset !== this.tenant.conventions.presets[0]?.name)
    );
  }

  /** A ready-made choice brings its API sets; the one without lets the operator pick them. */
  choosePreset(name: string): void {
    this.preset = name;
    this.apiSets = this.#presetSets ?? [];
  }

  get #presetSets(): string[] | null {
    return this.tenant.conventions.presets.find((preset) => preset.name === this.preset)?.api_sets ?? null;
  }

  /** Whether the operator picks API sets one by one. */
  get picksSets(): boolean {
    return !this.tenant.conventions.without.includes("api_sets") && this.#presetSets === null;
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
      return await this.gateway.keyNew({
        tenant: this.tenant.id,
        name: this.name,
        description: this.description,
        owner: this.owner.trim() || null,
        api_sets: this.apiSets,
        tags: toTags(this.tags),
        ...this.membership.draft,
        expires: chosenEnd(this),
      });
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
      return null;
    } finally {
      this.busy = false;
    }
  }
}
