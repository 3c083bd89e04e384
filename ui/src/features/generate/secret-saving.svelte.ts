import { Countdown } from "../../lib/countdown.svelte";
import { type Gateway, type LatchkeyError, type NewKey, toLatchkeyError, type Unlisten } from "../../lib/ipc";

export type Way = "copy" | "header" | "download" | "keep";

/** The ways to save a generated key, each done in Rust, and what has become of each. */
export class SecretSaving {
  /** What is being done now; one thing at a time. */
  busy = $state<Way | null>(null);
  copied = $state(false);
  /** The file it was saved to last. */
  path = $state<string | null>(null);
  kept = $state(false);
  problem = $state.raw<LatchkeyError | null>(null);
  readonly clipboard: Countdown;

  readonly #gateway: Gateway;
  readonly #key: string;

  constructor(gateway: Gateway, newKey: NewKey, now: () => number) {
    this.#gateway = gateway;
    this.#key = newKey.key.id;
    this.kept = newKey.kept;
    this.clipboard = new Countdown(now);
  }

  /** Rust says when the clipboard is cleared: at its time, or because something else was copied. */
  listen(): Promise<Unlisten> {
    return this.#gateway.on("clipboard-cleared", () => this.clipboard.stop());
  }

  /** Whether the key got to where it can be had again. */
  async save(way: Way): Promise<boolean> {
    if (this.busy !== null) return false;
    this.busy = way;
    this.problem = null;
    try {
      return await this.#ways[way]();
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
      return false;
    } finally {
      this.busy = null;
    }
  }

  readonly #ways: Record<Way, () => Promise<boolean>> = {
    copy: async () => {
      const { clears_in } = await this.#gateway.secretCopy(this.#key);
      this.copied = true;
      this.clipboard.start(clears_in);
      return true;
    },
    header: async () => {
      const { clears_in } = await this.#gateway.secretCopyHeader(this.#key);
      this.copied = true;
      this.clipboard.start(clears_in);
      return true;
    },
    download: async () => {
      const { path } = await this.#gateway.secretDownload(this.#key);
      if (path !== null) this.path = path;
      return path !== null;
    },
    keep: async () => {
      await this.#gateway.secretKeep(this.#key);
      this.kept = true;
      return true;
    },
  };
}
