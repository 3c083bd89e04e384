//! Remote tenants: how a vendor's server is spoken to.
//!
//! A vendor is a [`Manifest`](manifest::Manifest): data that says which requests there are, how answers are read and
//! what the vendor cannot do. [`HttpsConnectors`] follows it, [`transport`] is the only place of the program that opens a socket
//! of its own. Nothing here knows a vendor by name.

pub mod answer;
mod certificates;
mod check;
mod client;
mod cookies;
mod failure;
mod guided;
pub mod manifest;
mod paging;
pub mod request;
mod session;
mod shelf;
pub mod transport;

pub use client::HttpsConnectors;
