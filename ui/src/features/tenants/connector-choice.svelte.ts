import { ConnectionForm } from "../../lib/connector/connection-form.svelte";
import { ServerForm } from "../../lib/connector/server-form.svelte";
import { type Connector, type Gateway, type LatchkeyError, toLatchkeyError } from "../../lib/ipc";

/** The connectors that a new remote tenant can have, and what is typed for the chosen one. */
export class ConnectorChoice {
  connectors = $state.raw<Connector[]>([]);
  form = $state.raw<ServerForm | null>(null);
  problem = $state.raw<LatchkeyError | null>(null);
  /** The way there, whichever connector is chosen. */
  readonly way: ConnectionForm;

  readonly #gateway: Gateway;
  /** What was typed for one connector is there again when it is chosen again. */
  readonly #forms = new Map<string, ServerForm>();

  constructor(gateway: Gateway) {
    this.#gateway = gateway;
    this.way = new ConnectionForm(gateway);
  }

  get value(): string {
    return this.form?.connector.id ?? "";
  }

  set value(id: string) {
    const connector = this.connectors.find((one) => one.id === id);
    if (!connector) return;
    if (id !== this.value) this.leave();
    const form = this.#forms.get(id) ?? new ServerForm(connector);
    this.#forms.set(id, form);
    this.form = form;
  }

  async load(): Promise<void> {
    try {
      this.connectors = (await this.#gateway.connectorList()).filter((one) => one.problem === null);
      if (this.form === null) this.value = this.connectors[0]?.id ?? "";
    } catch (reason) {
      this.problem = toLatchkeyError(reason);
    }
  }

  /** Ends the session that nobody adds a tenant in. */
  leave(): void {
    const open = [...this.#forms.values()].filter((form) => form.signIn?.choices);
    for (const { signIn } of open) if (signIn) signIn.choices = null;
    // Where the server cannot be told, the session ends by itself some day.
    if (open.length > 0) void this.#gateway.sessionLeave().catch(() => undefined);
  }

  forget(): void {
    for (const form of this.#forms.values()) form.forget();
    this.leave();
    this.way.forget();
  }
}
