import type { CertificateView, ConnectionEdit, ConnectionView } from "./bindings";

/** How the servers of remote tenants are reached. Files are chosen in Rust's dialogs, and stay in Rust. */
export interface ConnectionGateway {
  tenantConnection(tenant: string): Promise<ConnectionView>;
  /**
   * Credentials go to Rust by their identifiers and never come back. Where the address leads to another server and its
   * credential is not among them, Rust asks the operator whether it may have the stored one.
   */
  tenantConnectionSave(
    tenant: string,
    edit: ConnectionEdit,
    credentials: Record<string, string>,
  ): Promise<ConnectionView>;
  /** The certificates of the file that the operator chooses; `null` when the dialog was closed. */
  connectionAuthoritiesOpen(): Promise<CertificateView[] | null>;
  /** The certificate of the file that the operator chooses, without its key; `null` when the dialog was closed. */
  connectionCertificateOpen(): Promise<CertificateView | null>;
  /** The files that were chosen are not needed any more. */
  connectionForget(): Promise<void>;
}
