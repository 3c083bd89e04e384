//! The binary as scripts and people meet it: arguments in, text, files and exit status out.
#![allow(clippy::unwrap_used, reason = "a test")]

mod bad_input;
mod batch;
mod bulk;
mod bundle;
mod bundle_codes;
mod catalogue;
#[path = "../../../connectors/tests/servers/support/certificates.rs"]
#[allow(dead_code, unreachable_pub, reason = "the servers of the connectors need more of them")]
mod certificates;
mod clipboard;
mod connection;
mod connector;
mod database;
mod desk;
mod disk;
mod documenso;
mod gate;
mod guided;
mod http;
mod import;
mod journey;
mod keychain;
mod keychain_kill;
mod kill;
mod leaks;
mod main_job;
mod network;
mod policy;
mod printed;
mod proxy;
mod refresh;
mod rekey;
mod remote;
mod rotate;
mod run;
mod side_by_side;
mod templates;
mod terminal;
mod tls;
mod vendor;
mod waiting;
