/** What the in-memory program knows of rotations. */
import type { Expiration, KeyDraft, KeyLink, KeyPage, KeyQuery, KeyView, Lineage, NewKey, Overlap } from "./bindings";
import type { Gateway } from "./gateway";
import type { StoredKey } from "./memory-fixture";
import type { Answer, MemoryHost } from "./memory-host";
import * as rules from "./memory-rules";

type Part = Pick<Gateway, "rotationPlan" | "rotationBegin" | "rotationRetire" | "rotationUndo">;

const hour = 3_600_000;
const day = 24 * hour;
/** The ends that keys had before they were superseded. */
const endsBefore = new WeakMap<StoredKey, string | null>();

function heirOf(host: MemoryHost, key: StoredKey): StoredKey | undefined {
  return host.world.keys.findLast((other) => other.succeeds === key.id);
}

function linkTo(host: MemoryHost, key: StoredKey | undefined): KeyLink | null {
  if (!key) return null;
  const { id, handle, display, status } = host.view(key);
  return { id, handle, display, status };
}

function isDue(host: MemoryHost, key: StoredKey): boolean {
  const days = host.tenant(key.tenant_id).policy.rotate_after_days;
  const usable = ["active", "expiring"].includes(host.view(key).status) && key.superseded_at === null;
  const heir = heirOf(host, key);
  const alone = !heir || heir.revoked_at !== null;
  return usable && alone && days !== null && Date.parse(key.created_at) + days * day <= host.now().getTime();
}

/** Which keys came before and after a key. */
export function lineageOf(host: MemoryHost, key: StoredKey): Lineage {
  const heir = heirOf(host, key);
  const over = host.view(key).status === "expired";
  const taken = key.superseded_at === null ? "under_way" : over ? "over" : "overlap";
  const before = host.world.keys.find((other) => other.id === key.succeeds);
  return {
    predecessor: linkTo(host, before),
    successor: linkTo(host, heir),
    stage: !heir || heir.revoked_at ? null : key.revoked_at ? "done" : taken,
    ends_before: endsBefore.get(key) ?? null,
    due: isDue(host, key),
  };
}

/** What a page says of all keys whose rotation needs something. */
export function needsOf(host: MemoryHost): Pick<KeyPage, "rotating" | "due"> {
  // Most keys have no successor, and most tenants do not ask.
  const succeeded = new Set(host.world.keys.map((key) => key.succeeds));
  const rotating = host.world.keys.filter((key) => succeeded.has(key.id) && lineageOf(host, key).stage === "under_way");
  const wanted = new Set(host.world.tenants.filter((one) => one.policy.rotate_after_days !== null).map(({ id }) => id));
  const due = host.world.keys.filter((key) => wanted.has(key.tenant_id) && isDue(host, key));
  return { rotating: rotating.map(({ id }) => id), due: due.map(({ id }) => id) };
}

export function meetsNeed(host: MemoryHost, key: KeyView, { rotation }: KeyQuery): boolean {
  if (!rotation) return true;
  const { rotating, due } = needsOf(host);
  return (rotation === "due" ? due : rotating).includes(key.id);
}

export function retire(host: MemoryHost, old: StoredKey, overlap: Overlap): KeyView {
  const now = host.now();
  const told = { handle: old.handle, subject: old.name };
  if (overlap.kind === "none") {
    Object.assign(old, { revoked_at: now.toISOString(), revoke_reason: "rotated", kept: false, holding: "none" });
    host.log("key_revoked", old.tenant, told);
    return host.view(old);
  }
  const length = overlap.kind === "hours" ? overlap.hours * hour : Date.parse(overlap.date) + day - now.getTime();
  if (Number.isNaN(length)) rules.failField("overlap", { rule: "not_a_date" });
  if (length <= 0) rules.failField("overlap", { rule: "in_the_past" });
  if (!endsBefore.has(old)) endsBefore.set(old, old.expires_at);
  const end = new Date(now.getTime() + length).toISOString();
  const before = endsBefore.get(old) ?? null;
  old.superseded_at ??= now.toISOString();
  old.expires_at = before !== null && before < end ? before : end;
  host.log("key_superseded", old.tenant, told);
  return host.view(old);
}

function undo(host: MemoryHost, old: StoredKey): KeyView {
  const heir = heirOf(host, old);
  if (!heir || heir.revoked_at || old.revoked_at) return rules.fail("not_now", "No rotation was begun.");
  if (heir.handed_over) Object.assign(heir, { revoked_at: host.now().toISOString(), kept: false, holding: "none" });
  else host.world.keys.splice(host.world.keys.indexOf(heir), 1);
  if (endsBefore.has(old)) old.expires_at = endsBefore.get(old) ?? null;
  endsBefore.delete(old);
  old.superseded_at = null;
  host.log("rotation_undone", old.tenant, { handle: old.handle, subject: old.name });
  return host.view(old);
}

/** The Save window of a successor was closed. */
export function conclude(host: MemoryHost, { succession }: NewKey, saved: boolean): void {
  if (!succession) return;
  const old = host.key(succession.old.id);
  if (saved) retire(host, old, succession.overlap);
  else undo(host, old);
}

function lifetime(old: StoredKey): Expiration {
  if (old.expires_at === null) return { kind: "never" };
  const days = Math.ceil((Date.parse(old.expires_at) - Date.parse(old.created_at)) / day);
  return { kind: "days", days: Math.max(1, days) };
}

export function rotationMethods(
  host: MemoryHost,
  answer: Answer,
  generate: (draft: KeyDraft, old: StoredKey) => NewKey,
): Part {
  return {
    rotationPlan: answer("rotationPlan", (id) => {
      const old = host.key(id);
      return { expires_at: rules.endOf(lifetime(old), host.tenant(old.tenant_id).policy, host.now()) };
    }),
    rotationBegin: answer("rotationBegin", (id, { expires, overlap }) => {
      const old = host.key(id);
      if (overlap.kind === "date" && !/^\d{4}-\d{2}-\d{2}$/u.test(overlap.date)) {
        rules.failField("overlap", { rule: "not_a_date" });
      }
      const { name, description, owner, api_sets, tags, organization, groups } = old;
      const draft: KeyDraft = {
        ...{ tenant: old.tenant_id, name, description, owner, api_sets, tags, groups },
        ...(organization !== null && { organization }),
        expires: expires ?? lifetime(old),
      };
      const newKey = generate(draft, old);
      const link = linkTo(host, old);
      if (link) newKey.succession = { old: link, old_expires_at: old.expires_at, overlap };
      return newKey;
    }),
    rotationRetire: answer("rotationRetire", (id, overlap) => retire(host, host.key(id), overlap)),
    rotationUndo: answer("rotationUndo", (id) => undo(host, host.key(id))),
  };
}
