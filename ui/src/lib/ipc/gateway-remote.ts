import type {
  CheckedKey,
  RefreshProgress,
  RemoteTenantDraft,
  SignedOut,
  SignInChoice,
  SyncDone,
  TenantRefreshed,
  TenantView,
  Unanswered,
} from "./bindings";

/** Tenants whose keys somebody else's server makes. */
export interface RemoteGateway {
  /** The server is not asked before `tenantSync`. Credentials go to Rust by their identifiers and never come back. */
  tenantAddRemote(draft: RemoteTenantDraft, credentials: Record<string, string>): Promise<TenantView>;
  /** Asks the server for its keys; the tenant then says how fresh its list is, or why it is not. */
  tenantSync(tenant: string): Promise<SyncDone>;
  /** The keys that its server was asked for and whose answers have not come, the longest ago first. */
  tenantUnanswered(tenant: string): Promise<Unanswered[]>;
  /** Looks no longer for the key of this name: it can be asked for again. */
  tenantGiveUp(tenant: string, name: string): Promise<void>;
  /** Asks the servers of all remote tenants, but those that are being asked; answers when all have ended. */
  tenantSyncAll(): Promise<TenantRefreshed[]>;
  /** Of every refresh of this process, whoever has begun it. */
  refreshProgress(): Promise<RefreshProgress>;
  /** Stops the refresh of one tenant, or all with `null`. */
  refreshCancel(tenant: string | null): Promise<void>;
  /** Whether a server is being asked to change something. */
  changeUnderWay(): Promise<boolean>;
  /** Stops waiting for the answer, whoever waits: that fails with `cancelled`. The server may do it all the same. */
  changeCancel(): Promise<void>;
  tenantCredential(tenant: string, credentials: Record<string, string>): Promise<void>;
  /**
   * Signs in to the server of a tenant that is to be added, with the credentials of the way there. Rust holds the session;
   * the answer is what it offers.
   */
  sessionOpen(
    draft: RemoteTenantDraft,
    credentials: Record<string, string>,
    answers: Record<string, string>,
  ): Promise<SignInChoice[]>;
  /** Ends that session, since no tenant comes of it. */
  sessionLeave(): Promise<void>;
  tenantAddSignedIn(draft: RemoteTenantDraft): Promise<TenantView>;
  /** What was answered goes to Rust and the server, and is kept by neither. */
  tenantSignIn(tenant: string, answers: Record<string, string>): Promise<void>;
  tenantSignOut(tenant: string): Promise<SignedOut>;
  /** Asks the server whether a key works: the one that was typed, or the one that was kept. */
  keyCheck(key: string, typed: string | null): Promise<CheckedKey>;
}
