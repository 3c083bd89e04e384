//! The binary as scripts and people meet it: arguments in, text, files and exit status out.
#![allow(clippy::unwrap_used, reason = "a test")]

mod bad_input;
mod batch;
mod bulk;
mod catalogue;
mod clipboard;
mod connector;
mod database;
mod desk;
mod disk;
mod documenso;
mod http;
mod import;
mod keychain;
mod keychain_kill;
mod kill;
mod leaks;
mod main_job;
mod policy;
mod printed;
mod remote;
mod rotate;
mod run;
mod side_by_side;
mod templates;
mod terminal;
mod vendor;
