//! What spans the database and the vault or a file: failures in the middle take back what was done.
#![allow(clippy::unwrap_used)]

mod common;

use common::{Fixture, ada, draft};
use latchkey_app::key::{self, HandOver, Purpose};
use latchkey_app::save_window::SaveWindow;
use latchkey_app::wire::{ErrorCode, EventKind, Holding, KeepPolicy, KeyQuery, Policy};
use latchkey_app::{audit, recover, tenant};
use latchkey_domain::key_format::KeyDigest;
use latchkey_vault::double::Operation;

fn keep() -> HandOver {
    HandOver { keep: true, ..HandOver::default() }
}

fn names(fixture: &Fixture) -> Vec<String> {
    key::list(&fixture.session, &KeyQuery::default()).unwrap().keys.into_iter().map(|key| key.name).collect()
}

fn kinds(fixture: &Fixture) -> Vec<EventKind> {
    audit::list(&fixture.session, None, None, 100).unwrap().into_iter().map(|event| event.kind).collect()
}

#[test]
fn a_kept_key_is_in_the_list_and_in_the_vault() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let issued = key::new(&fixture.session, &ada(), &draft(&tenant, "crane"), &keep()).unwrap();
    let id = issued.key.id.parse().unwrap();
    assert_eq!(fixture.vault.text(id).as_deref(), Some(issued.secret.expose()));
    assert!(issued.key.kept && issued.key.handed_over);
    assert_eq!(fixture.journal_len(), 0);
    let read = key::read_secret(&fixture.session, &ada(), &issued.key.handle, &Purpose::Copy).unwrap();
    assert_eq!(read.expose(), issued.secret.expose());
    assert_eq!(kinds(&fixture)[..3], [EventKind::SecretCopied, EventKind::SecretKept, EventKind::KeyGenerated]);
}

#[test]
fn a_vault_that_fails_leaves_no_key() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    fixture.vault.fail_next(Operation::Put, ErrorCode::KeychainDismissed);
    let error = key::new(&fixture.session, &ada(), &draft(&tenant, "crane"), &keep()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::KeychainDismissed);
    assert!(names(&fixture).is_empty());
    assert_eq!(fixture.journal_len(), 0);
    assert!(!kinds(&fixture).contains(&EventKind::KeyGenerated));
}

#[test]
fn a_vault_that_fails_to_take_back_is_asked_again_at_the_next_start() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    fixture.vault.fail_each(Operation::Discard, ErrorCode::KeychainNoBus);
    // The file's folder does not exist: the secret is in the vault by then.
    let hand_over = HandOver { file: Some(fixture.path().join("nowhere/crane.APIKEY")), ..keep() };
    key::new(&fixture.session, &ada(), &draft(&tenant, "crane"), &hand_over).unwrap_err();
    assert!(names(&fixture).is_empty());
    assert_eq!((fixture.journal_len(), fixture.vault.keys().len()), (1, 1));

    let next = fixture.restarted();
    assert_eq!(recover::at_start(&next.session).unwrap(), 1);
    next.vault.heal();
    assert_eq!(recover::at_start(&next.session).unwrap(), 0);
    assert_eq!((next.journal_len(), next.vault.keys().len()), (0, 0));
    assert!(kinds(&next).contains(&EventKind::SagaUndone));
}

#[test]
fn an_api_set_removed_meanwhile_takes_everything_back() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    latchkey_app::api_set::remove(&fixture.session, &ada(), &tenant, "billing").unwrap();
    let error = key::new(&fixture.session, &ada(), &draft(&tenant, "crane"), &keep()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidInput);
    assert!(error.body().message.contains("`billing`"), "{error}");
    assert!(fixture.vault.keys().is_empty() && names(&fixture).is_empty());
}

#[test]
fn a_file_holds_the_key_and_a_newline_for_its_owner_alone() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let file = fixture.path().join("crane.APIKEY");
    let hand_over = HandOver { file: Some(file.clone()), ..HandOver::default() };
    let issued = key::new(&fixture.session, &ada(), &draft(&tenant, "crane"), &hand_over).unwrap();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), format!("{}\n", issued.secret.expose()));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(fixture.journal_len(), 0);

    let error = key::new(&fixture.session, &ada(), &draft(&tenant, "other"), &hand_over).unwrap_err();
    assert_eq!(error.code(), ErrorCode::FileExists);
    assert_eq!(names(&fixture), ["crane"]);
}

