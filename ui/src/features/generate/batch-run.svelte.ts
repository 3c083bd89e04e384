import { type BatchEnd, type BatchProgress, type Gateway } from "../../lib/ipc";
import { Newest } from "../../lib/newest";

/** A batch that runs in Rust, as far as the window knows of it. */
export class BatchRun {
  /** Between the moment that it is asked for and its end. */
  busy = $state(false);
  /** `null` while the operator is still asked for a place. */
  progress = $state.raw<BatchProgress | null>(null);
  cancelling = $state(false);

  readonly #gateway: Gateway;
  readonly #asking = new Newest();

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  /** Follows a batch to its end. Fails as `work` does. */
  async follow<End extends BatchEnd | null>(work: () => Promise<End>): Promise<End> {
    this.busy = true;
    const unlisten = await this.#gateway.on("batch-progress", () => void this.#ask());
    try {
      return await work();
    } finally {
      unlisten();
      // An answer may come after the end.
      this.#asking.overtake();
      this.busy = false;
      this.cancelling = false;
      this.progress = null;
    }
  }

  async cancel(): Promise<void> {
    this.cancelling = true;
    await this.#gateway.batchCancel();
  }

  async #ask(): Promise<void> {
    const told = await this.#asking.ask(() => this.#gateway.batchProgress());
    if (told?.answer) this.progress = told.answer;
  }
}
