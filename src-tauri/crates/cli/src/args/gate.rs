use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct Gate {
    /// The verifier bundle; its signature is FILE.minisig, a delta may be at FILE.delta
    #[arg(long, value_name = "FILE")]
    pub(crate) bundle: PathBuf,
    /// The tenant's public key, as minisign's text or a file
    #[arg(long, value_name = "KEY")]
    pub(crate) public_key: String,
    /// That the key which was believed endorsed the next one; several in their order [default: FILE.endorsement]
    #[arg(long, value_name = "FILE")]
    pub(crate) endorsement: Vec<PathBuf>,
    /// Where proxies ask; port 0 for any
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) listen: SocketAddr,
    /// Where health and metrics are: /-/health and /-/metrics
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub(crate) admin: Option<SocketAddr>,
    /// Keep in this file which bundle was seen last, so that no start believes an older one
    #[arg(long, value_name = "FILE")]
    pub(crate) state: Option<PathBuf>,
    /// Who asks: says where the path stands that the client asked for
    #[arg(long, value_enum)]
    pub(crate) proxy: Option<ProxyKind>,
    /// What Envoy puts before the path (its `path_prefix`)
    #[arg(long, value_name = "PATH", requires = "proxy", default_value = "", hide_default_value = true)]
    pub(crate) prefix: String,
    /// Ask keys for an API set under a path; the longest path counts
    #[arg(long = "require", value_name = "PATH=API SET", requires = "proxy")]
    pub(crate) require: Vec<String>,
    /// Take the key from this header as well
    #[arg(long, value_name = "NAME")]
    pub(crate) header: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProxyKind {
    /// In X-Original-URI
    Nginx,
    /// In X-Forwarded-Uri
    Traefik,
    /// In X-Forwarded-Uri
    Caddy,
    /// In the path of the question itself
    Envoy,
}
