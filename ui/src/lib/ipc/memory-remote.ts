import type {
  CheckedKey,
  ErrorBody,
  RefreshProgress,
  RemoteKeyView,
  RemoteTenantDraft,
  RemoteView,
  SignInChoice,
  SyncDone,
  TenantView,
  Unanswered,
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
  /** What they were asked for without an answer, by the tenant. */
  readonly unanswered = new Map<string, Unanswered[]>();
  /** Why servers cannot be asked; `null` where they answer. */
  problem: ErrorBody | null = null;
  progress: RefreshProgress = { done: 0, total: 0, under_way: [] };
  /** Stops a change that a server is asked for; `null` where none is. */
  changing: (() => void) | null = null;
  /** What it takes to be let in; a one-time code only where there is one. */
  password = "correct horse";
  code: string | null = null;
  /** What servers offer to who has signed in. */
  choices: SignInChoice[] = [
    { option: "team", id: "7", name: "Contracts", group: "Harbour", role: "ADMIN", refused: false, why: null },
    {
      option: "team",
      id: "9",
      name: "Sales",
      group: "Harbour",
      role: "MEMBER",
      refused: true,
      why: "Only administrators may.",
    },
  ];
  /** Why servers cannot be told that somebody signs out. */
  away: ErrorBody | null = null;

  methods(
    answer: Answer,
    host: MemoryHost,
    freeName: (name: string) => string,
    view: (tenant: StoredTenant) => TenantView,
  ): RemoteGateway {
    return {
      tenantAddRemote: answer("tenantAddRemote", (draft: RemoteTenantDraft, credentials: Record<string, string>) => {
        checkDraft(draft, freeName);
        if (Object.values(credentials).some((text) => text.trim() === "")) {
          rules.failField("credential", { rule: "required" });
        }
        return view(this.#add(host, draft, false));
      }),
      sessionOpen: answer(
        "sessionOpen",
        (draft: RemoteTenantDraft, _credentials: Record<string, string>, answers: Record<string, string>) => {
          checkDraft(draft, freeName);
          if (!draft.accept_caution) rules.failField("caution", { rule: "required" });
          this.#checkAnswers(answers);
          return this.choices;
        },
      ),
      sessionLeave: answer("sessionLeave", () => undefined),
      tenantAddSignedIn: answer("tenantAddSignedIn", (draft: RemoteTenantDraft) => {
        if (!draft.options?.team) rules.failField("options", { rule: "required" });
        return view(this.#add(host, draft, true));
      }),
      tenantSignIn: answer("tenantSignIn", (id: string, answers: Record<string, string>) => {
        const remote = this.#remote(host, id);
        this.#checkAnswers(answers);
        remote.signed_in = true;
        host.log("tenant_signed_in", host.tenant(id).name, {});
      }),
      tenantSignOut: answer("tenantSignOut", (id: string) => {
        this.#remote(host, id).signed_in = false;
        host.log("tenant_signed_out", host.tenant(id).name, {});
        return { problem: this.away };
      }),
      tenantSync: answer("tenantSync", (id: string) => {
        const remote = this.#remote(host, id);
        remote.problem = this.problem;
        if (this.problem !== null) throw new LatchkeyError(this.problem);
        remote.synced_at = host.now().toISOString();
        remote.skipped = this.done.skipped;
        return this.done;
      }),
      tenantUnanswered: answer("tenantUnanswered", (id: string) => this.unanswered.get(id) ?? []),
      tenantGiveUp: answer("tenantGiveUp", (id: string, name: string) => {
        const lost = this.unanswered.get(id) ?? [];
        const left = lost.filter((one) => one.name !== name);
        if (left.length === lost.length) rules.fail("not_found", `The server owes no answer for a key named ${name}.`);
        this.unanswered.set(id, left);
        host.log("tenant_edited", host.tenant(id).name, { detail: `no longer looked for: the key ${name}` });
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
      changeUnderWay: answer("changeUnderWay", () => this.changing !== null),
      changeCancel: answer("changeCancel", () => this.changing?.()),
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

  #checkAnswers(answers: Record<string, string>): void {
    for (const id of ["email", "password"]) {
      if (!answers[id]) rules.failField("answers", { rule: "answer_wanted", id });
    }
    if (answers.password !== this.password) rules.failField("answers", { rule: "answer_wrong", id: "password" });
    if (this.code === null || answers.code === this.code) return;
    rules.failField("answers", { rule: answers.code ? "answer_wrong" : "answer_wanted", id: "code" });
  }

  #add(host: MemoryHost, draft: RemoteTenantDraft, signedIn: boolean): StoredTenant {
    const { connector, url, plain_http } = draft;
    const name = draft.name.trim();
    const fresh = { synced_at: null, problem: null, skipped: 0, unanswered: 0 };
    const tenant: StoredTenant = {
      ...fromTemplate(memoryTemplates.find(({ id }) => id === connector) ?? namedTemplate(null)),
      id: crypto.randomUUID(),
      name,
      prefix: "lk",
      sequence: 0,
      created_at: host.now().toISOString(),
      remote: { connector, url, plain_http, ...fresh, signed_in: signedIn },
    };
    host.world.tenants.push(tenant);
    host.log("tenant_added", name, { subject: name });
    return tenant;
  }

  #remote(host: MemoryHost, id: string): RemoteView {
    return host.tenant(id).remote ?? rules.fail("not_now", "It is a local tenant.");
  }
}

function checkDraft(draft: RemoteTenantDraft, freeName: (name: string) => string): void {
  freeName(draft.name);
  if (!/^https?:\/\/\S+$/u.test(draft.url.trim())) rules.failField("address", { rule: "not_an_address" });
}
