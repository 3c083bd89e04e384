//! Rules of keys and tenants.
//!
//! **Architecture invariant:** nothing here knows a database, a network, a keychain, a clock or a window. The
//! present moment and randomness are arguments.

pub mod access;
pub mod api_set;
pub mod batch;
pub mod bundle;
pub mod conventions;
pub mod event;
pub mod expiry;
pub mod field;
pub mod gap;
pub mod id;
pub mod key;
pub mod key_format;
pub mod organization;
pub mod overlap;
pub mod policy;
pub mod reminder;
pub mod remote;
pub mod secret;
pub mod spreadsheet;
pub mod strength;
pub mod template;
pub mod tenant;
pub mod text;
