//! Every use case that changes something, with all that has to be there before.

#[path = "remote.rs"]
mod remote;

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::Duration;

use latchkey_app::api_set::{self, CatalogueFile};
use latchkey_app::batch;
use latchkey_app::bundle;
use latchkey_app::error::Result;
use latchkey_app::import::{self, ImportWindow, Pending, Source};
use latchkey_app::key::{self, HandOver, Purpose, bulk};
use latchkey_app::organization;
use latchkey_app::ports::Clipboard;
use latchkey_app::rotation;
use latchkey_app::save_window::SaveWindow;
use latchkey_app::session::{Operator, Origin, Session};
use latchkey_app::tenant;
use latchkey_app::wire::EventKind::{self, *};
use latchkey_app::wire::{
    ApiSetDraft, BatchDelivery, BatchDraft, BatchNames, BulkAction, BundleDraft, Expiration, ImportChoice, KeyDraft,
    KeyEdit, KeyQuery, KeySelection, OrganizationDraft, Overlap, RotationDraft, TenantDraft, TenantEdit,
    UserGroupDraft,
};
use latchkey_domain::secret::Secret;

use crate::common::{Fixture, ada, draft};

/// What is done, by [`grace`], once everything for it is there.
pub(crate) type Act = Box<dyn FnOnce(&Stage) -> Result<()>>;

/// What is left where the log refuses a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Everything as before, at once.
    Nothing,
    /// Everything as before, after the next start.
    Undone,
    /// What was decided, finished by the next start, which writes it into the log.
    Finished,
}

pub(crate) struct Case {
    /// The use case, as the sources name it.
    pub(crate) call: &'static str,
    /// The lines that the operator leaves in the log, oldest first.
    pub(crate) events: &'static [EventKind],
    /// The reason in the last of them.
    pub(crate) reason: Option<&'static str>,
    pub(crate) refused: Refused,
    pub(crate) prepare: fn(&Stage) -> Act,
}

/// A profile with a tenant and a key that is kept, made by somebody else a day before.
pub(crate) struct Stage {
    pub(crate) fixture: Fixture,
    tenant: String,
    key: String,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let fixture = Fixture::new();
        let tenant = fixture.tenant("Harbour");
        let keep = HandOver { keep: true, ..HandOver::default() };
        let key = key::new(&fixture.session, &ada(), &draft(&tenant, "crane"), &keep).unwrap().key.id;
        fixture.clock.forward(1);
        Self { fixture, tenant, key }
    }

    pub(crate) fn session(&self) -> &Session {
        &self.fixture.session
    }

    /// Where the operator has files written to.
    fn out(&self) -> PathBuf {
        self.fixture.path().join("out")
    }

    fn successor(&self) -> String {
        let kept = HandOver { keep: true, ..HandOver::default() };
        rotation::begin(self.session(), &ada(), &self.key, None, &kept).unwrap().key.id
    }

    fn group(&self) -> String {
        let draft = UserGroupDraft { id: None, name: "Publishers".into(), permissions: Vec::new() };
        organization::add_group(self.session(), &ada(), &self.tenant, &draft).unwrap().id
    }

    fn organization(&self) -> String {
        let draft = OrganizationDraft { id: None, name: "Quay".into(), permissions: None };
        organization::add(self.session(), &ada(), &self.tenant, &draft).unwrap().id
    }

    fn saving(&self) -> (SaveWindow, String) {
        let window = SaveWindow::default();
        let id = window.generate(self.session(), &ada(), &draft(&self.tenant, "winch")).unwrap().key.id;
        (window, id)
    }

    fn rotating(&self, overlap: Overlap) -> (SaveWindow, String) {
        let window = SaveWindow::default();
        let draft = RotationDraft { expires: None, overlap };
        let id = window.rotate(self.session(), &ada(), &self.key, &draft).unwrap().key.id;
        (window, id)
    }

    fn pending(&self, text: &str) -> (PathBuf, Pending) {
        let file = self.fixture.path().join("keys.env");
        std::fs::write(&file, text).unwrap();
        let mut pending = Pending::read(&Source::file(&file).unwrap(), None).unwrap();
        import::preview(self.session(), &self.tenant, &mut pending).unwrap();
        (file, pending)
    }

    fn choice(&self, keep: bool) -> ImportChoice {
        ImportChoice {
            tenant: self.tenant.clone(),
            entries: vec![0, 1],
            api_sets: vec!["billing".into()],
            organization: None,
            groups: Vec::new(),
            tags: Vec::new(),
            owner: None,
            expires: Expiration::Never,
            keep,
        }
    }

    fn batch(&self, delivery: BatchDelivery) -> BatchDraft {
        BatchDraft {
            tenant: self.tenant.clone(),
            names: BatchNames::Pattern { pattern: "device-{n}".into(), count: 12 },
            description: String::new(),
            owner: None,
            api_sets: vec!["billing".into()],
            organization: None,
            groups: Vec::new(),
            tags: Vec::new(),
            expires: Expiration::Never,
            delivery,
            recipients: Vec::new(),
        }
    }

    /// A batch that lost its process while its keys were drawn.
    fn interrupted_batch(&self) -> String {
        let draft = self.batch(BatchDelivery::Csv);
        let died = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            batch::run(self.session(), &ada(), &draft, None, &self.out(), &mut |_| panic!("the power goes"))
        }));
        assert!(died.is_err());
        batch::find(self.session(), None).unwrap().id
    }
}

