/** How the in-memory program makes a key. */
import type { KeyDraft, NewKey } from "./bindings";
import type { StoredKey, StoredTenant } from "./memory-fixture";
import type { MemoryHost } from "./memory-host";
import { conventionsOf, headerOf, membership } from "./memory-organizations";
import * as rules from "./memory-rules";

export function sameName(host: MemoryHost, tenant: string, name: string): number {
  return host.keysOf(tenant).filter((key) => key.name === name.trim()).length;
}

export function knownSets(tenant: StoredTenant, ids: string[]): string[] {
  for (const id of ids) {
    if (!tenant.apiSets.some((set) => set.id === id)) rules.failField("api_sets", { rule: "unknown_api_set", id });
  }
  return ids;
}

function nameInUse(host: MemoryHost, tenant: string, name: string): boolean {
  return host
    .keysOf(tenant)
    .map((key) => host.view(key))
    .some((key) => key.name === name && key.status !== "revoked" && key.status !== "expired");
}

/** A new key in the list, and its secret; `old` is the key whose place it is to take. */
export function generate(host: MemoryHost, draft: KeyDraft, old: StoredKey | null): { newKey: NewKey; secret: string } {
  const { world } = host;
  const tenant = host.tenant(draft.tenant);
  const name = rules.checkName(draft.name);
  const same_name = sameName(host, tenant.id, name);
  if (tenant.policy.own_keys_only && ![world.profile.operator, ""].includes(draft.owner?.trim() ?? "")) {
    rules.failField("owner", { rule: "own_keys_only" });
  }
  if (!old && tenant.policy.unique_names && nameInUse(host, tenant.id, name))
    rules.failField("name", { rule: "taken" });
  if (tenant.policy.require_api_set && draft.api_sets.length === 0) {
    rules.failField("api_sets", { rule: "required" });
  }
  const handle = rules.randomText(8, Math.random);
  const tail = rules.randomText(49, Math.random);
  const kept = tenant.policy.keep === "default";
  const key: StoredKey = {
    id: crypto.randomUUID(),
    handle,
    tenant: tenant.name,
    tenant_id: tenant.id,
    name,
    description: rules.checkText(draft.description.trim(), "description", 1000),
    display: `${tenant.prefix}_${handle}…${tail.slice(-4)}`,
    api_sets: knownSets(tenant, draft.api_sets),
    ...membership(tenant, draft.organization, draft.groups),
    tags: draft.tags ?? [],
    format: tenant.format,
    weak: false,
    succeeds: old?.id ?? null,
    superseded_at: null,
    owner: draft.owner?.trim() ? rules.checkText(draft.owner.trim(), "owner", 100) : world.profile.operator,
    status: "active",
    created_at: host.now().toISOString(),
    expires_at: rules.endOf(draft.expires, tenant.policy, host.now()),
    revoked_at: null,
    kept,
    holding: kept ? "held" : "none",
    handed_over: kept,
    disabled_at: null,
    revoke_reason: null,
  };
  world.keys.push(key);
  host.log("key_generated", tenant.name, { handle, subject: name });
  const visible = `${tenant.prefix}_${handle}_`;
  const newKey: NewKey = {
    key: host.view(key),
    visible,
    masked: tail.length,
    file_name: `${name}.APIKEY`,
    kept,
    may_keep: tenant.policy.keep !== "forbid",
    same_name,
    header: headerOf(tenant),
    words: conventionsOf(tenant).words,
    succession: null,
  };
  return { newKey, secret: visible + tail };
}
