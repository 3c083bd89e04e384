import { type Decision, type Gateway, type KeyDetails, type LatchkeyError, toLatchkeyError } from "../../lib/ipc";
import { Newest } from "../../lib/newest";

/** What a tenant decided about a key, and what is known of that key. */
export interface Verified {
  decision: Decision;
  details: KeyDetails | null;
  /** The names of its API sets. */
  apiSets: string[];
}

/** Asks Rust about the key on the clipboard or in a file. The newest question counts. */
export class Verification {
  verified = $state.raw<Verified | null>(null);
  problem = $state.raw<LatchkeyError | null>(null);
  busy = $state(false);

  readonly #gateway: Gateway;
  readonly #newest = new Newest();

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  /** What was decided for another tenant says nothing of this one. */
  forget(): void {
    this.#newest.overtake();
    this.verified = null;
    this.problem = null;
    this.busy = false;
  }

  /** Returns whether there is a decision. */
  async run(tenant: string, from: "clipboard" | "file"): Promise<boolean> {
    this.busy = true;
    try {
      const newest = await this.#newest.ask(() => this.#ask(tenant, from));
      if (!newest) return false;
      this.busy = false;
      // The dialog was closed.
      if (newest.answer === null) return false;
      this.verified = newest.answer;
      this.problem = null;
      return true;
    } catch (reason) {
      this.busy = false;
      this.verified = null;
      this.problem = toLatchkeyError(reason);
      return false;
    }
  }

  async #ask(tenant: string, from: "clipboard" | "file"): Promise<Verified | null> {
    const decision = await (from === "clipboard"
      ? this.#gateway.verifyCopied(tenant)
      : this.#gateway.verifyFile(tenant));
    return decision && this.#known(tenant, decision);
  }

  async #known(tenant: string, decision: Decision): Promise<Verified> {
    if (decision.decision === "refused") return { decision, details: null, apiSets: [] };
    const [details, sets] = await Promise.all([
      this.#gateway.keyShow(decision.key.id),
      decision.api_sets.length > 0 ? this.#gateway.apiSetList(tenant) : [],
    ]);
    const apiSets = decision.api_sets.map((id) => sets.find((set) => set.id === id)?.name ?? id);
    return { decision, details, apiSets };
  }
}
