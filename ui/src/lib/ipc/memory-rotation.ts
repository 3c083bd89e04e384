/** What the in-memory program knows of rotations. */
import type { KeyLink, Lineage } from "./bindings";
import type { StoredKey } from "./memory-fixture";

function link(key: StoredKey | undefined): KeyLink | null {
  return key ? { id: key.id, handle: key.handle, display: key.display, status: key.status } : null;
}

/** Which keys came before and after a key. */
export function lineageOf(keys: StoredKey[], key: StoredKey): Lineage {
  const heir = keys.findLast((other) => other.succeeds === key.id);
  const taken = key.superseded_at === null ? "under_way" : "overlap";
  return {
    predecessor: link(keys.find((other) => other.id === key.succeeds)),
    successor: link(heir),
    stage: !heir || heir.revoked_at ? null : key.revoked_at ? "done" : taken,
    ends_before: null,
    due: false,
  };
}
