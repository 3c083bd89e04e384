/** Files with keys, and lists that are written, for the program without a program. */
import type { ImportChoice, ImportEntry, ImportPreview } from "./bindings";
import type { Gateway } from "./gateway";
import type { StoredKey, StoredTenant } from "./memory-fixture";
import type { Answer, MemoryHost } from "./memory-host";
import * as rules from "./memory-rules";

function entry(number: number, name: string, change: Partial<ImportEntry> = {}): ImportEntry {
  return {
    number,
    line: number + 2,
    name,
    description: "",
    owner: null,
    display: "sk_live_…x9Qa",
    weak: false,
    fate: "import",
    reason: null,
    known_as: null,
    name_problem: null,
    same_name: false,
    ...change,
  };
}

const sample: ImportPreview = {
  file: "partners.csv",
  format: "csv",
  cut: false,
  may_keep: true,
  entries: [
    entry(0, "crane controller"),
    entry(1, "gate terminal", { display: "••••••••", weak: true }),
    entry(2, "ab", { name_problem: { name: "name", rule: "too_short", min: 3 } }),
    entry(3, "weather station", { fate: "duplicate", reason: "known", known_as: "weather mast" }),
    entry(4, "debug mode", { fate: "optional", reason: "no_key_name" }),
    entry(5, "empty", { fate: "skip", reason: "empty", display: null }),
  ],
};

export class MemoryFiles {
  /** What the native open dialog ends with; `null` when it is closed. */
  preview: ImportPreview | null = structuredClone(sample);
  /** Where the native save dialog of Export ends; `null` when it is closed. */
  exportPath: string | null = "/home/port/keys.csv";

  get entries(): ImportEntry[] {
    return this.preview?.entries ?? [];
  }

  commands(
    answer: Answer,
    host: MemoryHost,
  ): Pick<Gateway, "importOpen" | "importRename" | "importRun" | "importClose" | "keyExport"> {
    return {
      importOpen: answer("importOpen", (_tenant: string) => this.preview),
      importRename: answer("importRename", (number: number, name: string) => {
        const renamed = this.entries.find((candidate) => candidate.number === number);
        if (!renamed) return rules.fail("not_found", "No such entry.");
        const short = name.trim().length < 3;
        Object.assign(renamed, { name, name_problem: short ? { name: "name", rule: "too_short", min: 3 } : null });
        return this.entries;
      }),
      importRun: answer("importRun", (choice: ImportChoice) => {
        this.#imported(host, choice);
        const weak = this.entries.filter((one) => one.weak && choice.entries.includes(one.number)).length;
        const count = choice.entries.length;
        return { imported: count, weak, kept: choice.keep ? count : 0, duplicates: 0 };
      }),
      importClose: answer("importClose", () => undefined),
      keyExport: answer("keyExport", () => ({ path: this.exportPath, keys: 4 })),
    };
  }

  #imported(host: MemoryHost, choice: ImportChoice): void {
    const tenant = host.tenant(choice.tenant);
    const created_at = host.now().toISOString();
    const expires_at = rules.endOf(choice.expires, tenant.policy, host.now());
    for (const entry of this.entries.filter(({ number }) => choice.entries.includes(number))) {
      const key = this.#keyOf(entry, tenant, choice, { created_at, expires_at });
      host.world.keys.push(key);
      host.log("key_imported", key.tenant, { handle: key.handle, subject: key.name });
    }
  }

  #keyOf(
    { name, description, display, weak, owner }: ImportEntry,
    tenant: StoredTenant,
    choice: ImportChoice,
    times: Pick<StoredKey, "created_at" | "expires_at">,
  ): StoredKey {
    return {
      ...times,
      id: crypto.randomUUID(),
      handle: rules.randomText(8, Math.random),
      tenant: tenant.name,
      tenant_id: tenant.id,
      name,
      description,
      display: display ?? "",
      api_sets: choice.api_sets,
      organization: null,
      groups: [],
      tags: choice.tags,
      format: null,
      weak,
      succeeds: null,
      superseded_at: null,
      owner: owner ?? choice.owner ?? "",
      status: "active",
      revoked_at: null,
      kept: choice.keep,
      holding: choice.keep ? "held" : "none",
      handed_over: true,
      disabled_at: null,
      revoke_reason: null,
    };
  }
}
