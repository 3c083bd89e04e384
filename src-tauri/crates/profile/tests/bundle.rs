//! Bundles say of each key what the tenant says, at every moment of whatever history.
#![allow(clippy::unwrap_used)]

mod common;

use std::fs;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use common::{Fixture, ada, draft};
use latchkey_app::error::Result;
use latchkey_app::key::{self, HandOver};
use latchkey_app::organization;
use latchkey_app::ports::Clock as _;
use latchkey_app::verify::verify;
use latchkey_app::wire::{
    BundleDraft, BundleExported, BundleNeed, Decision, ErrorCode, Expiration, KeyBundle, KeyDraft, KeyQuery,
    OrganizationDraft, Overlap, Refusal, UserGroupDraft,
};
use latchkey_app::{bundle, rotation, tenant};
use latchkey_domain::secret::Secret;
use latchkey_verify::{Decision as Told, Memory, PublicKey, Verifier};
use proptest::prelude::*;

fn export(fixture: &Fixture, tenant: &str, since: Option<u64>) -> Result<(BundleExported, Vec<u8>, Vec<u8>)> {
    let draft = BundleDraft { tenant: tenant.into(), since, valid_for: Some("3650d".into()), above: None };
    let target = fixture.path().join(if since.is_some() { "delta" } else { "bundle" });
    let done = bundle::export(&fixture.session, &ada(), &draft, &target, false)?;
    Ok((
        done,
        fs::read(&target).unwrap(),
        fs::read(fixture.path().join(format!("{}.minisig", target.file_name().unwrap().to_string_lossy()))).unwrap(),
    ))
}

fn memory(fixture: &Fixture, tenant: &str) -> Memory {
    let key = bundle::public_key(&fixture.session, &ada(), tenant).unwrap();
    Memory::new(key.public_key.parse::<PublicKey>().unwrap())
}

/// A decision in the words of bundles: a superseded key whose overlap is over is expired.
fn by_tenant(fixture: &Fixture, tenant: &str, text: &str) -> String {
    match verify(&fixture.session, tenant, &Secret::new(text.into())).unwrap() {
        Decision::Valid { key, mut api_sets, everything, organization, mut groups, mut permissions, sequence } => {
            api_sets.sort();
            groups.sort();
            permissions.sort();
            let end = key.expires_at.map(|end| end.timestamp());
            format!(
                "{} {everything} {api_sets:?} {organization:?} {groups:?} {permissions:?} {end:?} {sequence}",
                key.handle
            )
        }
        Decision::Refused { reason, handle, sequence } => {
            let reason = if reason == Refusal::Superseded { Refusal::Expired } else { reason };
            format!("{} {handle:?} {sequence}", serde_json::to_value(reason).unwrap().as_str().unwrap())
        }
    }
}

fn by_bundle(verifier: &Verifier, text: &str, now: DateTime<Utc>) -> String {
    match verifier.decide(text.trim(), u64::try_from(now.timestamp()).unwrap()).unwrap() {
        Told::Valid(valid) => {
            let access = &valid.access;
            let end = valid.expires.map(|end| i64::try_from(end).unwrap());
            let organization = access.organization.as_deref();
            format!(
                "{} {} {:?} {organization:?} {:?} {:?} {end:?} {}",
                valid.handle, access.everything, access.api_sets, access.groups, access.permissions, valid.sequence
            )
        }
        Told::Refused(refused) => {
            let handle = refused.handle.map(|handle| handle.to_string());
            format!("{} {handle:?} {}", refused.reason.name(), refused.sequence)
        }
    }
}

