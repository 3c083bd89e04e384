import { Countdown } from "../../lib/countdown.svelte";
import { type Gateway, type LatchkeyError, toLatchkeyError } from "../../lib/ipc";
import { Newest } from "../../lib/newest";

/** So long a revealed key stays readable. */
export const revealSeconds = 20;

/**
 * The one place in the window that ever holds a secret, and it holds it only while it is to be read. Rust keeps it
 * otherwise: copying, downloading and keeping do not pass through here.
 */
export class RevealedSecret {
  /** The whole key, or `null` while it is masked. */
  text = $state.raw<string | null>(null);
  busy = $state(false);
  problem = $state.raw<LatchkeyError | null>(null);
  readonly countdown: Countdown;

  readonly #gateway: Gateway;
  readonly #key: string;
  /** A reveal that was asked for before the last hide must not show anything any more. */
  readonly #newest = new Newest();

  constructor(gateway: Gateway, key: string, now: () => number) {
    this.#gateway = gateway;
    this.#key = key;
    this.countdown = new Countdown(now, () => this.hide());
  }

  /** Whether the key is readable now. */
  async reveal(): Promise<boolean> {
    this.busy = true;
    this.problem = null;
    try {
      const newest = await this.#newest.ask(() => this.#gateway.secretReveal(this.#key));
      if (!newest) return false;
      this.busy = false;
      this.text = newest.answer;
      this.countdown.start(revealSeconds);
      return true;
    } catch (reason) {
      this.busy = false;
      this.problem = toLatchkeyError(reason);
      return false;
    }
  }

  hide(): void {
    this.#newest.overtake();
    this.busy = false;
    this.text = null;
    this.countdown.stop();
  }
}
