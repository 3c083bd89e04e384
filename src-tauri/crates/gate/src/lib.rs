//! `latchkey gate`: tells a reverse proxy whether a request may pass, by the API key in it and a verifier bundle.
//!
//! nginx asks with `auth_request`, Traefik and Caddy with `forward_auth`, Envoy with `ext_authz`: all of them send the head
//! of a request over HTTP/1.1 and look at the status. `docs/gate.md` is for those who run it.
//!
//! It trusts the proxy to say which path was asked for, and nobody else: [`Proxy`] names the one place where that stands.

mod admin;
mod answer;
mod config;
mod credential;
mod files;
mod journal;
mod metrics;
mod path;
mod server;
mod shared;
mod state;
mod watch;

pub use config::{Config, GateError, Proxy};
pub use hyper::header::HeaderName;
pub use path::{Ambiguous, Requirement, RequirementError, Requirements};
pub use server::{Gate, Stop};
