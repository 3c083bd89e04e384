import type {
  ApiSetView,
  CatalogueImport,
  ErrorBody,
  EventKind,
  EventView,
  KeyDraft,
  KeyFacets,
  KeyQuery,
  KeyView,
  NewKey,
  ProfileView,
  TenantView,
} from "./bindings";
import { LatchkeyError } from "./error";
import type { Gateway, GatewayEvent, Unlisten } from "./gateway";
import { bulk } from "./memory-bulk";
import { batchMethods, MemoryBatches } from "./memory-batches";
import { MemoryBundles } from "./memory-bundles";
import { catalogue } from "./memory-catalogue";
import { MemoryConnections } from "./memory-connection";
import { MemoryConnectors } from "./memory-connectors";
import { harbourWorld, type StoredApiSet, type StoredKey, type StoredTenant, type World } from "./memory-fixture";
import type { Answer, MemoryHost, Method } from "./memory-host";
import { generate, knownSets, sameName } from "./memory-generate";
import { MemoryGuided } from "./memory-guided";
import { MemoryFiles } from "./memory-import";
import {
  accessIn,
  conventionsOf,
  fromTemplate,
  memberMethods,
  membership,
  namedTemplate,
  namesIn,
} from "./memory-organizations";
import { lineageOf, meetsNeed, needsOf, rotationMethods } from "./memory-rotation";
import { MemoryRemotes } from "./memory-remote";
import * as rules from "./memory-rules";
import { secretMethods, type Waiting } from "./memory-secrets";
import { verifyMethods } from "./memory-verify";

interface Options {
  world?: World;
  now?: () => Date;
  /** How long every answer takes, in milliseconds. */
  delay?: number;
}

/** The program without a program: for component tests, and for looking at the window in a browser. */
export class MemoryGateway {
  readonly world: World;
  readonly calls: { method: Method; args: unknown[] }[] = [];
  readonly #now: () => Date;
  readonly #delay: number;
  readonly #handlers = new Map<GatewayEvent, Set<() => void>>();
  readonly #failures = new Map<Method, { body: ErrorBody; once: boolean }>();
  readonly #waiting: Waiting = { pending: null };
  /** What the operator answers in the native dialog of Copy again. */
  confirmsCopy = true;
  readonly batches = new MemoryBatches();
  readonly bundles = new MemoryBundles();
  readonly connectors = new MemoryConnectors();
  readonly remotes = new MemoryRemotes();
  readonly guided = new MemoryGuided(this.remotes);
  readonly connections = new MemoryConnections();
  /** What the file chosen in the native dialog would do; `null` when it is closed. */
  chosenImport: CatalogueImport | null = null;
  /** The tenant that was open when the window was closed. */
  lastTenant: string | null = null;
  /** Where the native save dialog ends; `null` when it is closed. */
  downloadPath: string | null = "/home/port/key.APIKEY";
  /** What Import and Export find on the disk. */
  readonly files = new MemoryFiles();

