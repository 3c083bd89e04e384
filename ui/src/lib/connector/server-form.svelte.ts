import type { Connector, ConnectorAsk, ConnectorTrial, Field, LatchkeyError, SignInChoice } from "../ipc";
import type { ConnectionForm } from "./connection-form.svelte";
import { SignInForm } from "./sign-in-form.svelte";

/** Where a server is and what it is asked with, as it is being typed. */
export class ServerForm {
  readonly connector: Connector;
  /** What is typed and never shown. */
  readonly secrets: ConnectorAsk[];
  /** Where somebody signs in. */
  readonly signIn: SignInForm | null;
  /** Whether the connector's caution is. */
  accepted = $state(false);
  url = $state("");
  /** Where somebody has signed in, and over which way. */
  openedAt = $state("");
  plainHttp = $state(false);
  options = $state<Record<string, string>>({});
  typed = $state<Record<string, string>>({});

  constructor(connector: Connector, secrets = connector.credentials) {
    this.connector = connector;
    this.secrets = secrets;
    this.signIn = connector.questions.length > 0 ? new SignInForm(connector) : null;
    this.options = Object.fromEntries(connector.options.map((option) => [option.id, option.default ?? ""]));
    this.forget();
  }

  /** What nobody encrypts on its way to another computer has to be allowed. */
  get isPlain(): boolean {
    return /^\s*http:\/\/(?!localhost\b|127\.|\[::1\])/iu.test(this.url);
  }

  get server(): ConnectorTrial {
    const { connector, url, isPlain, plainHttp } = this;
    // What is not chosen yet is none.
    const options = Object.entries(this.options).filter(
      ([id, value]) => value !== "" || !this.signIn?.chosen.some((one) => one.id === id),
    );
    return { connector: connector.id, url, options: Object.fromEntries(options), plain_http: isPlain && plainHttp };
  }

  /** The server over a way, with what was accepted. */
  over(way: ConnectionForm): ConnectorTrial {
    const network = way.isChanged ? { network: way.edit } : {};
    return { ...this.server, ...network, ...(this.accepted && { accept_caution: true }) };
  }

  get credentials(): Record<string, string> {
    return { ...this.typed };
  }

  /** Where somebody signs in over this way; a session that was opened elsewhere is another one. */
  placeOver(way: ConnectionForm): string {
    const { url, plain_http } = this.server;
    return JSON.stringify([url, plain_http, way.edit, way.credentials, way.authorities, way.certificate]);
  }

  /** Takes what the server offers to who has just signed in at a place; the only one of its kind is chosen. */
  offer(choices: SignInChoice[], at: string): void {
    if (!this.signIn) return;
    this.signIn.choices = choices;
    this.openedAt = at;
    this.signIn.forget();
    for (const { id } of this.signIn.chosen) {
      const may = this.signIn.offered(id).filter((one) => !one.refused);
      this.options[id] = may.length === 1 ? (may[0]?.id ?? "") : "";
    }
  }

  forget(): void {
    this.signIn?.forget();
    this.typed = Object.fromEntries(this.secrets.map((secret) => [secret.id, ""]));
  }
}

const fields: Field[] = [
  "address",
  "options",
  "credential",
  "answers",
  "caution",
  "authorities",
  "client_certificate",
  "proxy",
  "proxy_credential",
];

/** Whether the fields of a server say it, each at its place. */
export function isAtServer(problem: LatchkeyError | null): boolean {
  if (problem === null) return false;
  const field = problem.field?.name;
  if (field) return fields.includes(field);
  return problem.code === "remote_unreachable" || problem.code === "remote_credential";
}