fn grace() -> Operator {
    Operator { name: "Grace".into(), origin: Origin::CommandLine }
}

fn on() -> impl FnMut(latchkey_app::wire::BatchProgress) -> ControlFlow<()> {
    |_| ControlFlow::Continue(())
}

/// Two random keys, which need no slow digest.
const RANDOM: &str =
    "CRANE=sk_live_9fQ2mX7Lr4Tz8VbK1nW6pYs3Hd5Gj0Ca\nWINCH=sk_live_3Hd5Gj0CaPq8VbK1nW6pYs9fQ2mX7Lr4Tz\n";

struct Board;

impl Clipboard for Board {
    fn copy(&self, _: Secret, _: Duration) -> Result<()> {
        Ok(())
    }
}

fn case(call: &'static str, events: &'static [EventKind], prepare: fn(&Stage) -> Act) -> Case {
    Case { call, events, reason: None, refused: Refused::Nothing, prepare }
}

impl Case {
    fn why(self, reason: &'static str) -> Self {
        Self { reason: Some(reason), ..self }
    }

    fn then(self, refused: Refused) -> Self {
        Self { refused, ..self }
    }
}

fn tenants() -> Vec<Case> {
    vec![
        case("tenant::add", &[TenantAdded], |_| {
            let draft = TenantDraft {
                name: "Depot".into(),
                prefix: None,
                template: Some("documoto".into()),
                own_template: None,
            };
            Box::new(move |stage| tenant::add(stage.session(), &grace(), &draft).map(drop))
        }),
        case("tenant::edit", &[TenantEdited], |_| {
            let edit = TenantEdit { name: Some("Depot".into()), prefix: Some("dp".into()), ..TenantEdit::default() };
            Box::new(move |stage| tenant::edit(stage.session(), &grace(), &stage.tenant, &edit).map(drop))
        }),
        case("tenant::remove", &[TenantRemoved], |stage| {
            key::disable(stage.session(), &ada(), &stage.key).unwrap();
            Box::new(|stage| tenant::remove(stage.session(), &grace(), &stage.tenant))
        }),
        case("bundle::export", &[BundleExported], |stage| {
            bundle::public_key(stage.session(), &ada(), &stage.tenant).unwrap();
            Box::new(|stage| {
                let draft = BundleDraft { tenant: stage.tenant.clone(), since: None, valid_for: None };
                let target = stage.fixture.path().join("harbour.bundle");
                bundle::export(stage.session(), &grace(), &draft, &target, false).map(drop)
            })
        }),
        case("bundle::export_codes", &[BundleExported], |stage| {
            bundle::public_key(stage.session(), &ada(), &stage.tenant).unwrap();
            Box::new(|stage| {
                let draft = BundleDraft { tenant: stage.tenant.clone(), since: None, valid_for: None };
                bundle::export_codes(stage.session(), &grace(), &draft).map(drop)
            })
        }),
        case("bundle::public_key", &[SigningKeyMade], |_| {
            Box::new(|stage| bundle::public_key(stage.session(), &grace(), &stage.tenant).map(drop))
        }),
        case("api_set::add", &[ApiSetAdded], |_| {
            let draft = ApiSetDraft { id: "currex".into(), name: None, group: None, description: String::new() };
            Box::new(move |stage| api_set::add(stage.session(), &grace(), &stage.tenant, &draft).map(drop))
        }),
        case("api_set::edit", &[ApiSetEdited], |_| {
            let name = Some("Billing and more".into());
            let draft = ApiSetDraft { id: "billing".into(), name, group: None, description: String::new() };
            Box::new(move |stage| api_set::edit(stage.session(), &grace(), &stage.tenant, &draft).map(drop))
        }),
        case("api_set::remove", &[ApiSetRemoved], |_| {
            Box::new(|stage| api_set::remove(stage.session(), &grace(), &stage.tenant, "dunning"))
        }),
        case("api_set::retire", &[ApiSetRetired], |_| {
            Box::new(|stage| api_set::retire(stage.session(), &grace(), &stage.tenant, "billing").map(drop))
        }),
        case("api_set::restore", &[ApiSetRestored], |stage| {
            api_set::retire(stage.session(), &ada(), &stage.tenant, "billing").unwrap();
            Box::new(|stage| api_set::restore(stage.session(), &grace(), &stage.tenant, "billing").map(drop))
        }),
        case("api_set::import", &[ApiSetAdded, ApiSetEdited], |stage| {
            let path = stage.fixture.path().join("sets.csv");
            std::fs::write(&path, "id,name\ncurrex,Currex\nbilling,Bills\n").unwrap();
            let file = CatalogueFile::read(&path).unwrap();
            Box::new(move |stage| api_set::import(stage.session(), &grace(), &stage.tenant, &file).map(drop))
        }),
        case("organization::add", &[OrganizationAdded], |_| {
            let draft = OrganizationDraft { id: None, name: "Quay".into(), permissions: None };
            Box::new(move |stage| organization::add(stage.session(), &grace(), &stage.tenant, &draft).map(drop))
        }),
        case("organization::edit", &[OrganizationEdited], |stage| {
            let id = Some(stage.organization());
            let draft = OrganizationDraft { id, name: "Pier".into(), permissions: None };
            Box::new(move |stage| organization::edit(stage.session(), &grace(), &stage.tenant, &draft).map(drop))
        }),
        case("organization::remove", &[OrganizationRemoved], |stage| {
            let id = stage.organization();
            Box::new(move |stage| organization::remove(stage.session(), &grace(), &stage.tenant, &id))
        }),
        case("organization::group::add", &[UserGroupAdded], |_| {
            let draft = UserGroupDraft { id: None, name: "Publishers".into(), permissions: Vec::new() };
            Box::new(move |stage| organization::add_group(stage.session(), &grace(), &stage.tenant, &draft).map(drop))
        }),
        case("organization::group::edit", &[UserGroupEdited], |stage| {
            let draft = UserGroupDraft { id: Some(stage.group()), name: "Readers".into(), permissions: Vec::new() };
            Box::new(move |stage| organization::edit_group(stage.session(), &grace(), &stage.tenant, &draft).map(drop))
        }),
        case("organization::group::remove", &[UserGroupRemoved], |stage| {
            let id = stage.group();
            Box::new(move |stage| organization::remove_group(stage.session(), &grace(), &stage.tenant, &id))
        }),
    ]
}

