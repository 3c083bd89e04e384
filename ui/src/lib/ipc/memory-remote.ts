import type {
  CheckedKey,
  ErrorBody,
  RefreshProgress,
  RemoteKeyView,
  RemoteTenantDraft,
  RemoteView,
  SyncDone,
  TenantView,
} from "./bindings";
import { LatchkeyError } from "./error";
import type { RemoteGateway } from "./gateway-remote";
import type { StoredTenant } from "./memory-fixture";
import type { Answer, MemoryHost } from "./memory-host";
import { fromTemplate, namedTemplate } from "./memory-organizations";
import { memoryTemplates } from "./memory-templates";
import * as rules from "./memory-rules";

/** What the servers of remote tenants would do, for a test to set. */
export class MemoryRemotes {
  /** What servers tell of keys, by the key. */
  readonly keys = new Map<string, RemoteKeyView>();
  done: SyncDone = { keys: 2, new: 2, changed: 0, gone: 0, skipped: 0 };
  checked: CheckedKey = "valid";
  /** Why servers cannot be asked; `null` where they answer. */
  problem: ErrorBody | null = null;
  progress: RefreshProgress = { done: 0, total: 0, under_way: [] };

  methods(
    answer: Answer,
    host: MemoryHost,
    freeName: (name: string) => string,
    view: (tenant: StoredTenant) => TenantView,
  ): RemoteGateway {
    return {
      tenantAddRemote: answer("tenantAddRemote", (draft: RemoteTenantDraft, credentials: Record<string, string>) => {
        const name = freeName(draft.name);
        if (!/^https?:\/\/\S+$/u.test(draft.url.trim())) rules.failField("address", { rule: "not_an_address" });
        if (Object.values(credentials).some((text) => text.trim() === "")) {
          rules.failField("credential", { rule: "required" });
        }
        const tenant: StoredTenant = {
          ...fromTemplate(memoryTemplates.find(({ id }) => id === draft.connector) ?? namedTemplate(null)),
          id: crypto.randomUUID(),
          name,
          prefix: "lk",
          sequence: 0,
          created_at: host.now().toISOString(),
          remote: {
            connector: draft.connector,
            url: draft.url,
            plain_http: draft.plain_http,
            synced_at: null,
            problem: null,
            skipped: 0,
            unanswered: 0,
          },
        };
        host.world.tenants.push(tenant);
        host.log("tenant_added", name, { subject: name });
        return view(tenant);
      }),
      tenantSync: answer("tenantSync", (id: string) => {
        const remote = this.#remote(host, id);
        remote.problem = this.problem;
        if (this.problem !== null) throw new LatchkeyError(this.problem);
        remote.synced_at = host.now().toISOString();
        remote.skipped = this.done.skipped;
        return this.done;
      }),
      tenantSyncAll: answer("tenantSyncAll", () =>
        host.world.tenants.flatMap(({ id, name, remote }) => {
          if (!remote) return [];
          remote.problem = this.problem;
          if (this.problem === null) remote.synced_at = host.now().toISOString();
          return [{ tenant: id, name, done: this.problem ? null : this.done, problem: this.problem }];
        }),
      ),
      refreshProgress: answer("refreshProgress", () => this.progress),
      refreshCancel: answer("refreshCancel", (tenant: string | null) => {
        for (const one of this.progress.under_way) {
          if (tenant === null || one.tenant === tenant) one.cancelling = true;
        }
      }),
      tenantCredential: answer("tenantCredential", (id: string, credentials: Record<string, string>) => {
        this.#remote(host, id);
        if (Object.values(credentials).every((text) => text.trim() === "")) {
          rules.failField("credential", { rule: "required" });
        }
      }),
      keyCheck: answer("keyCheck", (id: string, typed: string | null) => {
        if (typed === null && !host.key(id).kept) rules.fail("not_now", "Its text was not kept.");
        return this.checked;
      }),
    };
  }

  #remote(host: MemoryHost, id: string): RemoteView {
    return host.tenant(id).remote ?? rules.fail("not_now", "It is a local tenant.");
  }
}
