import type { CheckedKey, RemoteTenantDraft, SyncDone, TenantView } from "./bindings";

/** Tenants whose keys somebody else's server makes. */
export interface RemoteGateway {
  /** The server is not asked before `tenantSync`. Credentials go to Rust by their identifiers and never come back. */
  tenantAddRemote(draft: RemoteTenantDraft, credentials: Record<string, string>): Promise<TenantView>;
  /** Asks the server for its keys; the tenant then says how fresh its list is, or why it is not. */
  tenantSync(tenant: string): Promise<SyncDone>;
  tenantCredential(tenant: string, credentials: Record<string, string>): Promise<void>;
  /** Asks the server whether a key works: the one that was typed, or the one that was kept. */
  keyCheck(key: string, typed: string | null): Promise<CheckedKey>;
}
