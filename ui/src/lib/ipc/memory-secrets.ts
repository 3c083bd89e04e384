/** The Save window of the in-memory program: one key that waits to be saved. */
import type { EventKind, NewKey } from "./bindings";
import type { Gateway } from "./gateway";
import type { StoredKey } from "./memory-fixture";
import type { Answer, MemoryHost } from "./memory-host";
import { conclude } from "./memory-rotation";
import * as rules from "./memory-rules";

interface Pending {
  newKey: NewKey;
  secret: string;
  saved: boolean;
}

export interface Waiting {
  pending: Pending | null;
}

type Methods = Pick<
  Gateway,
  "secretPending" | "secretReveal" | "secretCopy" | "secretCopyHeader" | "secretDownload" | "secretKeep" | "secretClose"
>;

export function secretMethods(answer: Answer, host: MemoryHost, waiting: Waiting): Methods {
  const open = (id: string): Pending => {
    if (waiting.pending?.newKey.key.id !== id) return rules.fail("secret_gone", "The secret is gone.");
    return waiting.pending;
  };
  const log = (kind: EventKind, key: StoredKey): void => {
    host.log(kind, key.tenant, { handle: key.handle, subject: key.name });
  };
  const save = (id: string, kind: EventKind): void => {
    open(id).saved = true;
    const key = host.key(id);
    key.handed_over = true;
    log(kind, key);
  };
  return {
    secretPending: answer("secretPending", () => waiting.pending?.newKey ?? null),
    secretReveal: answer("secretReveal", (id) => {
      log("secret_revealed", host.key(id));
      return open(id).secret;
    }),
    secretCopy: answer("secretCopy", (id) => {
      save(id, "secret_copied");
      return { clears_in: 30 };
    }),
    secretCopyHeader: answer("secretCopyHeader", (id) => {
      save(id, "secret_copied");
      return { clears_in: 30 };
    }),
    secretDownload: answer("secretDownload", (id) => {
      const path = host.downloadPath();
      if (path !== null) save(id, "secret_downloaded");
      return { path };
    }),
    secretKeep: answer("secretKeep", (id) => {
      save(id, "secret_kept");
      return host.view(Object.assign(host.key(id), { kept: true, holding: "held" }));
    }),
    secretClose: answer("secretClose", (id, unsaved) => {
      const pending = open(id);
      if (!pending.saved && !unsaved) rules.fail("secret_unsaved", "Nobody saved the key.");
      if (!pending.saved) log("secret_unsaved", host.key(id));
      conclude(host, pending.newKey, pending.saved);
      waiting.pending = null;
    }),
  };
}
