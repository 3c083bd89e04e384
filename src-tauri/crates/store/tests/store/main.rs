//! The store behind its port, on real files.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

mod api_set;
mod batch;
mod bundle;
mod change;
mod event;
mod file;
mod fixture;
mod journal;
mod key;
mod organization;
mod page;
mod profile;
mod rotation;
mod search;
mod tenant;
mod transaction;
mod turn;
