import type { CheckedKey, RemoteTenantDraft, SignedOut, SignInChoice, SyncDone, TenantView } from "./bindings";

/** Tenants whose keys somebody else's server makes. */
export interface RemoteGateway {
  /** The server is not asked before `tenantSync`. Credentials go to Rust by their identifiers and never come back. */
  tenantAddRemote(draft: RemoteTenantDraft, credentials: Record<string, string>): Promise<TenantView>;
  /** Asks the server for its keys; the tenant then says how fresh its list is, or why it is not. */
  tenantSync(tenant: string): Promise<SyncDone>;
  tenantCredential(tenant: string, credentials: Record<string, string>): Promise<void>;
  /** Signs in to the server of a tenant that is to be added. Rust holds the session; the answer is what it offers. */
  sessionOpen(draft: RemoteTenantDraft, answers: Record<string, string>): Promise<SignInChoice[]>;
  /** Ends that session, since no tenant comes of it. */
  sessionLeave(): Promise<void>;
  tenantAddSignedIn(draft: RemoteTenantDraft): Promise<TenantView>;
  /** What was answered goes to Rust and the server, and is kept by neither. */
  tenantSignIn(tenant: string, answers: Record<string, string>): Promise<void>;
  tenantSignOut(tenant: string): Promise<SignedOut>;
  /** Asks the server whether a key works: the one that was typed, or the one that was kept. */
  keyCheck(key: string, typed: string | null): Promise<CheckedKey>;
}
