//! Writing and signing bundles: for issuers.
//!
//! ```
//! use std::sync::Arc;
//! use latchkey_verify::issue::{Draft, DraftKey, SigningKey};
//! use latchkey_verify::{Access, Decision, Handle, KeyStatus, Memory, TenantId, Verifier};
//! use sha2::{Digest, Sha256};
//!
//! let text = "lk_8fK2pQ7z_00000000000000000000000000000000000000000002tygEN";
//! let key = DraftKey {
//!     handle: Handle::new("8fK2pQ7z").unwrap(),
//!     digest: Sha256::digest(text).into(),
//!     access: Arc::new(Access { api_sets: vec!["Billing".into()], ..Access::default() }),
//!     not_before: None,
//!     expires: None,
//!     status: KeyStatus::Active,
//! };
//! let draft = Draft {
//!     tenant: TenantId([7; 16]),
//!     name: "Harbour".into(),
//!     sequence: 42,
//!     base: None,
//!     issued: 1_795_000_000,
//!     expires: 1_797_000_000,
//!     total: 1,
//!     foreign: false,
//!     keys: vec![key],
//!     removed: vec![],
//! };
//! let signing_key = SigningKey::from_seed(&[1; 32]);
//! let (file, signature) = draft.sign(&signing_key)?;
//!
//! let verifier = Verifier::open(Memory::new(signing_key.public_key()), &file, signature.as_bytes())?;
//! let Decision::Valid(valid) = verifier.decide(text, 1_796_000_000)? else { panic!("it is valid") };
//! assert!(valid.access.allows("Billing"));
//! # Ok::<(), latchkey_verify::Error>(())
//! ```

mod draft;
mod signing;
mod writer;

pub use draft::{Draft, DraftKey};
pub use signing::SigningKey;
pub use writer::Writer;
