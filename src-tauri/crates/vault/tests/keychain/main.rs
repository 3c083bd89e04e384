//! The keychain over a real Secret Service: gnome-keyring on a bus of the test's own (Debian packages `dbus-daemon`,
//! `gnome-keyring`, `gcr`, `xvfb`, `xdotool`).
//!
//! Each test prepares a desk and starts this program once more at it; what the second one runs are the tests marked
//! `ignore`.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test")]

mod desk;

use std::collections::HashMap;

use desk::{Desk, dismiss_next_prompt, start_keychain};
use latchkey_app::ports::Vault as _;
use latchkey_app::wire::ErrorCode;
use latchkey_domain::id::{KeyId, ProfileId};
use latchkey_domain::secret::Secret;
use latchkey_vault::KeychainVault;
use secret_service::EncryptionType;
use secret_service::blocking::SecretService;

/// An empty line: the empty password.
const EMPTY_PASSWORD: Option<&str> = Some("\n");

fn vault() -> KeychainVault {
    KeychainVault::new(ProfileId::from_bytes([1; 16]))
}

fn key(number: u8) -> KeyId {
    KeyId::from_bytes([number; 16])
}

fn put(vault: KeychainVault, number: u8, label: &str, text: &str) {
    vault.put(key(number), label, &Secret::new(text.to_owned())).unwrap();
}

fn get(vault: KeychainVault, number: u8) -> Option<String> {
    vault.get(key(number)).unwrap().map(|secret| secret.expose().to_owned())
}

fn service() -> SecretService<'static> {
    SecretService::connect(EncryptionType::Plain).unwrap()
}

/// The labels of all items of Latchkey, as the keychain's own program shows them.
fn labels() -> Vec<String> {
    let service = service();
    let found = service.search_items(HashMap::from([("service", "Latchkey")])).unwrap();
    let mut labels: Vec<_> = found.unlocked.iter().map(|item| item.get_label().unwrap()).collect();
    labels.sort();
    labels
}

fn lock() {
    let service = service();
    let collection = service.get_default_collection().unwrap();
    collection.lock().unwrap();
    assert!(collection.is_locked().unwrap());
}

#[track_caller]
fn fails<T>(result: latchkey_app::error::Result<T>, code: ErrorCode) {
    let error = result.err().unwrap();
    assert_eq!(error.code(), code, "{error}");
    assert!(error.body().hint.is_some());
}

macro_rules! at {
    ($($desk:expr, $test:ident / $child:ident $body:block)*) => {$(
        #[test]
        fn $test() {
            $desk.run(stringify!($child));
        }

        #[test]
        #[ignore = "started by another test, at a desk"]
        fn $child() $body
    )*};
}