#[test]
fn revocation_does_not_wait_for_the_vault() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let issued = key::new(&fixture.session, &ada(), &draft(&tenant, "crane"), &keep()).unwrap();
    fixture.vault.fail_each(Operation::Discard, ErrorCode::KeychainNoService);
    let revoked = key::revoke(&fixture.session, &ada(), "crane", Some("lost tablet")).unwrap();
    assert!(revoked.revoked_at.is_some() && !revoked.kept);
    assert_eq!(recover::waiting(&fixture.session).unwrap(), 1);
    assert!(fixture.vault.text(issued.key.id.parse().unwrap()).is_some());

    let next = fixture.restarted();
    next.vault.heal();
    assert_eq!(recover::at_start(&next.session).unwrap(), 0);
    assert!(next.vault.keys().is_empty());
    let details = key::show(&next.session, "crane").unwrap();
    assert_eq!(details.revoke_reason.as_deref(), Some("lost tablet"));
    assert_eq!(details.events[0].kind, EventKind::SecretDiscarded);
    assert_eq!(details.events[0].actor.operator, "Latchkey");
}

#[test]
fn deleting_takes_the_secret_along_and_leaves_the_history() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    key::new(&fixture.session, &ada(), &draft(&tenant, "crane"), &keep()).unwrap();
    key::delete(&fixture.session, &ada(), "crane", None).unwrap();
    assert!(names(&fixture).is_empty() && fixture.vault.keys().is_empty());
    assert_eq!(fixture.journal_len(), 0);
    assert!(kinds(&fixture).contains(&EventKind::KeyDeleted));
    assert!(kinds(&fixture).contains(&EventKind::KeyGenerated));
}

#[test]
fn a_tenant_goes_only_when_nothing_of_it_works_any_more() {
    let fixture = Fixture::new();
    let id = fixture.tenant("Harbour");
    key::new(&fixture.session, &ada(), &draft(&id, "crane"), &keep()).unwrap();
    assert_eq!(tenant::remove(&fixture.session, &ada(), &id).unwrap_err().code(), ErrorCode::NotNow);
    key::disable(&fixture.session, &ada(), "crane").unwrap();
    tenant::remove(&fixture.session, &ada(), &id).unwrap();
    assert!(fixture.vault.keys().is_empty() && fixture.journal_len() == 0);
}

#[test]
fn what_another_living_process_does_is_left_alone() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    fixture.vault.fail_each(Operation::Discard, ErrorCode::KeychainNoBus);
    let hand_over = HandOver { file: Some(fixture.path().join("nowhere/crane.APIKEY")), ..keep() };
    key::new(&fixture.session, &ada(), &draft(&tenant, "crane"), &hand_over).unwrap_err();
    let next = fixture.restarted();
    next.vault.heal();
    next.gone.revive();
    assert_eq!(recover::at_start(&next.session).unwrap(), 0);
    assert_eq!((next.journal_len(), next.vault.keys().len()), (1, 1));
}

#[test]
fn a_secret_lost_behind_our_back_is_said_in_the_list() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let issued = key::new(&fixture.session, &ada(), &draft(&tenant, "crane"), &keep()).unwrap();
    let id = issued.key.id.parse().unwrap();
    assert!(fixture.vault.lose(id));
    let error = key::read_secret(&fixture.session, &ada(), "crane", &Purpose::Copy).unwrap_err();
    assert_eq!(error.code(), ErrorCode::SecretMissing);
    let view = key::show(&fixture.session, "crane").unwrap().key;
    assert_eq!((view.holding, view.kept), (Holding::Missing, false));
}

#[test]
fn a_start_compares_the_list_with_the_vault() {
    use latchkey_app::ports::Vault as _;

    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let issued = key::new(&fixture.session, &ada(), &draft(&tenant, "crane"), &keep()).unwrap();
    let id = issued.key.id.parse().unwrap();
    assert!(fixture.vault.lose(id));
    let orphan = latchkey_domain::id::KeyId::from_bytes([7; 16]);
    fixture.vault.put(orphan, "orphan", &issued.secret).unwrap();
    let next = fixture.restarted();
    recover::at_start(&next.session).unwrap();
    assert_eq!(key::show(&next.session, "crane").unwrap().key.holding, Holding::Missing);
    assert!(next.vault.keys().is_empty());

    // Somebody brought it back, from a backup of the keychain.
    next.vault.put(id, "crane", &issued.secret).unwrap();
    recover::at_start(&next.session).unwrap();
    assert_eq!(key::show(&next.session, "crane").unwrap().key.holding, Holding::Held);
}

