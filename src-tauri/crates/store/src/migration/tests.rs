#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use chrono::DateTime;
use latchkey_app::ports::{EventFilter, JournalStep, KeyFilter, NewEvent, Store};
use latchkey_app::wire::{Actor, Appearance, EventKind, Holding, KeepPolicy, KeyStatus};
use rusqlite::Connection;
use sha2::{Digest as _, Sha256};

use super::{STEPS, newest, upgrade, version};
use crate::SqliteStore;

/// SHA-256 of each step, one after the other.
const SHIPPED: &[&str] = &[
    "a0a21e709a4aa80a45877cbab29a4dc8ebc016cee6df48360df3a0f8cf3c1d91",
    "d51c91292a945606b62791e7350baa149c875e9637e8df71b73a1e095c9fee5d",
    "d26874455c689772575ba8982fc17922ea000650b311ee3a6bef9d6f63a37a8d",
    "5809be4e38eff5949b9c87bd04739d330cd68ae7e9ccc9dcf417d7d9f4719a58",
    "1f8982aa2a43438a86258294d14ff2346dfdff93e9a2eddd0bb649cfe382f225",
    "de405bb9eafa79fac1e73249bd36e85b53d638dd8fc3f758fc3d2014f5e95ac9",
    "f6e9b4909e4a4204dae3651202588cc6f37e14a76b87d3e2addf1200ce28c4d2",
    "8b271bcf7af1fd41685c57c126dc809266b690f678a26e5da78757e200ec00f2",
    "16c95ecc71b4bc64b739fbe487a5dfe45921971490875f7b50b3e4947262c244",
    "5ab43befd925091515d031edd0a785795ae5775ea00dc99e0f489afa47b379a1",
    "93dce04d1304584faf967b614214e1e359b0be70a894186821d23fa833e9493b",
];

/// A step that was shipped does not change: a profile that has gone through it would differ from one that has not. To add
/// one, append its digest to `SHIPPED`.
#[test]
fn steps_stay_as_they_were_shipped() {
    let hex = |step: &&str| {
        Sha256::digest(step).iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        })
    };
    let digests: Vec<String> = STEPS.iter().map(hex).collect();
    assert_eq!(digests, SHIPPED);
}

#[test]
fn an_empty_database_comes_up_to_date_once() {
    let mut connection = Connection::open_in_memory().unwrap();
    upgrade(&mut connection).unwrap();
    assert_eq!(version(&connection).unwrap(), newest());
    upgrade(&mut connection).unwrap();
}

