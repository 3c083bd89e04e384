/** The catalogue of API sets and the rules of tenants, in the in-memory program. */
import type { ApiSetView } from "./bindings";
import type { Gateway } from "./gateway";
import { gapsOf } from "./memory-gaps";
import type { Answer, MemoryHost } from "./memory-host";
import * as rules from "./memory-rules";

type Part = Pick<
  Gateway,
  "apiSetExport" | "apiSetImport" | "apiSetImportChoose" | "apiSetRestore" | "apiSetRetire" | "tenantGaps"
>;

export function catalogue(host: MemoryHost, answer: Answer): Part {
  function turn(id: string, setId: string, retired: boolean): ApiSetView {
    const tenant = host.tenant(id);
    const set = tenant.apiSets.find((one) => one.id === setId) ?? rules.fail("not_found", "No such API set.");
    set.retired_at = retired ? host.now().toISOString() : null;
    host.log(retired ? "api_set_retired" : "api_set_restored", tenant.name, { subject: setId });
    return host.apiSetView(tenant, set);
  }

  return {
    tenantGaps: answer("tenantGaps", (id, edit, after, limit) => {
      const keys = host.keysOf(id).map((key) => host.view(key));
      const { policy, format, prefix, conventions } = host.tenant(id);
      const asked = {
        policy: edit?.policy ? rules.checkPolicy(edit.policy) : policy,
        format: edit?.format ?? format,
        prefix: edit?.prefix ? rules.checkPrefix(edit.prefix) : prefix,
        longest: conventions?.longest_days ?? null,
      };
      return gapsOf(keys, asked, host.world.profile.operator, host.now(), after, limit);
    }),
    apiSetRetire: answer("apiSetRetire", (id, setId) => turn(id, setId, true)),
    apiSetRestore: answer("apiSetRestore", (id, setId) => turn(id, setId, false)),
    apiSetImportChoose: answer("apiSetImportChoose", () => host.chosenImport()),
    apiSetImport: answer("apiSetImport", (id) => {
      const tenant = host.tenant(id);
      const done = host.chosenImport() ?? rules.fail("not_now", "No file was chosen.");
      for (const { id: setId, name, change } of done.sets) {
        const set = tenant.apiSets.find((one) => one.id === setId);
        if (set && change === "changed") set.name = name;
        else tenant.apiSets.push({ id: setId, name, group: null });
      }
      return done;
    }),
    apiSetExport: answer("apiSetExport", () => ({ path: host.downloadPath() })),
  };
}
