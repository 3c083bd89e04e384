import { type CodeView, type Gateway, type LatchkeyError, toLatchkeyError } from "../../lib/ipc";
import { Newest } from "../../lib/newest";

/** How long a code stands: fewer than three changes a second, which WCAG 2.3.1 allows of whatever flickers. */
const standing = 350;
/** After so many codes for each part it begins again. */
const rounds = 3;

/** A series of codes, one shown after the other, or stepped through by hand. */
export class CodeShow {
  /** Counted from 1; those beyond `parts` mix several parts. */
  number = $state(1);
  code = $state.raw<CodeView | null>(null);
  playing = $state(false);
  problem = $state.raw<LatchkeyError | null>(null);

  readonly parts: number;
  readonly #gateway: Gateway;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #asking = new Newest();

  constructor(gateway: Gateway, parts: number) {
    this.#gateway = gateway;
    this.parts = parts;
  }

  get last(): number {
    return this.parts === 1 ? 1 : this.parts * rounds;
  }

  async open(playing: boolean): Promise<void> {
    await this.#show(1);
    if (playing) this.play();
  }

  play(): void {
    if (this.parts === 1 || this.playing) return;
    this.playing = true;
    this.#wait();
  }

  pause(): void {
    this.playing = false;
    clearTimeout(this.#timer);
  }

  /** By hand: then it stands still. */
  async step(by: 1 | -1): Promise<void> {
    this.pause();
    await this.#show(this.#beside(by));
  }

  #beside(by: 1 | -1): number {
    return ((this.number - 1 + by + this.last) % this.last) + 1;
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#show(this.#beside(1)).then(() => {
        if (this.playing) this.#wait();
      });
    }, standing);
  }

  async #show(number: number): Promise<void> {
    try {
      const told = await this.#asking.ask(() => this.#gateway.bundleCode(number));
      if (told === null) return;
      this.code = told.answer;
      this.number = number;
      this.problem = null;
    } catch (reason) {
      this.pause();
      this.problem = toLatchkeyError(reason);
    }
  }
}
