//! The cases of verifier bundles and of what signs them.

use latchkey_app::bundle;
use latchkey_app::wire::BundleDraft;
use latchkey_app::wire::EventKind::{
    BundleExported, SequenceRaised, SigningKeyMade, SigningKeyReplaced, SigningKeyRotated,
};

use super::{Case, Stage, case, grace};
use crate::common::ada;

fn signing(stage: &Stage) {
    bundle::public_key(stage.session(), &ada(), &stage.tenant).unwrap();
}

fn of(stage: &Stage) -> BundleDraft {
    BundleDraft { tenant: stage.tenant.clone(), since: None, valid_for: None, above: None }
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("bundle::export", &[BundleExported], |stage| {
            signing(stage);
            Box::new(|stage| {
                let target = stage.fixture.path().join("harbour.bundle");
                bundle::export(stage.session(), &grace(), &of(stage), &target, false).map(drop)
            })
        }),
        case("bundle::export_codes", &[BundleExported], |stage| {
            signing(stage);
            Box::new(|stage| bundle::export_codes(stage.session(), &grace(), &of(stage)).map(drop))
        }),
        case("bundle::export", &[SequenceRaised, BundleExported], |stage| {
            signing(stage);
            Box::new(|stage| {
                let target = stage.fixture.path().join("harbour.bundle");
                let draft = BundleDraft { above: Some(90), ..of(stage) };
                bundle::export(stage.session(), &grace(), &draft, &target, false).map(drop)
            })
        }),
        case("bundle::public_key", &[SigningKeyMade], |_| {
            Box::new(|stage| bundle::public_key(stage.session(), &grace(), &stage.tenant).map(drop))
        }),
        case("bundle::rotate_key", &[SigningKeyRotated], |stage| {
            signing(stage);
            Box::new(|stage| {
                let (target, reason) = (stage.fixture.path().join("harbour.endorsement"), Some("once a year"));
                bundle::rotate_key(stage.session(), &grace(), &stage.tenant, reason, &target).map(drop)
            })
        })
        .why("once a year"),
        case("bundle::rotate_key::replace_key", &[SigningKeyReplaced], |stage| {
            signing(stage);
            Box::new(|stage| {
                let reason = Some("the vault burned");
                bundle::replace_key(stage.session(), &grace(), &stage.tenant, reason).map(drop)
            })
        })
        .why("the vault burned"),
    ]
}
