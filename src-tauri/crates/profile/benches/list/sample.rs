//! Tenants full of keys as they come up in practice, the same in every run.

use chrono::{DateTime, TimeDelta, Utc};
use latchkey_app::error::Result;
use latchkey_app::ports::Store;
use latchkey_app::wire::{Holding, Policy};
use latchkey_domain::api_set::ApiSet;
use latchkey_domain::conventions::Conventions;
use latchkey_domain::id::{KeyId, TenantId};
use latchkey_domain::key::Key;
use latchkey_domain::key_format::{self, Hashing, KeyFormat, Prefix};
use latchkey_domain::organization::{Organization, UserGroup};
use latchkey_domain::tenant::Tenant;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

const PLACES: [&str; 12] = [
    "Quay",
    "Gate",
    "Pier",
    "Depot",
    "Zürich",
    "Harbour",
    "Warehouse",
    "Terminal",
    "Office",
    "Plant",
    "Garage",
    "Yard",
];
const DEVICES: [&str; 10] =
    ["scanner", "printer", "crane", "camera", "sensor", "billing export", "gateway", "backup", "dashboard", "importer"];
const GIVEN: [&str; 20] = [
    "Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Frances", "Ken", "Dennis", "Margaret", "Radia", "Tim",
    "Linus", "Guido", "Bjarne", "Anita", "Hedy", "Joan", "Karen", "Leslie",
];
const FAMILY: [&str; 10] =
    ["Lovelace", "Hopper", "Turing", "Liskov", "Knuth", "Allen", "Thompson", "Ritchie", "Hamilton", "Perlman"];
const SETS: [&str; 12] = [
    "billing",
    "dunning",
    "revenue",
    "quotes",
    "currency",
    "jobs",
    "vouchers",
    "tax",
    "usage",
    "files:read",
    "files:write",
    "audit:read",
];

const ORGANIZATIONS: [&str; 4] = ["north", "south", "east", "west"];
const GROUPS: [&str; 5] = ["admins", "publishers", "readers", "kiosks", "exporters"];
const TAGS: [&str; 6] = ["production", "test", "kiosk", "partner", "mobile", "legacy"];

/// Adds a tenant with so many keys, generated over the two years before `now`.
pub(crate) fn add_tenant(store: &dyn Store, name: &str, keys: i64, now: DateTime<Utc>) -> Result<TenantId> {
    let mut random = StdRng::seed_from_u64(u64::from_ne_bytes(keys.to_ne_bytes()));
    let tenant = Tenant {
        id: TenantId::random(&mut random),
        name: name.to_owned(),
        prefix: Prefix::default(),
        format: KeyFormat::Latchkey,
        // A key is due for rotation after a year.
        policy: Policy { rotate_after_days: Some(365), ..Policy::default() },
        conventions: Conventions::default(),
        sequence: 0,
        created_at: now,
    };
    store.writing(|w| {
        w.add_tenant(&tenant)?;
        for id in SETS {
            w.add_api_set(
                tenant.id,
                &ApiSet {
                    id: id.to_owned(),
                    name: id.to_owned(),
                    group: None,
                    description: String::new(),
                    retired_at: None,
                },
            )?;
        }
        for id in ORGANIZATIONS {
            let organization = Organization { id: id.to_owned(), name: id.to_owned(), permissions: None };
            w.put_organization(tenant.id, &organization)?;
        }
        for id in GROUPS {
            let group = UserGroup { id: id.to_owned(), name: id.to_owned(), permissions: Vec::new() };
            w.put_user_group(tenant.id, &group)?;
        }
        let mut before = None;
        for n in 0..keys {
            let mut key = draw(tenant.id, n, keys, now, &mut random);
            // One key of fifty has a successor: it is in its overlap, or its rotation was left half-way.
            match n % 50 {
                0 if n % 100 == 0 => key.supersede(now - TimeDelta::hours(1), now + TimeDelta::days(7)),
                1 => key.succeeds = before,
                _ => {}
            }
            before = Some(key.id);
            w.add_key(&key)?;
        }
        Ok(())
    })?;
    Ok(tenant.id)
}

/// Two years of keys; most ends follow from the moment of generation, so the expired ones lie together at the far end.
fn draw(tenant: TenantId, n: i64, keys: i64, now: DateTime<Utc>, random: &mut StdRng) -> Key {
    let created_at = now - TimeDelta::seconds((keys - n) * 63_000_000 / keys);
    let place = PLACES[random.random_range(0..PLACES.len())];
    let device = DEVICES[random.random_range(0..DEVICES.len())];
    let lifetime = [None, None, Some(90), Some(180), Some(365), Some(365)][random.random_range(0..6)];
    let mut api_sets: Vec<String> =
        (0..random.random_range(1..5)).map(|_| SETS[random.random_range(0..SETS.len())].to_owned()).collect();
    api_sets.sort_unstable();
    api_sets.dedup();
    let generated = key_format::generate(KeyFormat::Latchkey, &Prefix::default(), random);
    Key {
        id: KeyId::random(random),
        tenant,
        handle: generated.handle,
        display: generated.display,
        format: Some(KeyFormat::Latchkey),
        hashing: Hashing::Sha256,
        digest: generated.digest,
        name: format!("{place}-{} {device}", random.random_range(1..1_000)),
        description: if n % 3 == 0 { format!("{device} of the {place} in production") } else { String::new() },
        owner: format!("{} {}", GIVEN[random.random_range(0..20)], FAMILY[random.random_range(0..10)]),
        api_sets,
        created_at,
        expires_at: lifetime.map(|days| created_at + TimeDelta::days(days)),
        disabled_at: random.random_bool(0.01).then_some(created_at),
        revoked_at: random.random_bool(0.03).then_some(created_at),
        revoke_reason: None,
        organization: Some(ORGANIZATIONS[random.random_range(0..ORGANIZATIONS.len())].to_owned()),
        groups: some_of(&GROUPS, random),
        tags: some_of(&TAGS, random),
        succeeds: None,
        superseded: None,
        holding: Holding::None,
        handed_over: true,
    }
}

/// None, one or two of them.
fn some_of(all: &[&str], random: &mut StdRng) -> Vec<String> {
    let mut some: Vec<String> =
        (0..random.random_range(0..3)).map(|_| all[random.random_range(0..all.len())].to_owned()).collect();
    some.sort_unstable();
    some.dedup();
    some
}