/// What happens to a tenant; numbers choose among the keys that there are.
#[derive(Debug, Clone)]
enum Event {
    Issue { days: Option<u32>, billing: bool, publisher: bool },
    Disable(usize),
    Enable(usize),
    Revoke(usize),
    Delete(usize),
    Rotate { key: usize, hours: Option<u32> },
    Group(bool),
    Ceiling(bool),
    Wait { hours: i64 },
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        4 => (proptest::option::of(1..4_u32), any::<bool>(), any::<bool>())
            .prop_map(|(days, billing, publisher)| Event::Issue { days, billing, publisher }),
        2 => any::<usize>().prop_map(Event::Disable),
        2 => any::<usize>().prop_map(Event::Enable),
        2 => any::<usize>().prop_map(Event::Revoke),
        1 => any::<usize>().prop_map(Event::Delete),
        2 => (any::<usize>(), proptest::option::of(1..48_u32)).prop_map(|(key, hours)| Event::Rotate { key, hours }),
        1 => any::<bool>().prop_map(Event::Group),
        1 => any::<bool>().prop_map(Event::Ceiling),
        3 => (1..60_i64).prop_map(|hours| Event::Wait { hours }),
    ]
}

struct World {
    fixture: Fixture,
    tenant: String,
    /// Handles and texts of all keys that there ever were.
    keys: Vec<(String, String)>,
}

impl World {
    fn new() -> Self {
        let fixture = Fixture::new();
        let tenant = fixture.tenant("Harbour");
        let world = Self { fixture, tenant, keys: Vec::new() };
        world.group(true);
        let guard =
            UserGroupDraft { id: Some("guard".into()), name: "Guard".into(), permissions: vec!["exporter".into()] };
        organization::add_group(&world.fixture.session, &ada(), &world.tenant, &guard).unwrap();
        world.ceiling(false);
        world
    }

    fn group(&self, many: bool) {
        let permissions = if many { vec!["exporter".into(), "publisher".into()] } else { vec!["publisher".into()] };
        let draft = UserGroupDraft { id: Some("crew".into()), name: "Crew".into(), permissions };
        let session = &self.fixture.session;
        let known = organization::groups(session, &self.tenant).unwrap().iter().any(|group| group.id == "crew");
        let done = if known { organization::edit_group } else { organization::add_group }(
            session,
            &ada(),
            &self.tenant,
            &draft,
        );
        done.unwrap();
    }

    fn ceiling(&self, low: bool) {
        let permissions = low.then(|| vec!["exporter".into()]);
        let draft = OrganizationDraft { id: Some("pier".into()), name: "Pier".into(), permissions };
        let session = &self.fixture.session;
        let known = !organization::list(session, &self.tenant).unwrap().is_empty();
        let done = if known { organization::edit } else { organization::add }(session, &ada(), &self.tenant, &draft);
        done.unwrap();
    }

    /// What is not possible now does not happen.
    fn happen(&mut self, event: &Event) {
        let session = &self.fixture.session;
        let chosen = |number: usize| self.keys.get(number % self.keys.len().max(1)).map(|(handle, _)| handle.as_str());
        match event {
            Event::Issue { days, billing, publisher } => {
                let mut draft = KeyDraft {
                    expires: days.map_or(Expiration::Never, |days| Expiration::Days { days }),
                    ..draft(&self.tenant, &format!("key {}", self.keys.len()))
                };
                draft.api_sets = if *billing { vec!["dunning".into(), "billing".into()] } else { Vec::new() };
                draft.organization = Some("pier".into());
                draft.groups = if *publisher { vec!["guard".into(), "crew".into()] } else { vec!["guard".into()] };
                let issued = key::new(session, &ada(), &draft, &HandOver::default()).unwrap();
                self.keys.push((issued.key.handle, issued.secret.expose().to_owned()));
            }
            Event::Disable(number) => drop(chosen(*number).map(|key| key::disable(session, &ada(), key))),
            Event::Enable(number) => drop(chosen(*number).map(|key| key::enable(session, &ada(), key))),
            Event::Revoke(number) => drop(chosen(*number).map(|key| key::revoke(session, &ada(), key, None))),
            Event::Delete(number) => drop(chosen(*number).map(|key| key::delete(session, &ada(), key, None))),
            Event::Rotate { key, hours } => {
                let Some(old) = chosen(*key).map(str::to_owned) else { return };
                let Ok(new) = rotation::begin(session, &ada(), &old, None, &HandOver::default()) else { return };
                self.keys.push((new.key.handle, new.secret.expose().to_owned()));
                let overlap = hours.map_or(Overlap::None, |hours| Overlap::Hours { hours });
                let _ = rotation::retire(session, &ada(), &old, &overlap);
            }
            Event::Group(many) => self.group(*many),
            Event::Ceiling(low) => self.ceiling(*low),
            Event::Wait { hours } => self.fixture.clock.set(self.fixture.clock.now() + TimeDelta::hours(*hours)),
        }
    }

