use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use hyper::header::HeaderName;
use latchkey_verify::{Error, PublicKey};

use crate::path::Requirements;

/// What a gate goes by.
#[derive(Debug, Clone)]
pub struct Config {
    /// The verifier bundle. Its signature is beside it as `FILE.minisig`, a delta may be as `FILE.delta`.
    pub bundle: PathBuf,
    /// Who signs it.
    pub public_key: PublicKey,
    /// By which keys that were believed endorsed the next ones, one after the other. Empty for `FILE.endorsement`.
    pub endorsements: Vec<PathBuf>,
    /// Where the newest bundle that was seen is noted for the next start.
    pub state: Option<PathBuf>,
    /// Where proxies ask.
    pub listen: SocketAddr,
    /// Where health and metrics are. A listener of its own: on the other, each path may be one of the application's.
    pub admin: Option<SocketAddr>,
    /// Who asks. Without it no path is believed.
    pub proxy: Option<Proxy>,
    /// What paths ask for.
    pub requirements: Requirements,
    /// A header that has the key, besides `Authorization` and `X-API-Key`.
    pub header: Option<HeaderName>,
    /// How often the files are looked at.
    pub interval: Duration,
    /// How often a file and a signature that do not fit are looked at again before they are refused: one is replaced
    /// after the other.
    pub patience: u32,
}

/// Who asks, and so where the path stands that the client asked for. Anything else that claims to be one may be the client's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proxy {
    /// In `X-Original-URI`, as `docs/gate/nginx.conf` sets it.
    Nginx,
    /// In `X-Forwarded-Uri`.
    Traefik,
    /// In `X-Forwarded-Uri`.
    Caddy,
    /// In the request's own path, after this.
    Envoy {
        /// Its `path_prefix`; nothing for none.
        prefix: String,
    },
}

/// Why a gate does not start.
#[derive(Debug, thiserror::Error)]
pub enum GateError {
    /// A file cannot be read.
    #[error("could not read {path}: {cause}")]
    Read {
        /// Which one.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// The bundle must not be believed.
    #[error("the bundle {path} must not be believed: {cause} ({code})", code = cause.code())]
    Bundle {
        /// Which one.
        path: PathBuf,
        /// Why.
        cause: Error,
    },
    /// What an earlier run noted cannot be read.
    #[error("the file {0} is not what a gate noted there")]
    State(PathBuf),
    /// The note cannot be written.
    #[error("could not write {path}: {cause}")]
    Note {
        /// Which one.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
    /// Paths cannot be looked at without knowing where they stand.
    #[error("paths ask for API sets, but nothing says which proxy asks")]
    NoProxy,
    /// An address cannot be listened on.
    #[error("could not listen on {address}: {cause}")]
    Listen {
        /// Which one.
        address: SocketAddr,
        /// Why.
        cause: io::Error,
    },
    /// The system gives no threads.
    #[error("could not start: {0}")]
    Start(io::Error),
}