at! {
    Desk::with_bus(), secrets_are_put_read_listed_and_discarded / child_unlocked {
        let _keychain = start_keychain(EMPTY_PASSWORD);
        let vault = vault();
        vault.probe().unwrap();
        assert!(!vault.is_locked() && vault.items().unwrap().is_empty());
        assert_eq!(get(vault, 1), None);
        put(vault, 1, "Latchkey: first", "lk_one");
        put(vault, 2, "Latchkey: second", "lk_two");
        assert_eq!(labels(), ["Latchkey: first", "Latchkey: second"]);
        put(vault, 1, "Latchkey: renamed", "lk_one, anew");
        assert_eq!(labels(), ["Latchkey: renamed", "Latchkey: second"]);
        assert_eq!(get(vault, 1).as_deref(), Some("lk_one, anew"));
        let mut items = vault.items().unwrap();
        items.sort();
        assert_eq!(items, [key(1), key(2)]);

        let other = KeychainVault::new(ProfileId::from_bytes([2; 16]));
        assert!(other.items().unwrap().is_empty());
        assert_eq!(get(other, 1), None);

        vault.discard(key(1)).unwrap();
        vault.discard(key(1)).unwrap();
        assert_eq!(get(vault, 1), None);
        assert_eq!(vault.items().unwrap(), [key(2)]);
    }

    Desk::with_bus(), an_item_deleted_behind_our_back_is_missing_and_no_failure / child_deleted {
        let _keychain = start_keychain(EMPTY_PASSWORD);
        let vault = vault();
        put(vault, 1, "Latchkey: first", "lk_one");
        for item in service().search_items(HashMap::from([("service", "Latchkey")])).unwrap().unlocked {
            item.delete().unwrap();
        }
        assert_eq!(get(vault, 1), None);
        assert!(vault.items().unwrap().is_empty());
        vault.discard(key(1)).unwrap();
    }

    Desk::with_bus(), items_of_the_same_name_are_all_written_and_all_discarded / child_twins {
        let _keychain = start_keychain(EMPTY_PASSWORD);
        let vault = vault();
        put(vault, 1, "Latchkey: first", "lk_one");
        let user = format!("{}/{}", ProfileId::from_bytes([1; 16]), key(1));
        let service = service();
        let attributes = HashMap::from([("service", "Latchkey"), ("username", user.as_str())]);
        let collection = service.get_default_collection().unwrap();
        collection.create_item("twin", attributes.clone(), b"lk_twin", false, "text/plain").unwrap();
        put(vault, 1, "Latchkey: first", "lk_one, anew");
        assert_eq!(get(vault, 1).as_deref(), Some("lk_one, anew"));
        vault.discard(key(1)).unwrap();
        assert!(service.search_items(attributes).unwrap().unlocked.is_empty());
    }

    Desk::with_bus(), it_can_be_called_inside_an_asynchronous_runtime / child_runtime {
        let _keychain = start_keychain(EMPTY_PASSWORD);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let vault = vault();
            vault.probe().unwrap();
            put(vault, 1, "Latchkey: first", "lk_one");
            assert_eq!(get(vault, 1).as_deref(), Some("lk_one"));
            assert_eq!(vault.items().unwrap(), [key(1)]);
        });
    }

    Desk::without_bus(), without_a_bus_that_is_said / child_without_bus {
        fails(vault().probe(), ErrorCode::KeychainNoBus);
        fails(vault().get(key(1)), ErrorCode::KeychainNoBus);
        fails(vault().items(), ErrorCode::KeychainNoBus);
    }

    Desk::with_bus(), a_keychain_that_comes_later_and_is_restarted_is_found / child_comes_later {
        let vault = vault();
        fails(vault.probe(), ErrorCode::KeychainNoService);
        fails(vault.put(key(1), "x", &Secret::new("x".into())), ErrorCode::KeychainNoService);
        fails(vault.items(), ErrorCode::KeychainNoService);
        let keychain = start_keychain(EMPTY_PASSWORD);
        vault.probe().unwrap();
        put(vault, 1, "Latchkey: first", "lk_one");
        drop(keychain);
        fails(vault.get(key(1)), ErrorCode::KeychainNoService);
        let keychain = start_keychain(EMPTY_PASSWORD);
        assert_eq!(get(vault, 1).as_deref(), Some("lk_one"));
        drop(keychain);
        let _keychain = start_keychain(EMPTY_PASSWORD);
        assert_eq!(get(vault, 1).as_deref(), Some("lk_one"), "over the connection from before");
    }

    Desk::with_bus(), without_a_default_collection_that_is_said / child_without_collection {
        let _keychain = start_keychain(None);
        let vault = vault();
        fails(vault.probe(), ErrorCode::KeychainNoCollection);
        fails(vault.put(key(1), "x", &Secret::new("x".into())), ErrorCode::KeychainNoCollection);
        fails(vault.items(), ErrorCode::KeychainNoCollection);
        fails(vault.get(key(1)), ErrorCode::KeychainNoCollection);
        fails(vault.discard(key(1)), ErrorCode::KeychainNoCollection);
    }

    Desk::with_bus(), locked_where_nothing_can_prompt / child_locked_for_good {
        let _keychain = start_keychain(EMPTY_PASSWORD);
        let vault = vault();
        put(vault, 1, "Latchkey: first", "lk_one");
        lock();
        vault.probe().unwrap();
        fails(vault.items(), ErrorCode::KeychainDismissed);
        fails(vault.get(key(1)), ErrorCode::KeychainDismissed);
        fails(vault.put(key(2), "x", &Secret::new("x".into())), ErrorCode::KeychainDismissed);
        // Nothing matches, so nothing prompts; but a locked keychain is not believed.
        fails(vault.get(key(3)), ErrorCode::KeychainDismissed);
        fails(vault.discard(key(3)), ErrorCode::KeychainDismissed);
    }

    Desk::with_bus(), locked_since_the_login_its_items_are_not_taken_for_missing / child_never_unlocked {
        let keychain = start_keychain(Some("a password"));
        let vault = vault();
        put(vault, 1, "Latchkey: first", "lk_one");
        drop(keychain);
        let _keychain = start_keychain(None);
        vault.probe().unwrap();
        fails(vault.items(), ErrorCode::KeychainDismissed);
        fails(vault.get(key(1)), ErrorCode::KeychainDismissed);
        fails(vault.discard(key(1)), ErrorCode::KeychainDismissed);
    }

    Desk::with_prompter(), locked_and_the_prompt_dismissed / child_dismisses {
        let _keychain = start_keychain(Some("a password"));
        let vault = vault();
        put(vault, 1, "Latchkey: first", "lk_one");
        lock();
        vault.probe().unwrap();
        fails(vault.items(), ErrorCode::KeychainDismissed);
        let mut escape = dismiss_next_prompt();
        fails(vault.get(key(1)), ErrorCode::KeychainDismissed);
        assert!(escape.first_line().starts_with("Window"), "a prompt was there to be dismissed");
    }
}
