import type { Gateway, Unlisten } from "../../lib/ipc";

/** How long a copied secret still stays on the clipboard. */
export class ClipboardCountdown {
  /** Seconds left; `null` while nothing of ours is there. */
  seconds = $state<number | null>(null);
  /** Whether a copy was there and has been cleared. */
  cleared = $state(false);

  readonly #gateway: Gateway;
  #ends = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  /** Rust says when the clipboard is cleared; it may be earlier than planned, or because something else was copied. */
  listen(): Promise<Unlisten> {
    return this.#gateway.on("clipboard-cleared", () => {
      if (this.seconds === null) return;
      this.stop();
      this.cleared = true;
    });
  }

  start(seconds: number): void {
    this.#ends = Date.now() + seconds * 1000;
    this.cleared = false;
    this.seconds = seconds;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      // A sleeping computer stops timers: what is left is told by the clock.
      const left = Math.ceil((this.#ends - Date.now()) / 1000);
      if (left > 0) this.seconds = left;
      else this.stop();
    }, 250);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.seconds = null;
  }
}
