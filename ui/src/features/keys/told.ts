import type { BundleNeed, KeyPage, RotationNeed } from "../../lib/ipc";

export type NameKind = "api_sets" | "organizations" | "groups";

/** What pages tell beside their keys. */
export interface Told {
  rotation: ReadonlyMap<string, RotationNeed>;
  bundle: ReadonlyMap<string, BundleNeed>;
  /** By tenant, kind and identifier. */
  names: ReadonlyMap<string, string>;
}

export const nothingTold: Told = { rotation: new Map(), bundle: new Map(), names: new Map() };

export const nameKey = (tenant: string, kind: NameKind, id: string): string => `${tenant} ${kind} ${id}`;

/** The same, with what these pages tell too. */
export function withTold(told: Told, answers: KeyPage[]): Told {
  const rotation = new Map(told.rotation);
  const bundle = new Map(told.bundle);
  const names = new Map(told.names);
  for (const { rotating, due, in_no_bundle, end_untold, names: tenants } of answers) {
    for (const { tenant_id, ...kinds } of tenants) {
      for (const [kind, all] of Object.entries(kinds)) {
        for (const { id, name } of all) names.set(nameKey(tenant_id, kind as NameKind, id), name);
      }
    }
    for (const id of rotating) rotation.set(id, "under_way");
    for (const id of due) rotation.set(id, "due");
    for (const id of in_no_bundle) bundle.set(id, "in_none");
    for (const id of end_untold) bundle.set(id, "end_untold");
  }
  return { rotation, bundle, names };
}
