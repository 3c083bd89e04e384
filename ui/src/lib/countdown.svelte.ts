/** Counts whole seconds down to nothing. */
export class Countdown {
  /** Seconds left; `null` while nothing is counted. */
  left = $state<number | null>(null);

  readonly #now: () => number;
  readonly #onend: () => void;
  #ends = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(now: () => number = Date.now, onend: () => void = () => {}) {
    this.#now = now;
    this.#onend = onend;
  }

  start(seconds: number): void {
    this.stop();
    this.#ends = this.#now() + seconds * 1000;
    this.left = seconds;
    this.#timer = setInterval(() => {
      // A sleeping computer stops timers: what is left is told by the clock.
      const left = Math.ceil((this.#ends - this.#now()) / 1000);
      if (left > 0) {
        this.left = left;
      } else {
        this.stop();
        this.#onend();
      }
    }, 250);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.left = null;
  }
}
