import {
  type ApiSetView,
  type Field,
  type Gateway,
  type LatchkeyError,
  type NewKey,
  type TenantView,
  toLatchkeyError,
} from "../../lib/ipc";
import { lastDay, onDate, toExpiration, usualExpiration } from "./expiration";

/** What is typed into New API Key, and what has come of it. */
export class NewKeyForm {
  name = $state("");
  description = $state("");
  owner = $state("");
  expires = $state("");
  date = $state("");
  apiSets = $state.raw<string[]>([]);

  /** `null` until they have been read. */
  offered = $state.raw<ApiSetView[] | null>(null);
  offerProblem = $state.raw<LatchkeyError | null>(null);
  busy = $state(false);
  problem = $state.raw<LatchkeyError | null>(null);

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
    this.#usual = usualExpiration(tenant.policy);
    this.owner = operator;
    this.expires = this.#usual;
  }

  /** Whether closing would lose something. */
  get touched(): boolean {
    return (
      this.name.trim() !== "" ||
      this.description.trim() !== "" ||
      this.owner !== this.#operator ||
      this.expires !== this.#usual ||
      this.apiSets.length > 0
    );
  }

  /** Takes the fault of a field back as soon as somebody works on it. */
  mend(field: Field): void {
    if (this.problem?.field?.name === field) this.problem = null;
  }

  /** The last day as people write it; `null` for never; `undefined` while nobody can say. */
  get ends(): string | null | undefined {
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
        expires: toExpiration(this.expires, this.date),
      });
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
      return null;
    } finally {
      this.busy = false;
    }
  }

  get asksForDate(): boolean {
    return this.expires === onDate;
  }
}