fn keys() -> Vec<Case> {
    vec![
        case("key::new", &[KeyGenerated], |stage| {
            let draft = draft(&stage.tenant, "winch");
            Box::new(move |stage| key::new(stage.session(), &grace(), &draft, &HandOver::default()).map(drop))
        }),
        case("key::new", &[KeyGenerated, SecretKept, SecretDownloaded, SecretPrinted], |stage| {
            let draft = draft(&stage.tenant, "winch");
            let hand_over = HandOver { keep: true, file: Some(stage.out()), print: true };
            Box::new(move |stage| key::new(stage.session(), &grace(), &draft, &hand_over).map(drop))
        }),
        case("key::edit", &[KeyEdited], |_| {
            let edit = KeyEdit { name: Some("winch".into()), ..KeyEdit::default() };
            Box::new(move |stage| key::edit(stage.session(), &grace(), &stage.key, &edit).map(drop))
        }),
        case("key::disable", &[KeyDisabled], |_| {
            Box::new(|stage| key::disable(stage.session(), &grace(), &stage.key).map(drop))
        }),
        case("key::enable", &[KeyEnabled], |stage| {
            key::disable(stage.session(), &ada(), &stage.key).unwrap();
            Box::new(|stage| key::enable(stage.session(), &grace(), &stage.key).map(drop))
        }),
        case("key::revoke", &[KeyRevoked], |_| {
            Box::new(|stage| key::revoke(stage.session(), &grace(), &stage.key, Some("lost tablet")).map(drop))
        })
        .why("lost tablet"),
        case("key::delete", &[KeyDeleted], |_| {
            Box::new(|stage| key::delete(stage.session(), &grace(), &stage.key, Some("a mistake")))
        })
        .why("a mistake"),
        case("key::bulk::run", &[KeyRevoked, KeyRevoked], |stage| {
            let second = key::new(stage.session(), &ada(), &draft(&stage.tenant, "winch"), &HandOver::default());
            let keys = KeySelection::Keys { keys: vec![stage.key.clone(), second.unwrap().key.id] };
            let action = BulkAction::Revoke { reason: Some("shop closed".into()) };
            Box::new(move |stage| bulk::run(stage.session(), &grace(), &keys, &action).map(drop))
        })
        .why("shop closed"),
        case("key::bulk::run", &[KeyEdited], |stage| {
            let keys = KeySelection::Keys { keys: vec![stage.key.clone()] };
            let action = BulkAction::Tag { add: vec!["north".into()], remove: Vec::new() };
            Box::new(move |stage| bulk::run(stage.session(), &grace(), &keys, &action).map(drop))
        }),
        case("key::bulk::undo", &[KeyEnabled], |stage| {
            let keys = KeySelection::Keys { keys: vec![stage.key.clone()] };
            let (_, undo) = bulk::run(stage.session(), &ada(), &keys, &BulkAction::Disable).unwrap();
            Box::new(move |stage| bulk::undo(stage.session(), &grace(), &undo).map(drop))
        }),
        case("key::export", &[ListExported], |_| {
            let all = KeySelection::Found { query: KeyQuery::default(), except: Vec::new() };
            Box::new(move |stage| key::export(stage.session(), &grace(), &all, &stage.out(), false).map(drop))
        }),
        case("key::read_secret", &[SecretCopied], |_| {
            Box::new(|stage| key::read_secret(stage.session(), &grace(), &stage.key, &Purpose::Copy).map(drop))
        }),
        case("key::read_secret", &[SecretInjected], |_| {
            let purpose = Purpose::Run { program: "psql".into() };
            Box::new(move |stage| key::read_secret(stage.session(), &grace(), &stage.key, &purpose).map(drop))
        }),
        case("rotation::begin", &[KeyGenerated, SecretKept], |_| {
            let kept = HandOver { keep: true, ..HandOver::default() };
            Box::new(move |stage| rotation::begin(stage.session(), &grace(), &stage.key, None, &kept).map(drop))
        }),
        case("rotation::retire", &[KeySuperseded], |stage| {
            stage.successor();
            let day = Overlap::Hours { hours: 24 };
            Box::new(move |stage| rotation::retire(stage.session(), &grace(), &stage.key, &day).map(drop))
        }),
        case("rotation::retire", &[KeyRevoked], |stage| {
            stage.successor();
            Box::new(|stage| rotation::retire(stage.session(), &grace(), &stage.key, &Overlap::None).map(drop))
        }),
        case("rotation::undo", &[KeyRevoked, RotationUndone], |stage| {
            stage.successor();
            Box::new(|stage| rotation::undo(stage.session(), &grace(), &stage.key).map(drop))
        }),
    ]
}

