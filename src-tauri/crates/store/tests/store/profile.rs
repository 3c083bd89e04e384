use latchkey_app::wire::{Appearance, Settings};
use latchkey_store::SqliteStore;

use crate::fixture::{Fixture, now, profile};

#[test]
fn the_profile_is_read_back_with_new_settings() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("profile.db");
    let profile = profile();
    let store = SqliteStore::create(&path, &profile, now()).unwrap();
    let fixture = Fixture { folder, store };
    assert_eq!(fixture.port().reading(|r| r.profile()).unwrap(), profile);

    let settings = Settings { appearance: Appearance::Dark, offline: true };
    fixture.write(|w| w.set_settings(settings)).unwrap();
    let again = SqliteStore::open(&path).unwrap();
    let again: &dyn latchkey_app::ports::Store = &again;
    assert_eq!(again.reading(|r| r.profile()).unwrap().settings, settings);
}
