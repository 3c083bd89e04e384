/** What the parts of the in-memory program share. */
import type { ApiSetView, CatalogueImport, EventKind, EventView, KeyView } from "./bindings";
import type { Gateway } from "./gateway";
import type { StoredApiSet, StoredKey, StoredTenant, World } from "./memory-fixture";

export type Method = Exclude<keyof Gateway, "on">;

/** Makes a method of the gateway: noted, delayed and failing as a test wants it. */
export type Answer = <A extends unknown[], T>(
  method: Method,
  work: (...args: A) => T | Promise<T>,
) => (...args: A) => Promise<T>;

export interface MemoryHost {
  readonly world: World;
  chosenImport(): CatalogueImport | null;
  downloadPath(): string | null;
  now(): Date;
  tenant(id: string): StoredTenant;
  key(id: string): StoredKey;
  keysOf(tenant: string | null): StoredKey[];
  view(key: StoredKey): KeyView;
  apiSetView(tenant: StoredTenant, set: StoredApiSet): ApiSetView;
  log(kind: EventKind, tenant: string | null, more?: Partial<EventView>): void;
}