fn windows() -> Vec<Case> {
    const MINUTE: Duration = Duration::from_mins(1);
    vec![
        case("save_window::generate", &[KeyGenerated], |stage| {
            let draft = draft(&stage.tenant, "winch");
            Box::new(move |stage| SaveWindow::default().generate(stage.session(), &grace(), &draft).map(drop))
        }),
        case("save_window::rotate", &[KeyGenerated], |_| {
            let draft = RotationDraft { expires: None, overlap: Overlap::None };
            let window = SaveWindow::default();
            Box::new(move |stage| window.rotate(stage.session(), &grace(), &stage.key, &draft).map(drop))
        }),
        case("save_window::reveal", &[SecretRevealed], |stage| {
            let (window, key) = stage.saving();
            Box::new(move |stage| window.reveal(stage.session(), &grace(), &key).map(drop))
        }),
        case("save_window::copy", &[SecretCopied], |stage| {
            let (window, key) = stage.saving();
            Box::new(move |stage| window.copy(stage.session(), &grace(), &key, &Board, MINUTE))
        }),
        case("save_window::copy_header", &[SecretCopied], |stage| {
            let template = Some("docanalyzer".into());
            let tenant = TenantDraft { name: "Depot".into(), prefix: None, template, own_template: None };
            let depot = tenant::add(stage.session(), &ada(), &tenant).unwrap().id;
            let draft = KeyDraft { api_sets: Vec::new(), ..draft(&depot, "winch") };
            let window = SaveWindow::default();
            let key = window.generate(stage.session(), &ada(), &draft).unwrap().key.id;
            Box::new(move |stage| window.copy_header(stage.session(), &grace(), &key, &Board, MINUTE))
        }),
        case("save_window::download", &[SecretDownloaded], |stage| {
            let (window, key) = stage.saving();
            Box::new(move |stage| window.download(stage.session(), &grace(), &key, &stage.out()))
        })
        .then(Refused::Finished),
        case("save_window::keep", &[SecretKept], |stage| {
            let (window, key) = stage.saving();
            Box::new(move |stage| window.keep(stage.session(), &grace(), &key).map(drop))
        })
        .then(Refused::Finished),
        case("save_window::close", &[SecretUnsaved], |stage| {
            let (window, key) = stage.saving();
            Box::new(move |stage| window.close(stage.session(), &grace(), &key, true))
        }),
        case("save_window::close", &[SecretUnsaved, KeyDeleted, RotationUndone], |stage| {
            let (window, key) = stage.rotating(Overlap::None);
            Box::new(move |stage| window.close(stage.session(), &grace(), &key, true))
        }),
        case("save_window::close", &[KeySuperseded], |stage| {
            let (window, key) = stage.rotating(Overlap::Hours { hours: 24 });
            window.keep(stage.session(), &ada(), &key).unwrap();
            Box::new(move |stage| window.close(stage.session(), &grace(), &key, false))
        }),
        case("import::run", &[KeyImported, KeyImported], |stage| {
            let ((_, mut pending), choice) = (stage.pending(RANDOM), stage.choice(false));
            Box::new(move |stage| {
                import::run(stage.session(), &grace(), &mut pending, &choice, &mut |_, _| {}).map(drop)
            })
        }),
        // A text that a person chose is digested slowly, with a salt that its tenant gets first.
        case("import::run", &[KeyImported, SecretKept, KeyImported, SecretKept], |stage| {
            let (_, mut pending) =
                stage.pending("CRANE=hunter2hunter2\nWINCH=sk_live_9fQ2mX7Lr4Tz8VbK1nW6pYs3Hd5Gj0Ca\n");
            let choice = stage.choice(true);
            Box::new(move |stage| {
                import::run(stage.session(), &grace(), &mut pending, &choice, &mut |_, _| {}).map(drop)
            })
        }),
        case("import::window::run", &[KeyImported, KeyImported], |stage| {
            let (file, _) = stage.pending(RANDOM);
            let (window, choice) = (ImportWindow::default(), stage.choice(false));
            window.open(stage.session(), &stage.tenant, &Source::file(&file).unwrap()).unwrap();
            Box::new(move |stage| window.run(stage.session(), &grace(), &choice).map(drop))
        }),
        case("batch::run", &[BatchGenerated], |stage| {
            let draft = stage.batch(BatchDelivery::Folder);
            Box::new(move |stage| {
                batch::run(stage.session(), &grace(), &draft, None, &stage.out(), &mut on()).map(drop)
            })
        })
        .then(Refused::Undone),
        case("batch::resume", &[BatchGenerated], |stage| {
            let id = stage.interrupted_batch();
            Box::new(move |stage| batch::resume(stage.session(), &grace(), &id, &mut on()).map(drop))
        })
        .then(Refused::Finished),
        case("batch::undo", &[BatchUndone], |stage| {
            let id = stage.interrupted_batch();
            Box::new(move |stage| batch::undo(stage.session(), &grace(), &id))
        })
        .then(Refused::Finished),
    ]
}

pub(crate) fn all() -> Vec<Case> {
    [tenants(), remote::cases(), keys(), windows()].into_iter().flatten().collect()
}
