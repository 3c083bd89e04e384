import { lastDay, onDate } from "../../lib/expiration/expiration";
import {
  type ApiSetView,
  type Field,
  type Gateway,
  type LatchkeyError,
  type NewKey,
  type TenantView,
  toLatchkeyError,
} from "../../lib/ipc";
import { Membership } from "./membership.svelte";
import { chosenEnd, lifetime, typedLifetime, usualEnd, usualLifetime } from "./offered-ends";
import { toTags } from "../../lib/tags";

/** What is typed into New API Key, and what has come of it. */
export class NewKeyForm {
  name = $state("");
  description = $state("");
  owner = $state("");
  /** As typed, with commas. */
  tags = $state("");
  expires = $state("");
  date = $state("");
  /** As many days as were typed, where the tenant lets people type them. */
  days = $state("");
  /** The ready-made choice of API sets, by its name. */
  preset = $state<string | null>(null);
  apiSets = $state.raw<string[]>([]);

  /** `null` until they have been read. */
  offered = $state.raw<ApiSetView[] | null>(null);
  offerProblem = $state.raw<LatchkeyError | null>(null);
  busy = $state(false);
  problem = $state.raw<LatchkeyError | null>(null);

  readonly membership: Membership;
  readonly #gateway: Gateway;
  readonly #tenant: TenantView;
  readonly #operator: string;
  readonly #now: () => number;
  readonly #usual: string;

  constructor(gateway: Gateway, tenant: TenantView, operator: string, now: () => number) {
    this.#gateway = gateway;
    this.#tenant = tenant;
    this.#operator = operator;
    this.#now = now;
    this.#usual = usualEnd(tenant, now());
    this.membership = new Membership(gateway, tenant);
    this.owner = operator;
    this.days = usualLifetime(tenant);
    const [preset] = tenant.conventions.presets;
    if (preset) this.choosePreset(preset.name);
    this.expires = this.#usual;
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
      (this.preset === null ? this.apiSets.length > 0 : this.preset !== this.#tenant.conventions.presets[0]?.name)
    );
  }

  /** A ready-made choice brings its API sets; the one without lets the operator pick them. */
  choosePreset(name: string): void {
    this.preset = name;
    this.apiSets = this.#presetSets ?? [];
  }

  get #presetSets(): string[] | null {
    return this.#tenant.conventions.presets.find((preset) => preset.name === this.preset)?.api_sets ?? null;
  }

  /** Whether the operator picks API sets one by one. */
  get picksSets(): boolean {
    return !this.#tenant.conventions.without.includes("api_sets") && this.#presetSets === null;
  }

  /** Takes the fault of a field back as soon as somebody works on it. */
  mend(field: Field): void {
    if (this.problem?.field?.name === field) this.problem = null;
  }

  /** The last day as people write it; `null` for never; `undefined` while nobody can say. */
  get ends(): string | null | undefined {
    if (this.asksForDays) {
      const days = typedLifetime(this.days);
      return days === null ? undefined : lastDay(String(days), "", this.#now());
    }
    return lastDay(this.expires, this.date, this.#now());
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

  /** `null` when it did not work: `problem` then says why, and everything stays as typed. */
  async generate(): Promise<NewKey | null> {
    this.problem = null;
    this.busy = true;
    try {
      return await this.#gateway.keyNew({
        tenant: this.#tenant.id,
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

  get asksForDays(): boolean {
    return this.expires === lifetime;
  }

  get asksForDate(): boolean {
    return this.expires === onDate;
  }
}
