import type { Connector, ConnectorTrial, ConnectorTried } from "./bindings";

/** How vendors' servers are spoken to. Files are chosen in Rust's dialogs; only Rust speaks to servers. */
export interface ConnectorGateway {
  /** By name; the operator's own that cannot be read are among them, with the reason. */
  connectorList(): Promise<Connector[]>;
  /** Reads the file that the operator chooses, without taking it; `null` when the dialog was closed. */
  connectorOpen(): Promise<Connector | null>;
  /** Takes the file that was opened last. */
  connectorAdd(): Promise<Connector>;
  connectorRemove(connector: string): Promise<void>;
  /** Opens the page that describes the vendor's keys in the system's browser; Rust knows the address. */
  connectorOpenPage(connector: string): Promise<void>;
  /** Credentials go to Rust by their identifiers and never come back. A trial ends the one before. */
  connectorTry(
    trial: ConnectorTrial,
    credentials: Record<string, string>,
    answers: Record<string, string>,
  ): Promise<ConnectorTried>;
  connectorCancel(): Promise<void>;
  /** Seconds until the server is asked again; `null` while it is being asked. */
  connectorWaiting(): Promise<number | null>;
}
