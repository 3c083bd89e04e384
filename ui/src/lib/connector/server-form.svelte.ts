import type { Connector, ConnectorAsk, ConnectorTrial, Field, LatchkeyError } from "../ipc";

/** Where a server is and what it is asked with, as it is being typed. */
export class ServerForm {
  readonly connector: Connector;
  /** What is typed and never shown. */
  readonly secrets: ConnectorAsk[];
  url = $state("");
  plainHttp = $state(false);
  options = $state<Record<string, string>>({});
  typed = $state<Record<string, string>>({});

  constructor(connector: Connector, secrets = connector.credentials) {
    this.connector = connector;
    this.secrets = secrets;
    this.options = Object.fromEntries(connector.options.map((option) => [option.id, option.default ?? ""]));
    this.forget();
  }

  /** What nobody encrypts on its way to another computer has to be allowed. */
  get isPlain(): boolean {
    return /^\s*http:\/\/(?!localhost\b|127\.|\[::1\])/iu.test(this.url);
  }

  get server(): ConnectorTrial {
    const { connector, url, options, isPlain, plainHttp } = this;
    return { connector: connector.id, url, options: { ...options }, plain_http: isPlain && plainHttp };
  }

  get credentials(): Record<string, string> {
    return { ...this.typed };
  }

  forget(): void {
    this.typed = Object.fromEntries(this.secrets.map((secret) => [secret.id, ""]));
  }
}

const fields: Field[] = [
  "address",
  "options",
  "credential",
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
