import { type Gateway, type LatchkeyError, toLatchkeyError } from "../ipc";
import { Newest } from "../newest";

/** A question to a server, asked by Rust, and what came of it. The next one ends the one before. */
export class Asking<T> {
  busy = $state(false);
  cancelling = $state(false);
  /** Seconds until the server is asked again. */
  waiting = $state<number | null>(null);
  answer = $state.raw<T | null>(null);
  problem = $state.raw<LatchkeyError | null>(null);

  readonly #gateway: Gateway;
  readonly #waiting = new Newest();

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  async run(ask: () => Promise<T>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.answer = null;
    this.problem = null;
    const unlisten = await this.#gateway.on("connector-waiting", () => void this.#ask());
    try {
      this.answer = await ask();
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
    } finally {
      unlisten();
      // An answer may come after the end.
      this.#waiting.overtake();
      this.busy = false;
      this.cancelling = false;
      this.waiting = null;
    }
  }

  async cancel(): Promise<void> {
    if (!this.busy) return;
    this.cancelling = true;
    await this.#gateway.connectorCancel();
  }

  async #ask(): Promise<void> {
    const told = await this.#waiting.ask(() => this.#gateway.connectorWaiting());
    if (told) this.waiting = told.answer;
  }
}
