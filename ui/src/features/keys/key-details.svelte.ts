import { type Gateway, type KeyDetails, type LatchkeyError, toLatchkeyError } from "../../lib/ipc";
import { Newest } from "../../lib/newest";

/** Holding an arrow key down passes many rows: only the one it rests on is asked for. */
const restingPause = 60;

/** Everything known of the chosen key. */
export class ChosenKey {
  details = $state.raw<KeyDetails | null>(null);
  problem = $state.raw<LatchkeyError | null>(null);

  readonly #gateway: Gateway;
  #id = $state<string | null>(null);
  readonly #asking = new Newest();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  /** The key that was chosen before is still shown: what is pressed now is not meant for it. */
  get stale(): boolean {
    return this.details !== null && this.details.key.id !== this.#id;
  }

  /** Another key was chosen, or none. */
  choose(id: string | null): void {
    if (id === this.#id) return;
    const rested = this.#id === null;
    this.#id = id;
    this.problem = null;
    this.#asking.overtake();
    clearTimeout(this.#timer);
    if (id === null) this.details = null;
    else if (rested) void this.refresh();
    else this.#timer = setTimeout(() => void this.refresh(), restingPause);
  }

  async refresh(): Promise<void> {
    const id = this.#id;
    if (id === null) return;
    try {
      const told = await this.#asking.ask(() => this.#gateway.keyShow(id));
      if (told === null) return;
      this.details = told.answer;
      this.problem = null;
    } catch (reason) {
      this.details = null;
      this.problem = toLatchkeyError(reason);
    }
  }
}