    fn check(&self, verifiers: [&Verifier; 2]) {
        let now = self.fixture.clock.now();
        let unknown = ["lk_8fK2pQ7z_00000000000000000000000000000000000000000002tygEN", "", "hunter2hunter2"];
        for text in self.keys.iter().map(|(_, text)| text.as_str()).chain(unknown) {
            let expected = by_tenant(&self.fixture, &self.tenant, text);
            for verifier in verifiers {
                assert_eq!(by_bundle(verifier, text, now), expected);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    /// One verifier gets full bundles, the other nothing but deltas since any that it had.
    #[test]
    fn a_bundle_decides_as_its_tenant_does(
        history in proptest::collection::vec((event(), any::<usize>()), 1..25),
    ) {
        let mut world = World::new();
        let (first, file, signature) = export(&world.fixture, &world.tenant, None).unwrap();
        let memory = memory(&world.fixture, &world.tenant);
        let [full, deltas] =
            [0, 1].map(|_| Verifier::open(memory.clone(), &file, &signature).unwrap());
        let mut exported = vec![first.sequence];
        for (event, since) in &history {
            world.happen(event);
            // Time alone asks for no new bundle.
            if !matches!(event, Event::Wait { .. }) {
                let base = exported[since % exported.len()];
                let (_, file, signature) = export(&world.fixture, &world.tenant, Some(base)).unwrap();
                deltas.take(&file, &signature).unwrap();
                let (done, file, signature) = export(&world.fixture, &world.tenant, None).unwrap();
                full.take(&file, &signature).unwrap();
                exported.push(done.sequence);
            }
            world.check([&full, &deltas]);
        }
    }
}

#[test]
fn what_services_do_not_know_yet_is_counted() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let new = |name: &str| key::new(&fixture.session, &ada(), &draft(&tenant, name), &HandOver::default()).unwrap();
    new("crane");
    new("gate");
    let untold = || {
        let state = bundle::state(&fixture.session, &tenant).unwrap();
        (state.changed, state.keys_in_none, state.ends_untold, state.exports.len())
    };
    assert_eq!(untold(), (true, 2, 0, 0));
    export(&fixture, &tenant, None).unwrap();
    assert_eq!(untold(), (false, 0, 0, 1));
    new("winch");
    key::revoke(&fixture.session, &ada(), "crane", None).unwrap();
    key::disable(&fixture.session, &ada(), "gate").unwrap();
    assert_eq!(untold(), (true, 1, 2, 1));
    key::delete(&fixture.session, &ada(), "crane", None).unwrap();
    assert_eq!(untold(), (true, 1, 2, 1));
    let (done, ..) = export(&fixture, &tenant, None).unwrap();
    assert_eq!((untold(), done.total), ((false, 0, 0, 2), 2));
    // A tenant that is removed takes all of it along.
    key::revoke(&fixture.session, &ada(), "winch", None).unwrap();
    tenant::remove(&fixture.session, &ada(), &tenant).unwrap();
}

#[test]
fn a_clock_that_was_set_back_exports_nothing_that_services_would_refuse() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    export(&fixture, &tenant, None).unwrap();
    fixture.clock.forward(-1);
    assert_eq!(export(&fixture, &tenant, None).unwrap_err().code(), ErrorCode::NotNow);
    // A change is newer whatever the clock says.
    key::new(&fixture.session, &ada(), &draft(&tenant, "crane"), &HandOver::default()).unwrap();
    export(&fixture, &tenant, None).unwrap();
}

/// The folder is gone when the files are to be written: nothing is left and nothing is said.
#[test]
fn an_export_that_fails_leaves_nothing() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    bundle::public_key(&fixture.session, &ada(), &tenant).unwrap();
    let draft = BundleDraft { tenant: tenant.clone(), since: None, valid_for: None, above: None };
    let target = fixture.path().join("nowhere").join("harbour.bundle");
    bundle::export(&fixture.session, &ada(), &draft, Path::new(&target), false).unwrap_err();
    assert_eq!(fixture.journal_len(), 0);
    assert_eq!(bundle::state(&fixture.session, &tenant).unwrap().exports, []);
}

