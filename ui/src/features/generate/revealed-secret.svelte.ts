import { type Gateway, type LatchkeyError, toLatchkeyError } from "../../lib/ipc";
import { Countdown } from "../../lib/countdown.svelte";

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
  #asked = 0;

  constructor(gateway: Gateway, key: string, now: () => number) {
    this.#gateway = gateway;
    this.#key = key;
    this.countdown = new Countdown(now, () => this.hide());
  }

  /** Whether the key is readable now. */
  async reveal(): Promise<boolean> {
    const asked = (this.#asked += 1);
    this.busy = true;
    this.problem = null;
    try {
      const text = await this.#gateway.secretReveal(this.#key);
      if (asked !== this.#asked) return false;
      this.text = text;
      this.countdown.start(revealSeconds);
      return true;
    } catch (reason) {
      if (asked === this.#asked) this.problem = toLatchkeyError(reason);
      return false;
    } finally {
      if (asked === this.#asked) this.busy = false;
    }
  }

  hide(): void {
    this.#asked += 1;
    this.busy = false;
    this.text = null;
    this.countdown.stop();
  }
}
