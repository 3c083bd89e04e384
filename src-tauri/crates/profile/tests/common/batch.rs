//! What the tests of batches have in common.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use latchkey_app::batch::{self, NameList};
use latchkey_app::error::Result;
use latchkey_app::wire::{
    BatchDelivery, BatchDraft, BatchEnd, BatchNames, BatchProgress, BatchSummary, Decision, Expiration, KeyQuery,
};
use latchkey_app::{key, verify};
use latchkey_domain::secret::Secret;

use super::{Fixture, ada};

pub(crate) const KEYS: u32 = 5_000;

pub(crate) fn numbered(tenant: &str, count: u32) -> BatchDraft {
    BatchDraft {
        tenant: tenant.into(),
        names: BatchNames::Pattern { pattern: "device-{n:05}".into(), count },
        description: "Kiosk".into(),
        owner: None,
        api_sets: vec!["billing".into()],
        organization: None,
        groups: Vec::new(),
        tags: vec!["kiosks".into()],
        expires: Expiration::Days { days: 30 },
        delivery: BatchDelivery::Csv,
        recipients: Vec::new(),
    }
}

pub(crate) fn listed(tenant: &str) -> BatchDraft {
    BatchDraft { names: BatchNames::List, ..numbered(tenant, 1) }
}

pub(crate) fn on(_: BatchProgress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

pub(crate) fn run(
    fixture: &Fixture,
    draft: &BatchDraft,
    list: Option<&NameList>,
    target: &Path,
) -> Result<BatchSummary> {
    match batch::run(&fixture.session, &ada(), draft, list, target, &mut on)? {
        BatchEnd::Done { summary } => Ok(summary),
        BatchEnd::Cancelled => panic!("nobody cancelled"),
    }
}

pub(crate) fn count(fixture: &Fixture, tenant: &str) -> u32 {
    key::count(&fixture.session, &KeyQuery { tenant: Some(tenant.into()), ..KeyQuery::default() }).unwrap().total
}

pub(crate) fn accepted(fixture: &Fixture, tenant: &str, text: &str) -> bool {
    let secret = Secret::new(text.to_owned());
    matches!(verify::verify(&fixture.session, tenant, &secret).unwrap(), Decision::Valid { .. })
}

/// The third column of a table.
pub(crate) fn keys_of(table: &str) -> Vec<String> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    assert_eq!(reader.headers().unwrap(), vec!["name", "handle", "key", "owner", "description", "expires_at"]);
    reader.records().map(|record| record.unwrap()[2].to_owned()).collect()
}

/// Nothing but what the tests put there: no part, no torn file.
pub(crate) fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

pub(crate) struct Place(pub(crate) tempfile::TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.0.path().join("keys.csv")
    }

    pub(crate) fn names(&self) -> Vec<String> {
        names_in(self.0.path())
    }
}

/// A batch that lost its process while its keys were drawn, in the next one.
pub(crate) fn interrupted(delivery: BatchDelivery, recipients: Vec<String>) -> (Fixture, Place, String) {
    let (fixture, place) = (Fixture::new(), Place::new());
    let tenant = fixture.tenant("Harbour");
    let draft = BatchDraft { delivery, recipients, ..numbered(&tenant, KEYS) };
    let died = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        batch::run(&fixture.session, &ada(), &draft, None, &place.file(), &mut |progress| {
            assert!(progress.drawn < 4_000, "the power goes");
            ControlFlow::Continue(())
        })
    }));
    assert!(died.is_err());
    (fixture.restarted(), place, tenant)
}
