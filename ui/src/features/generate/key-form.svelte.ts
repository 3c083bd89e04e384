import { onDate } from "../../lib/expiration/expiration";
import {
  type ApiSetView,
  type Field,
  type Gateway,
  type LatchkeyError,
  type TenantView,
  toLatchkeyError,
} from "../../lib/ipc";
import { Membership } from "./membership.svelte";
import { type EndForm, lifetime, usualEnd, usualLifetime } from "./offered-ends";

/** What every way to new keys asks for: what they are for, whose, when they end, what they may use, where they belong. */
export abstract class KeyForm implements EndForm {
  description = $state("");
  owner = $state("");
  /** As typed, with commas. */
  tags = $state("");
  expires = $state("");
  date = $state("");
  /** As many days as were typed, where the tenant lets people type them. */
  days = $state("");
  apiSets = $state.raw<string[]>([]);
  /** `null` until they have been read. */
  offered = $state.raw<ApiSetView[] | null>(null);
  offerProblem = $state.raw<LatchkeyError | null>(null);
  problem = $state.raw<LatchkeyError | null>(null);

  readonly membership: Membership;
  protected readonly gateway: Gateway;
  protected readonly tenant: TenantView;

  constructor(gateway: Gateway, tenant: TenantView, now: number) {
    this.gateway = gateway;
    this.tenant = tenant;
    this.membership = new Membership(gateway, tenant);
    this.expires = usualEnd(tenant, now);
    this.days = usualLifetime(tenant);
  }

  get asksForDate(): boolean {
    return this.expires === onDate;
  }

  get asksForDays(): boolean {
    return this.expires === lifetime;
  }

  /** Whether the operator picks API sets one by one. */
  get picksSets(): boolean {
    return !this.tenant.conventions.without.includes("api_sets");
  }

  /** Takes the fault of a field back as soon as somebody works on it. */
  mend(field: Field): void {
    if (this.problem?.field?.name === field) this.problem = null;
  }

  /** Reads what the tenant has to choose from. */
  async load(): Promise<void> {
    await Promise.all([this.#loadApiSets(), this.membership.load()]);
  }

  async #loadApiSets(): Promise<void> {
    this.offerProblem = null;
    try {
      const sets = await this.gateway.apiSetList(this.tenant.id);
      const offered = sets.filter((set) => set.retired_at === null);
      this.offered = offered;
      // Some may have been removed or retired in the meantime.
      this.apiSets = this.apiSets.filter((id) => offered.some((set) => set.id === id));
    } catch (reason) {
      this.offerProblem = toLatchkeyError(reason);
    }
  }
}
