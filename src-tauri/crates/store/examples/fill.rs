//! `fill FOLDER KEYS`: adds a tenant with so many sample keys to the profile in the folder, for the bench of the window.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

#[path = "../../profile/benches/list/sample.rs"]
mod sample;

use std::path::Path;

use chrono::Utc;
use latchkey_store::SqliteStore;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, keys] = arguments.as_slice() else { panic!("fill FOLDER KEYS") };
    let store = SqliteStore::open(&Path::new(folder).join("latchkey.db")).unwrap();
    sample::add_tenant(&store, "Harbour Authority", keys.parse().expect("a number of keys"), Utc::now()).unwrap();
}