/// What the window says beforehand is what an export says afterwards, and what left as codes counts as exported.
#[test]
fn a_preview_is_what_comes_to_be() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let new = |name: &str| key::new(&fixture.session, &ada(), &draft(&tenant, name), &HandOver::default()).unwrap();
    new("crane");
    let draft = |since| BundleDraft { tenant: tenant.clone(), since, valid_for: None, above: None };
    let before = bundle::preview(&fixture.session, &draft(None)).unwrap();
    let (codes, _) = bundle::export_codes(&fixture.session, &ada(), &draft(None)).unwrap();
    let done = &codes.exported;
    assert_eq!((before.keys, before.total, before.removed), (done.keys, done.total, done.removed));
    assert_eq!((before.codes, before.fits_one), (Some(codes.parts), codes.fits_one));
    let exports = bundle::state(&fixture.session, &tenant).unwrap().exports;
    assert_eq!((exports[0].sequence, exports[0].file.as_str()), (done.sequence, ""));

    new("gate");
    key::delete(&fixture.session, &ada(), "crane", None).unwrap();
    let since = Some(done.sequence);
    let before = bundle::preview(&fixture.session, &draft(since)).unwrap();
    let (after, file, signature) = export(&fixture, &tenant, since).unwrap();
    assert_eq!((before.keys, before.total, before.removed), (1, 1, 1));
    assert_eq!((after.keys, after.total, after.removed), (1, 1, 1));
    assert_eq!(before.size, (file.len() + signature.len()) as u64);
    let unknown = bundle::preview(&fixture.session, &draft(Some(999))).unwrap_err();
    assert_eq!(unknown.code(), ErrorCode::InvalidInput);
}

/// The list marks what services were not told of, from the first export on.
#[test]
fn the_list_marks_keys_until_the_next_bundle() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let new =
        |name: &str| key::new(&fixture.session, &ada(), &draft(&tenant, name), &HandOver::default()).unwrap().key.id;
    let crane = new("crane");
    let page = || {
        let query = KeyQuery { tenant: Some(tenant.clone()), ..KeyQuery::default() };
        let page = key::list(&fixture.session, &query).unwrap();
        (page.in_no_bundle, page.end_untold)
    };
    let shown = |key: &str| key::show(&fixture.session, key).unwrap().bundle;
    assert_eq!((page(), shown(&crane)), ((vec![], vec![]), None));
    let (first, ..) = export(&fixture, &tenant, None).unwrap();
    let known = KeyBundle { since: Some(first.sequence), need: None, stays: false };
    assert_eq!((page(), shown(&crane)), ((vec![], vec![]), Some(known)));
    let gate = new("gate");
    key::revoke(&fixture.session, &ada(), &crane, None).unwrap();
    assert_eq!(page(), (vec![gate.clone()], vec![crane.clone()]));
    assert_eq!(shown(&crane).unwrap().need, Some(BundleNeed::EndUntold));
    assert_eq!(shown(&gate).unwrap(), KeyBundle { since: None, need: Some(BundleNeed::InNone), stays: false });
    for (need, found) in [(BundleNeed::InNone, &gate), (BundleNeed::EndUntold, &crane)] {
        let query = KeyQuery { tenant: Some(tenant.clone()), bundle: Some(need), ..KeyQuery::default() };
        let ids: Vec<String> =
            key::list(&fixture.session, &query).unwrap().keys.into_iter().map(|key| key.id).collect();
        assert_eq!(ids, std::slice::from_ref(found), "{need:?}");
        assert_eq!(key::count(&fixture.session, &query).unwrap().total, 1, "{need:?}");
    }
    export(&fixture, &tenant, Some(first.sequence)).unwrap();
    assert_eq!(page(), (vec![], vec![]));
}
