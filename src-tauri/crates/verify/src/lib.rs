//! Decides offline whether an API key may be used and for what, from a verifier bundle: a signed file that Latchkey exports.
//!
//! `docs/bundle-format.md` describes the format, what is refused, and the order of reasons. Nothing here opens a file, a
//! socket or a clock: bytes and times are passed in.
//!
//! ```
//! use latchkey_verify::{Decision, Error, Memory, Reason, Verifier, unix_seconds};
//! use std::time::SystemTime;
//!
//! fn service(bundle: &[u8], signature: &[u8], public_key: &str) -> Result<(), Error> {
//!     let verifier = Verifier::open(Memory::new(public_key.parse()?), bundle, signature)?;
//!
//!     // With each request, on any thread:
//!     match verifier.decide("lk_8fK2pQ7z_…", unix_seconds(SystemTime::now()))? {
//!         Decision::Valid(valid) if valid.access.allows("Billing") => println!("{} may", valid.handle),
//!         Decision::Valid(valid) => println!("{} is valid, but not for this", valid.handle),
//!         Decision::Refused(refused) => println!("no: {}", refused.reason.name()),
//!     }
//!
//!     // When another file came, a full bundle or a delta. Decisions go on meanwhile.
//!     if let Err(error) = verifier.take(bundle, signature) {
//!         eprintln!("refused: {error} ({})", error.code());
//!     }
//!     // To be kept for the next start, so that no older bundle is believed then.
//!     println!("{}", verifier.memory());
//!     Ok(())
//! }
//! # use latchkey_verify::{TenantId, issue::{Draft, SigningKey}};
//! # let key = SigningKey::from_seed(&[1; 32]);
//! # let draft = Draft {
//! #     tenant: TenantId([7; 16]), name: "Harbour".into(), sequence: 1, base: None, issued: 1, expires: 9_000_000_000,
//! #     total: 0, foreign: false, keys: vec![], removed: vec![],
//! # };
//! # let (file, signature) = draft.sign(&key)?;
//! # service(&file, signature.as_bytes(), &key.public_key().to_string())?;
//! # Ok::<(), Error>(())
//! ```
#![forbid(unsafe_code)]

mod bundle;
mod decision;
mod endorsement;
mod entry;
mod error;
mod file;
mod ids;
#[cfg(feature = "issue")]
pub mod issue;
mod keys;
pub mod limits;
mod reader;
mod signature;
mod verifier;

pub use bundle::Bundle;
pub use decision::{Decision, Reason, Refused, Valid};
pub use endorsement::Endorsement;
pub use entry::{Access, KeyStatus};
pub use error::{Error, Result};
pub use file::{BundleFile, Header, KeyRecord};
pub use ids::{Handle, TenantId};
pub use signature::PublicKey;
pub use verifier::{Memory, Verifier, unix_seconds};