#[test]
fn the_save_window_keeps_once_and_closes_for_good() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let window = SaveWindow::default();
    let new = window.generate(&fixture.session, &ada(), &draft(&tenant, "crane 4/5")).unwrap();
    assert_eq!(new.file_name, "crane 4-5.APIKEY");
    assert!(new.visible.starts_with("lk_") && new.visible.ends_with('_') && new.masked == 49);
    assert!(window.has_unsaved());
    let key = new.key.id.as_str();
    let revealed = window.reveal(&fixture.session, &ada(), key).unwrap();
    let listed = fixture.session.store.reading(|reader| reader.key(key.parse().unwrap())).unwrap().unwrap();
    assert_eq!(KeyDigest::of(revealed.expose()), listed.digest);

    // To have looked at it is not to have saved it.
    let error = window.close(&fixture.session, &ada(), key, false).unwrap_err();
    assert_eq!(error.code(), ErrorCode::SecretUnsaved);
    fixture.vault.fail_next(Operation::Put, ErrorCode::KeychainDismissed);
    window.keep(&fixture.session, &ada(), key).unwrap_err();
    assert_eq!(fixture.journal_len(), 0);
    assert!(window.has_unsaved());
    assert!(window.keep(&fixture.session, &ada(), key).unwrap().kept);
    window.close(&fixture.session, &ada(), key, false).unwrap();
    for gone in [
        window.reveal(&fixture.session, &ada(), key).map(drop),
        window.keep(&fixture.session, &ada(), key).map(drop),
        window.download(&fixture.session, &ada(), key, &fixture.path().join("late.APIKEY")),
    ] {
        assert_eq!(gone.unwrap_err().code(), ErrorCode::SecretGone);
    }
    assert!(window.pending(&fixture.session).unwrap().is_none());
}

#[test]
fn closing_unsaved_is_written_down() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let window = SaveWindow::default();
    let new = window.generate(&fixture.session, &ada(), &draft(&tenant, "crane")).unwrap();
    window.close(&fixture.session, &ada(), &new.key.id, true).unwrap();
    let details = key::show(&fixture.session, "crane").unwrap();
    assert_eq!(details.events[0].kind, EventKind::SecretUnsaved);
    assert!(!details.key.handed_over);
}

#[test]
fn a_tenant_may_keep_by_default_or_not_at_all() {
    let fixture = Fixture::new();
    let id = fixture.tenant("Harbour");
    let window = SaveWindow::default();
    fixture.policy(&id, Policy { keep: KeepPolicy::Default, ..Policy::default() });
    assert!(window.generate(&fixture.session, &ada(), &draft(&id, "kept")).unwrap().kept);
    fixture.vault.fail_next(Operation::Put, ErrorCode::KeychainNoBus);
    let offered = window.generate(&fixture.session, &ada(), &draft(&id, "offered")).unwrap();
    assert!(!offered.kept && offered.may_keep);

    fixture.policy(&id, Policy { keep: KeepPolicy::Forbid, ..Policy::default() });
    let forbidden = window.generate(&fixture.session, &ada(), &draft(&id, "forbidden")).unwrap();
    assert!(!forbidden.kept && !forbidden.may_keep);
    let error = window.keep(&fixture.session, &ada(), &forbidden.key.id).unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotPermitted);
    let error = key::new(&fixture.session, &ada(), &draft(&id, "refused"), &keep()).unwrap_err();
    assert_eq!(error.code(), ErrorCode::NotPermitted);
}

/// The system's dialog asks before it replaces a file; a folder that stands there is never replaced.
#[test]
fn a_download_over_a_folder_leaves_both_as_they_were() {
    let fixture = Fixture::new();
    let tenant = fixture.tenant("Harbour");
    let window = SaveWindow::default();
    let new = window.generate(&fixture.session, &ada(), &draft(&tenant, "crane")).unwrap();
    let folder = fixture.path().join("crane.APIKEY");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("inside"), "something else").unwrap();
    let error = window.download(&fixture.session, &ada(), &new.key.id, &folder).unwrap_err();
    assert!(error.to_string().ends_with("crane.APIKEY: it is a folder."), "{error}");
    assert_eq!(error.body().hint.as_deref(), Some("Give the name of a file."));
    assert_eq!(std::fs::read_to_string(folder.join("inside")).unwrap(), "something else");
    assert_eq!(fixture.journal_len(), 0);
    assert!(window.has_unsaved());
    let parts = std::fs::read_dir(fixture.path()).unwrap().flatten().map(|entry| entry.file_name());
    assert!(parts.into_iter().all(|name| !name.to_string_lossy().contains("part")));

    window.download(&fixture.session, &ada(), &new.key.id, &folder.join("crane.APIKEY")).unwrap();
    assert!(!window.has_unsaved());
}
