import {
  type ConnectorTrial,
  type ConnectorTried,
  type Gateway,
  type LatchkeyError,
  toLatchkeyError,
} from "../../lib/ipc";

/** A trial that runs in Rust, and what came of it. */
export class RunningTrial {
  busy = $state(false);
  cancelling = $state(false);
  /** Seconds until the server is asked again. */
  waiting = $state<number | null>(null);
  tried = $state.raw<ConnectorTried | null>(null);
  problem = $state.raw<LatchkeyError | null>(null);

  readonly #gateway: Gateway;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  async run(trial: ConnectorTrial, credentials: Record<string, string>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.tried = null;
    this.problem = null;
    const unlisten = await this.#gateway.on("connector-waiting", () => void this.#ask());
    try {
      this.tried = await this.#gateway.connectorTry(trial, credentials);
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
    } finally {
      unlisten();
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
    const waiting = await this.#gateway.connectorWaiting();
    // An answer may come after the end.
    if (this.busy) this.waiting = waiting;
  }
}
