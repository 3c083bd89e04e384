/** A small harbour to look at: what the in-memory program starts with. */
import type {
  ApiSetDraft,
  Conventions,
  EventKind,
  EventView,
  KeyFormat,
  KeyView,
  Policy,
  ProfileView,
  RemoteView,
} from "./bindings";

const day = 86_400_000;

export const defaultPolicy: Policy = {
  max_lifetime_days: null,
  allow_never: true,
  default_expiration: null,
  require_api_set: false,
  keep: "offer",
  warning_days: 30,
  unique_names: false,
  own_keys_only: false,
  rotate_after_days: null,
};

export interface StoredTenant {
  id: string;
  name: string;
  prefix: string;
  format: KeyFormat;
  policy: Policy;
  sequence: number;
  created_at: string;
  apiSets: StoredApiSet[];
  conventions?: Conventions;
  organizations?: StoredMember[];
  userGroups?: StoredMember[];
  /** How it is reached, of a remote one. */
  remote?: RemoteView;
}

export interface StoredApiSet extends ApiSetDraft {
  retired_at?: string | null;
}

/** An organization, whose permissions may be all of them, or a user group. */
export interface StoredMember {
  id: string;
  name: string;
  permissions: string[] | null;
}

export interface StoredKey extends KeyView {
  disabled_at: string | null;
  revoke_reason: string | null;
}

export interface World {
  profile: ProfileView;
  tenants: StoredTenant[];
  keys: StoredKey[];
  events: EventView[];
}

const readyProfile: ProfileView = {
  state: "ready",
  home: "/home/port/.local/share/latchkey",
  operator: "Port operations",
  version: "0.1.0",
  vault: { kind: "keychain", locked: false },
  keychain: null,
  problem: null,
  unfinished: 0,
  rotations: [],
  settings: { appearance: "system", offline: false },
};

/** A profile that was only just made. */
export function emptyWorld(): World {
  return { profile: { ...readyProfile }, tenants: [], keys: [], events: [] };
}

const harbourSets: ApiSetDraft[] = [
  { id: "billing", name: "Billing", group: "Money" },
  { id: "dunning", name: "Dunning", group: "Money" },
  { id: "revenue-management", name: "Revenue Management", group: "Money" },
  { id: "tax-essentials", name: "Tax Essentials", group: "Money" },
  { id: "configure-price-quote", name: "Configure Price Quote", group: "Selling" },
  { id: "currex", name: "Currex", group: "Selling" },
  { id: "job-scheduler", name: "Job Scheduler", group: "Running" },
  { id: "stored-value-service", name: "Stored Value Service", group: "Running" },
  { id: "usage-processing", name: "Usage Processing", group: "Running" },
];

interface Seed {
  name: string;
  handle: string;
  tail: string;
  sets: string[];
  /** Days from now; `null` for never. */
  ends: number | null;
  created: number;
  description?: string;
  owner?: string;
  disabled?: boolean;
  revoked?: string;
  holding?: KeyView["holding"];
  unsaved?: boolean;
}

const harbourKeys: Seed[] = [
  {
    name: "crane controller",
    handle: "8fK2pQ7z",
    tail: "x9Qa",
    sets: ["billing", "tax-essentials"],
    ends: 12,
    created: 99,
    description: "PLC of crane 4, north quay",
    holding: "held",
  },
  { name: "quay-3 gateway", handle: "Jw41mNa8", tail: "0TtR", sets: ["usage-processing"], ends: 131, created: 110 },
  {
    name: "ledger export (nightly)",
    handle: "c90LkeXb",
    tail: "7dPw",
    sets: ["billing", "revenue-management", "usage-processing"],
    ends: null,
    created: 120,
    owner: "Finance",
    holding: "missing",
  },
  {
    name: "zapier-webhook",
    handle: "hhQ2uV5s",
    tail: "mB1c",
    sets: ["configure-price-quote"],
    ends: -20,
    created: 130,
    owner: "Sales",
  },
  {
    name: "staging-integration",
    handle: "Tq8Zr61d",
    tail: "Yk4o",
    sets: ["billing", "dunning", "currex", "job-scheduler", "tax-essentials", "usage-processing"],
    ends: 228,
    created: 140,
    owner: "Ann-Kathrin Vandenbroucke-Oyelaran (integration)",
    disabled: true,
  },
  { name: "field tablet 014", handle: "2GsWx3Lm", tail: "e8Jd", sets: ["job-scheduler"], ends: 119, created: 150 },
  {
    name: "field tablet 015",
    handle: "Rf6Yc9Kp",
    tail: "N2vZ",
    sets: ["job-scheduler"],
    ends: 119,
    created: 151,
    unsaved: true,
  },
  {
    name: "old laptop",
    handle: "u5BdE7Hn",
    tail: "q0Xs",
    sets: ["billing"],
    ends: 12,
    created: 352,
    revoked: "Laptop was stolen",
  },
  { name: "archive reader", handle: "Aa3MvC4g", tail: "pL6i", sets: ["stored-value-service"], ends: 114, created: 380 },
];