/// Opened by this program, a profile of the first version has all that it had, and takes what is new.
#[test]
fn a_profile_of_the_first_version_is_whole_after_all_steps() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("latchkey.db");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch(STEPS[0]).unwrap();
    connection.execute_batch(include_str!("../../tests/version-1.sql")).unwrap();
    drop(connection);

    let opened = SqliteStore::open(&path).unwrap();
    opened.check().unwrap();
    let store: &dyn Store = &opened;
    let now = DateTime::from_timestamp(1_780_100_000, 0).unwrap();
    store
        .reading(|reader| {
            assert_eq!(reader.profile()?.settings.appearance, Appearance::Dark);
            let [harbour, zurich] = &reader.tenants()?[..] else { panic!("two tenants") };
            assert_eq!(
                (harbour.name.as_str(), harbour.sequence, harbour.policy.max_lifetime_days),
                ("Harbour", 6, Some(365))
            );
            assert_eq!((zurich.name.as_str(), zurich.policy.keep), ("Zürich", KeepPolicy::Forbid));
            assert_eq!(reader.tenant_named("ZÜRICH")?.as_ref(), Some(zurich));
            assert!(harbour.policy.require_api_set && !harbour.policy.unique_names && !harbour.policy.own_keys_only);
            let sets = reader.api_sets(harbour.id)?;
            let sets: Vec<_> = sets.iter().map(|(set, keys)| (set.id.as_str(), set.group.as_deref(), *keys)).collect();
            assert_eq!(sets, [("files:read", None, 1), ("billing", Some("Money"), 2)]);

            let all = KeyFilter { limit: 10, ..KeyFilter::default() };
            let keys = reader.keys(&all, now)?;
            let standing: Vec<_> =
                keys.iter().map(|key| (key.name.as_str(), key.status(now, 30), key.holding, key.handed_over)).collect();
            assert_eq!(
                standing,
                [
                    ("crane scanner", KeyStatus::Active, Holding::Held, true),
                    ("gate", KeyStatus::Disabled, Holding::None, true),
                    ("winch", KeyStatus::Revoked, Holding::None, false),
                    ("crane", KeyStatus::Active, Holding::Missing, true),
                ]
            );
            assert_eq!(keys[0].api_sets, ["files:read", "billing"]);
            assert_eq!(keys[2].revoke_reason.as_deref(), Some("lost tablet"));
            // Searched, filtered and sorted, by the columns in memory and by the index alike.
            for (word, tenant, found) in
                [("cra", None, 2), ("cra", Some(harbour.id), 1), ("bill", None, 2), ("grace", None, 2)]
            {
                let filter = KeyFilter { tenant, words: vec![word.into()], ..all.clone() };
                assert_eq!(
                    (reader.keys(&filter, now)?.len(), reader.count_keys(&filter, now)? as usize),
                    (found, found),
                    "{word}"
                );
            }
            let log = reader.events(&EventFilter { limit: 10, ..EventFilter::default() })?;
            let log: Vec<_> =
                log.iter().map(|line| (line.sequence, line.event.kind, line.event.reason.as_deref())).collect();
            assert_eq!(
                log,
                [
                    (3, EventKind::KeyRevoked, Some("lost tablet")),
                    (2, EventKind::TenantAdded, None),
                    (1, EventKind::ProfileCreated, None)
                ]
            );
            let journal = reader.journal()?;
            assert_eq!((journal.len(), journal[0].key, &journal[0].step), (1, keys[0].id, &JournalStep::Discarding));
            Ok(())
        })
        .unwrap();

    store
        .writing(|writer| {
            let mut key = writer.key_with_handle("bbbbbbbb")?.unwrap();
            key.tags = vec!["north".into()];
            key.name = "pier".into();
            writer.update_key(&key)?;
            writer.add_event(&NewEvent {
                at: now,
                actor: Actor { operator: "Ada".into(), origin: "window".into() },
                kind: EventKind::KeyEdited,
                tenant: None,
                key: None,
                subject: None,
                detail: None,
                reason: None,
            })
        })
        .unwrap();
    let found = |word: &str| {
        let filter = KeyFilter { words: vec![word.into()], limit: 10, ..KeyFilter::default() };
        store.reading(|reader| reader.count_keys(&filter, now)).unwrap()
    };
    assert_eq!((found("pier"), found("gate"), found("north")), (1, 0, 1));
    opened.check().unwrap();
}

/// Why a refresh failed was noted as a sentence once.
#[test]
fn a_sentence_about_a_remote_tenant_becomes_an_error() {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.pragma_update(None, "foreign_keys", false).unwrap();
    for step in &STEPS[..7] {
        connection.execute_batch(step).unwrap();
    }
    connection.pragma_update(None, "user_version", 7).unwrap();
    let insert = "INSERT INTO remote_tenant (tenant, connector, url, options, network, problem)
                  VALUES (1, 'docspace', 'https://a.example/', '{}', '{}', ?1), (2, 'docspace', 'https://b.example/', '{}', '{}', NULL)";
    connection.execute(insert, ["a.example \"took\" too long."]).unwrap();
    upgrade(&mut connection).unwrap();
    let mut statement = connection.prepare("SELECT problem, skipped FROM remote_tenant ORDER BY tenant").unwrap();
    let rows: Vec<(Option<String>, u32)> =
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    let noted = r#"{"code":"failed","message":"a.example \"took\" too long.","hint":null}"#;
    assert_eq!(rows, [(Some(noted.to_owned()), 0), (None, 0)]);
}