  constructor(options: Options = {}) {
    this.#now = options.now ?? (() => new Date());
    this.world = options.world ?? harbourWorld(this.#now());
    this.#delay = options.delay ?? 0;
    this.gateway = this.#build();
  }

  /** Makes the next call of `method` fail, or every one of them. */
  fail(method: Method, body: Partial<ErrorBody> & Pick<ErrorBody, "code">, once = true): void {
    this.#failures.set(method, {
      body: { message: body.code, hint: null, field: null, ...body },
      once,
    });
  }

  emit(event: GatewayEvent): void {
    for (const handler of this.#handlers.get(event) ?? []) handler();
  }

  callsOf(method: Method): unknown[][] {
    return this.calls.filter((call) => call.method === method).map((call) => call.args);
  }

  /** The gateway to hand to the window. */
  readonly gateway: Gateway;

  #build(): Gateway {
    const answer: Answer = (method, work) => {
      return async (...args) => {
        this.calls.push({ method, args });
        if (this.#delay > 0) await new Promise((resolve) => setTimeout(resolve, this.#delay));
        const failure = this.#failures.get(method);
        if (failure) {
          if (failure.once) this.#failures.delete(method);
          throw new LatchkeyError(failure.body);
        }
        return structuredClone(await work(...args));
      };
    };
    const { world } = this;
    const host = this.#host();
    const become = (change: Partial<ProfileView>): ProfileView => Object.assign(world.profile, change);

    return {
      openingHolds: answer("openingHolds", () => true),
      placeLast: answer("placeLast", () => this.lastTenant),
      placeRemember: answer("placeRemember", (tenant) => {
        this.lastTenant = tenant;
      }),
      profileView: answer("profileView", () => world.profile),
      profileCreate: answer("profileCreate", (kind, passphrase) => {
        if (kind === "passphrase") rules.checkPassphrase(passphrase);
        this.#log("profile_created", null);
        return become({ state: "ready", vault: { kind, locked: false } });
      }),
      profileUnlock: answer("profileUnlock", (passphrase) => {
        if (passphrase !== "correct horse battery") rules.fail("vault_wrong_passphrase", "That is not the passphrase.");
        return become({ state: "ready", vault: { kind: "passphrase", locked: false } });
      }),
      profileRetry: answer("profileRetry", () => world.profile),
      settingsSave: answer("settingsSave", (settings) => become({ settings }).settings),

      tenantList: answer("tenantList", () =>
        world.tenants.map((tenant) => this.#tenantView(tenant)).sort((a, b) => a.name.localeCompare(b.name)),
      ),
      tenantAdd: answer("tenantAdd", (draft) => {
        const template = draft.own_template ?? namedTemplate(draft.template);
        const tenant: StoredTenant = {
          id: crypto.randomUUID(),
          name: this.#freeTenantName(draft.name, null),
          prefix: rules.checkPrefix(draft.prefix),
          sequence: 0,
          created_at: this.#stamp(),
          ...fromTemplate(template),
        };
        world.tenants.push(tenant);
        this.#log("tenant_added", tenant.name, { subject: tenant.name });
        return this.#tenantView(tenant);
      }),
      tenantEdit: answer("tenantEdit", (id, edit) => {
        const tenant = this.#tenant(id);
        const name = edit.name === null ? tenant.name : this.#freeTenantName(edit.name, id);
        const prefix = edit.prefix === null ? tenant.prefix : rules.checkPrefix(edit.prefix);
        const policy = edit.policy === null ? tenant.policy : rules.checkPolicy(edit.policy);
        Object.assign(tenant, { name, prefix, policy, format: edit.format ?? tenant.format });
        for (const key of this.#keysOf(id)) key.tenant = name;
        this.#log("tenant_edited", name, { subject: name });
        return this.#tenantView(tenant);
      }),
      tenantRemove: answer("tenantRemove", (id) => {
        const tenant = this.#tenant(id);
        const usable = this.#keysOf(id).map((key) => this.#view(key).status);
        if (usable.some((status) => status === "active" || status === "expiring")) {
          rules.fail("not_now", "The tenant still has usable keys.");
        }
        world.tenants.splice(world.tenants.indexOf(tenant), 1);
        world.keys = world.keys.filter((key) => key.tenant_id !== id);
        this.#log("tenant_removed", tenant.name, { subject: tenant.name });
      }),

      apiSetList: answer("apiSetList", (id) => this.#apiSets(this.#tenant(id))),
      apiSetAdd: answer("apiSetAdd", (id, draft) => {
        const tenant = this.#tenant(id);
        const set = rules.checkApiSet(draft);
        if (tenant.apiSets.some((other) => other.id === set.id)) rules.failField("id", { rule: "taken" });
        tenant.apiSets.push(set);
        this.#log("api_set_added", tenant.name, { subject: set.name });
        return this.#apiSetView(tenant, set);
      }),
      apiSetEdit: answer("apiSetEdit", (id, draft) => {
        const tenant = this.#tenant(id);
        const set = this.#apiSet(tenant, draft.id);
        Object.assign(set, rules.checkApiSet(draft));
        this.#log("api_set_edited", tenant.name, { subject: set.name });
        return this.#apiSetView(tenant, set);
      }),
      apiSetRemove: answer("apiSetRemove", (id, setId) => {
        const tenant = this.#tenant(id);
        const set = this.#apiSet(tenant, setId);
        if (this.#apiSetView(tenant, set).keys > 0) rules.fail("not_now", "Keys still use the API set.");
        tenant.apiSets.splice(tenant.apiSets.indexOf(set), 1);
        this.#log("api_set_removed", tenant.name, { subject: set.name });
      }),
      ...catalogue(host, answer),
      ...bulk(host, answer),

      ...memberMethods(answer, world, (kind, tenant, subject) => this.#log(kind, tenant, { subject })),

      keyList: answer("keyList", (query) => ({
        keys: this.#find(query).slice(query.offset, query.offset + (query.limit || 100)),
        ...needsOf(host),
        ...this.bundles.marks(host),
        names: world.tenants.map(namesIn),
      })),
      keyCount: answer("keyCount", (query) => ({ total: this.#find(query).length })),
      keyFacets: answer("keyFacets", (tenant) => this.#facets(tenant)),
      keyShow: answer("keyShow", (id) => {
        const key = this.#key(id);
        return {
          key: this.#view(key),
          lineage: lineageOf(host, key),
          revoke_reason: key.revoke_reason,
          remote: this.remotes.keys.get(id) ?? null,
          disabled_at: key.disabled_at,
          bundle: this.bundles.bundleOf(host, key),
          access: accessIn(this.#tenant(key.tenant_id), key.organization, key.groups, key.api_sets),
          events: world.events.filter((event) => event.handle === key.handle),
        };
      }),
      keyNameUses: answer("keyNameUses", (tenant, name) => sameName(host, tenant, name)),
      keyNew: answer("keyNew", (draft) => this.#generate(draft)),
      ...rotationMethods(host, answer, (draft, old) => this.#generate(draft, old)),
      keyEdit: answer("keyEdit", (id, edit) => {
        const key = this.#key(id);
        const tenant = this.#tenant(key.tenant_id);
        const change: Partial<StoredKey> = {};
        if (edit.name !== null) change.name = rules.checkName(edit.name);
        if (edit.description !== null) {
          change.description = rules.checkText(edit.description.trim(), "description", 1000);
        }
        if (edit.tags) change.tags = edit.tags;
        if (edit.owner !== null) change.owner = edit.owner.trim() || rules.failField("owner", { rule: "required" });
        if (edit.api_sets !== null) {
          if (tenant.policy.require_api_set && edit.api_sets.length === 0) {
            rules.failField("api_sets", { rule: "required" });
          }
          change.api_sets = knownSets(tenant, edit.api_sets);
        }
        if (edit.organization || edit.groups) {
          const belongs = membership(tenant, edit.organization ?? key.organization, edit.groups ?? key.groups);
          Object.assign(change, belongs);
        }
        if (edit.expires !== null) change.expires_at = rules.endOf(edit.expires, tenant.policy, this.#now());
        return this.#change(key, "key_edited", change);
      }),
      keyDisable: answer("keyDisable", (id) =>
        this.#change(this.#key(id), "key_disabled", { disabled_at: this.#stamp() }),
      ),
      keyEnable: answer("keyEnable", (id) => this.#change(this.#key(id), "key_enabled", { disabled_at: null })),
      keyRevoke: answer("keyRevoke", (id, reason) =>
        this.#change(
          this.#key(id),
          "key_revoked",
          { revoked_at: this.#stamp(), revoke_reason: reason, kept: false, holding: "none" },
          reason,
        ),
      ),
      keyDelete: answer("keyDelete", (id, reason) => {
        const key = this.#key(id);
        world.keys.splice(world.keys.indexOf(key), 1);
        this.#logKey("key_deleted", key, reason);
      }),
      keyCopy: answer("keyCopy", (id) => {
        const key = this.#key(id);
        if (key.holding === "missing") rules.fail("secret_missing", "The keychain no longer has it.");
        if (!this.confirmsCopy) return null;
        this.#logKey("secret_copied", key);
        return { clears_in: 30 };
      }),

      ...this.files.commands(answer, host),
      ...batchMethods(answer, this.batches),
      ...this.bundles.methods(answer, host),
      ...this.connectors.methods(answer, host),
      ...this.connections.methods(answer, host),
      ...this.remotes.methods(
        answer,
        host,
        (name) => this.#freeTenantName(name, null),
        (tenant) => this.#tenantView(tenant),
      ),
      ...this.guided.methods(answer, host, this.connectors),
      ...verifyMethods(answer, host, this.guided),

      ...secretMethods(answer, host, this.#waiting),

      auditList: answer("auditList", (before, limit) =>
        world.events.filter((event) => before === null || event.sequence < before).slice(0, limit),
      ),

      on: (event, handler) => {
        const handlers = this.#handlers.get(event) ?? new Set();
        this.#handlers.set(event, handlers.add(handler));
        const unlisten: Unlisten = () => handlers.delete(handler);
        return Promise.resolve(unlisten);
      },
    } satisfies Gateway;
  }

  #generate(draft: KeyDraft, old: StoredKey | null = null): NewKey {
    if (this.#waiting.pending) rules.fail("not_now", "A key still waits to be saved.");
    const { newKey, secret } = generate(this.#host(), draft, old);
    this.#waiting.pending = { newKey, secret, saved: newKey.kept };
    return newKey;
  }

  #host(): MemoryHost {
    return {
      world: this.world,
      chosenImport: () => this.chosenImport,
      downloadPath: () => this.downloadPath,
      now: () => this.#now(),
      tenant: (id) => this.#tenant(id),
      key: (id) => this.#key(id),
      keysOf: (tenant) => this.#keysOf(tenant),
      view: (key) => this.#view(key),
      apiSetView: (tenant, set) => this.#apiSetView(tenant, set),
      log: (kind, tenant, more) => this.#log(kind, tenant, more),
    };
  }

  #stamp(): string {
    return this.#now().toISOString();
  }

  #log(kind: EventKind, tenant: string | null, more: Partial<EventView> = {}): void {
    this.world.events.unshift({
      sequence: (this.world.events[0]?.sequence ?? 0) + 1,
      at: this.#stamp(),
      actor: { operator: this.world.profile.operator, origin: "window" },
      kind,
      tenant,
      handle: null,
      subject: null,
      detail: null,
      reason: null,
      ...more,
    });
  }

  #logKey(kind: EventKind, key: StoredKey, reason: string | null = null): void {
    this.#log(kind, key.tenant, { handle: key.handle, subject: key.name, reason });
  }

  #tenant(id: string): StoredTenant {
    return this.world.tenants.find((tenant) => tenant.id === id) ?? rules.fail("not_found", "No such tenant.");
  }

  #key(id: string): StoredKey {
    return this.world.keys.find((key) => key.id === id) ?? rules.fail("not_found", "No such key.");
  }

  #apiSet(tenant: StoredTenant, id: string): StoredApiSet {
    return tenant.apiSets.find((set) => set.id === id) ?? rules.fail("not_found", "No such API set.");
  }

  #keysOf(tenant: string | null): StoredKey[] {
    return this.world.keys.filter((key) => tenant === null || key.tenant_id === tenant);
  }

  #view(key: StoredKey): KeyView {
    const { disabled_at, revoke_reason: _, ...view } = key;
    const { warning_days } = this.#tenant(key.tenant_id).policy;
    return { ...view, status: rules.statusOf({ ...view, disabled_at }, warning_days, this.#now()) };
  }

  #tenantView(tenant: StoredTenant): TenantView {
    const { apiSets, organizations = [], userGroups = [], remote = null, ...rest } = tenant;
    const keys = this.#keysOf(tenant.id);
    return {
      ...rest,
      kind: remote ? "remote" : "local",
      remote,
      key_pattern: `\\b${tenant.prefix}_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}\\b`,
      keys: keys.length,
      expiring: keys.filter((key) => this.#view(key).status === "expiring").length,
      api_sets: apiSets.length,
      organizations: organizations.length,
      user_groups: userGroups.length,
      conventions: conventionsOf(tenant),
    };
  }

  #apiSetView(tenant: StoredTenant, set: StoredApiSet): ApiSetView {
    const keys = this.#keysOf(tenant.id).filter((key) => key.api_sets.includes(set.id)).length;
    const { id, name, group, description } = set;
    return { id, name: name ?? id, group, description: description ?? "", retired_at: set.retired_at ?? null, keys };
  }

  #apiSets(tenant: StoredTenant): ApiSetView[] {
    return tenant.apiSets
      .map((set) => this.#apiSetView(tenant, set))
      .sort((a, b) => (a.group ?? "").localeCompare(b.group ?? "") || a.name.localeCompare(b.name));
  }

  #freeTenantName(value: string, self: string | null): string {
    const name = rules.checkName(value);
    if (this.world.tenants.some((tenant) => tenant.name === name && tenant.id !== self)) {
      rules.failField("name", { rule: "taken" });
    }
    return name;
  }

  #find(query: KeyQuery): KeyView[] {
    return this.#keysOf(query.tenant)
      .map((key) => this.#view(key))
      .filter((key) => rules.matches(key, query) && meetsNeed(this.#host(), key, query))
      .filter((key) => this.bundles.meets(this.#host(), key, query))
      .sort(rules.compare(query));
  }

  #facets(tenant: string | null): KeyFacets {
    const keys = this.#keysOf(tenant).map((key) => this.#view(key));
    const sets = this.world.tenants
      .filter((candidate) => tenant === null || candidate.id === tenant)
      .flatMap((candidate) => this.#apiSets(candidate));
    const only = this.world.tenants.find((candidate) => candidate.id === tenant);
    const holds = (id: string): number => keys.filter((key) => key.organization === id).length;
    const organizations = (only?.organizations ?? []).map(({ id, name }) => ({ id, name, keys: holds(id) }));
    return rules.facetsOf(keys, sets, organizations);
  }

  #change(key: StoredKey, kind: EventKind, change: Partial<StoredKey>, reason: string | null = null): KeyView {
    Object.assign(key, change);
    this.#logKey(kind, key, reason);
    return this.#view(key);
  }
}