function fleetKeys(count: number): Seed[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `vessel transponder ${String(index + 1).padStart(4, "0")}`,
    handle: `V${String(index + 1).padStart(7, "0")}`,
    tail: "Fl3t",
    sets: ["position:read", ...(index % 3 === 0 ? ["position:write"] : [])],
    ends: index % 7 === 0 ? null : 40 + (index % 300),
    created: 30 + (index % 400),
    owner: index % 5 === 0 ? "Bridge crew" : "Fleet office",
  }));
}

/** The profile of the design pictures. Dates stand at a fixed distance from `now`. */
export function harbourWorld(now: Date, fleet = 1002): World {
  const at = (days: number): string => new Date(now.getTime() + days * day).toISOString();
  const world: World = { profile: { ...readyProfile }, tenants: [], keys: [], events: [] };

  const log = (kind: EventKind, when: string, tenant: string, key?: StoredKey, more: Partial<EventView> = {}): void => {
    world.events.unshift({
      sequence: world.events.length + 1,
      at: when,
      actor: { operator: "Port operations", origin: "window" },
      kind,
      tenant,
      handle: key?.handle ?? null,
      subject: key?.name ?? tenant,
      detail: null,
      reason: null,
      ...more,
    });
  };

  const addTenant = (
    id: string,
    name: string,
    apiSets: ApiSetDraft[],
    seeds: Seed[],
    policy: Partial<Policy> = {},
  ): void => {
    const prefix = "lk";
    world.tenants.push({
      id,
      name,
      prefix,
      format: "latchkey",
      policy: { ...defaultPolicy, ...policy },
      sequence: 41,
      created_at: at(-400),
      apiSets: structuredClone(apiSets),
    });
    log("tenant_added", at(-400), name);
    for (const seed of [...seeds].reverse()) {
      const key: StoredKey = {
        id: `${id}-${seed.handle}`,
        handle: seed.handle,
        tenant: name,
        tenant_id: id,
        name: seed.name,
        description: seed.description ?? "",
        display: `${prefix}_${seed.handle}…${seed.tail}`,
        api_sets: seed.sets,
        organization: null,
        groups: [],
        tags: [],
        format: "latchkey",
        weak: false,
        succeeds: null,
        superseded_at: null,
        owner: seed.owner ?? "Port operations",
        status: "active",
        created_at: at(-seed.created),
        expires_at: seed.ends === null ? null : at(seed.ends),
        revoked_at: seed.revoked ? at(-3) : null,
        kept: seed.holding === "held",
        holding: seed.holding ?? "none",
        handed_over: !seed.unsaved,
        disabled_at: seed.disabled ? at(-9) : null,
        revoke_reason: seed.revoked ?? null,
      };
      world.keys.push(key);
      log("key_generated", key.created_at, name, key);
      if (seed.holding) log("secret_kept", key.created_at, name, key);
      if (seed.unsaved) log("secret_unsaved", key.created_at, name, key);
      else log("secret_copied", key.created_at, name, key);
      if (seed.disabled) log("key_disabled", at(-9), name, key);
      if (seed.revoked) log("key_revoked", at(-3), name, key, { reason: seed.revoked });
      if (seed.holding === "missing") {
        log("secret_missing", at(-1), name, key, { actor: { operator: "Latchkey", origin: "start" } });
      }
    }
  };

  addTenant("t-fleet", "Vessel fleet", fleetSets, fleetKeys(fleet));
  addTenant("t-harbour", "Harbour Authority", harbourSets, harbourKeys);
  world.events.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  world.events.forEach((event, index) => (event.sequence = world.events.length - index));
  return world;
}

const fleetSets: ApiSetDraft[] = [
  { id: "position:read", name: "Read positions", group: null },
  { id: "position:write", name: "Write positions", group: null },
];
