/** One action on several keys, in the in-memory program. */
import type { BulkAction, EventKind, KeySelection } from "./bindings";
import type { Gateway } from "./gateway";
import type { StoredKey } from "./memory-fixture";
import type { Answer, MemoryHost } from "./memory-host";
import * as rules from "./memory-rules";

type Part = Pick<Gateway, "bulkPreview" | "bulkRun" | "bulkUndo">;
type Change = Partial<StoredKey>;

const kinds: Record<BulkAction["kind"], EventKind> = {
  disable: "key_disabled",
  enable: "key_enabled",
  revoke: "key_revoked",
  extend: "key_edited",
  tag: "key_edited",
};

export function bulk(host: MemoryHost, answer: Answer): Part {
  let before: { key: StoredKey; was: Change }[] = [];

  function chosen(selection: KeySelection): StoredKey[] {
    if (selection.kind === "keys") return selection.keys.map((id) => host.key(id));
    const { query, except } = selection;
    const keys = host.keysOf(query.tenant);
    return keys.filter((key) => rules.matches(host.view(key), query) && !except.includes(key.id));
  }

  /** What changes of a key; nothing where it stays as it is. */
  function change(action: BulkAction, key: StoredKey): Change | null {
    if (key.revoked_at !== null) return null;
    const now = host.now().toISOString();
    switch (action.kind) {
      case "disable":
        return key.disabled_at === null ? { disabled_at: now } : null;
      case "enable":
        return key.disabled_at === null ? null : { disabled_at: null };
      case "revoke":
        return { revoked_at: now, revoke_reason: action.reason, kept: false, holding: "none" };
      case "extend": {
        const end = rules.endOf(action.expires, host.tenant(key.tenant_id).policy, host.now());
        return key.expires_at !== null && (end === null || end > key.expires_at) ? { expires_at: end } : null;
      }
      case "tag": {
        const tags = [...new Set([...key.tags.filter((tag) => !action.remove.includes(tag)), ...action.add])].sort();
        return tags.join() === key.tags.join() ? null : { tags };
      }
    }
  }

  return {
    bulkPreview: answer("bulkPreview", (selection, action) => {
      const keys = chosen(selection);
      const usable = (key: StoredKey): boolean => ["active", "expiring"].includes(host.view(key).status);
      const judged = keys.map((key) => ({ key, will: change(action, key) })).filter(({ will }) => will !== null);
      const losing = judged.filter(({ key, will }) => usable(key) && !usable({ ...key, ...will }));
      const gaining = judged.filter(({ key, will }) => !usable(key) && usable({ ...key, ...will }));
      const first = (losing.length > 0 ? losing : judged).slice(0, 5).map(({ key }) => host.view(key));
      return {
        chosen: keys.length,
        changing: judged.length,
        losing: losing.length,
        gaining: gaining.length,
        first,
      };
    }),
    bulkRun: answer("bulkRun", (selection, action) => {
      const keys = chosen(selection);
      before = [];
      let changed = 0;
      for (const key of keys) {
        const will = change(action, key);
        if (will === null) continue;
        const { disabled_at, expires_at, tags } = key;
        if (action.kind !== "revoke") before.push({ key, was: { disabled_at, expires_at, tags } });
        Object.assign(key, will);
        changed += 1;
        host.log(kinds[action.kind], key.tenant, { handle: key.handle, subject: key.name });
      }
      return { changed, unchanged: keys.length - changed, undoable: before.length > 0 };
    }),
    bulkUndo: answer("bulkUndo", () => {
      if (before.length === 0) rules.fail("not_now", "There is nothing to undo.");
      for (const { key, was } of before) Object.assign(key, was);
      const changed = before.length;
      before = [];
      return { changed, unchanged: 0, undoable: false };
    }),
  };
}
