//! The gate over real HTTP, on loopback: alone, and behind the nginx of Debian.
#![allow(clippy::unwrap_used, reason = "a test")]

mod client;
mod endorsements;
mod files;
mod harbour;
mod nginx;
mod proxy;
mod requests;
mod running;
