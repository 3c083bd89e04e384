//! Verifier bundles: signed files from which services check a local tenant's keys, offline. `docs/bundle-format.md` says
//! what is in them, and the crate `latchkey-verify` reads and writes them.

mod contents;
mod decide;
mod endorsement;
mod export;
mod export_codes;
mod file;
mod inspect;
mod mark;
mod pair;
mod preview;
mod public_key;
mod receive;
mod rotate_key;
mod save;
mod signing_key;
mod state;

pub use decide::{Offline, decide};
pub use endorsement::{former_keys, write_endorsement};
pub use export::export;
pub use export_codes::{export_codes, series};
pub use file::trusted_key;
pub use inspect::{inspect, sequence_of};
pub(crate) use mark::{mark, told_of};
pub use preview::preview;
pub use public_key::{known_key, public_key};
pub use receive::receive;
pub use rotate_key::{replace_key, rotate_key};
pub use save::{file_name, key_file, save_page, save_public_key};
pub use state::state;

use chrono::{DateTime, Utc};
use latchkey_domain::field::{Field, FieldProblem, Rule};
use latchkey_domain::tenant::Tenant;

use crate::error::{Error, Result};
use crate::find;
use crate::ports::Reader;
use crate::wire::ErrorCode;

/// The tenant of this name, which has to be a local one: a server knows better than this list what it accepts.
fn local_tenant(reader: &dyn Reader, text: &str) -> Result<Tenant> {
    let tenant = find::tenant(reader, text)?;
    if reader.remote(tenant.id)?.is_some() {
        let message = format!("{} is a remote tenant: its own server decides which keys it accepts.", tenant.name);
        return Err(Error::at(FieldProblem { name: Field::Tenant, rule: Rule::NotLocal }, message));
    }
    Ok(tenant)
}

/// A file, or a clock, that must not be believed: a failure, and no decision.
fn not_believed(error: latchkey_verify::Error) -> Error {
    Error::new(ErrorCode::Failed, format!("The bundle must not be believed ({}): {error}.", error.code())).hint(
        match error {
            latchkey_verify::Error::ClockSetBack => "Set this computer's clock right.",
            latchkey_verify::Error::WrongKey => {
                "Give the public key of the tenant that exported it, or the endorsement of its new key."
            }
            latchkey_verify::Error::Rollback | latchkey_verify::Error::Misfit => {
                "Get the newest full bundle of the tenant."
            }
            _ => "Get both files anew from who exported them.",
        },
    )
}

/// A moment as bundles count it. None is beyond the year 9999.
fn time(seconds: u64) -> DateTime<Utc> {
    i64::try_from(seconds).ok().and_then(|seconds| DateTime::from_timestamp(seconds, 0)).unwrap_or_default()
}
