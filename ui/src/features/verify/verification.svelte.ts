import { type Decision, type Gateway, type KeyDetails, type LatchkeyError, toLatchkeyError } from "../../lib/ipc";

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
  #question = 0;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  /** What was decided for another tenant says nothing of this one. */
  forget(): void {
    this.#question += 1;
    this.verified = null;
    this.problem = null;
    this.busy = false;
  }

  /** Returns whether there is a decision. */
  async run(tenant: string, from: "clipboard" | "file"): Promise<boolean> {
    const question = ++this.#question;
    this.busy = true;
    try {
      const ask = from === "clipboard" ? this.#gateway.verifyCopied(tenant) : this.#gateway.verifyFile(tenant);
      const decision = await ask;
      // The dialog was closed.
      if (decision === null) return false;
      const verified = await this.#known(tenant, decision);
      if (question !== this.#question) return false;
      this.verified = verified;
      this.problem = null;
      return true;
    } catch (reason) {
      if (question !== this.#question) return false;
      this.verified = null;
      this.problem = toLatchkeyError(reason);
      return false;
    } finally {
      if (question === this.#question) this.busy = false;
    }
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
