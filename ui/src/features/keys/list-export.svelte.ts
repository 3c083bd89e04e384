import { errorText } from "../../lib/errors";
import type { Gateway, KeySelection } from "../../lib/ipc";
import { announce } from "../../lib/ui/announcer.svelte";
import { m } from "../../paraglide/messages";

/** Writes keys, without secrets, to a file that Rust asks for. */
export class ListExport {
  problem = $state<string | null>(null);

  readonly #gateway: Gateway;
  #busy = false;

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
  }

  async run(selection: KeySelection): Promise<void> {
    if (this.#busy) return;
    this.problem = null;
    this.#busy = true;
    try {
      const { path, keys } = await this.#gateway.keyExport(selection);
      if (path !== null) announce(m.keys_export_done({ count: keys, path }));
    } catch (reason) {
      this.problem = errorText(reason);
    } finally {
      this.#busy = false;
    }
  }
}
