//! Connectors: how vendors' servers are spoken to.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{SigningIn, Sure};

#[derive(Debug, Subcommand)]
pub(crate) enum Connector {
    /// List the connectors of the program and your own
    List,
    /// Show what a vendor's server can do, and what to know before trusting it
    Show {
        /// Identifier
        id: String,
    },
    /// Read a manifest of your own and say what is wrong with it, with the line
    Check {
        /// The manifest, JSON
        file: PathBuf,
    },
    /// Take a copy of a manifest among your own, in place of one with its identifier
    Add {
        /// The manifest, JSON
        file: PathBuf,
    },
    /// Remove a connector of your own
    Remove {
        /// Identifier
        id: String,
        #[command(flatten)]
        sure: Sure,
    },
    /// Ask a server through a connector, and change nothing there
    ///
    /// Lists the API sets and the first keys. Where the vendor lists none, the key on standard input is checked: the
    /// exit status is 3 where the server does not accept it.
    Try(Box<ConnectorTry>),
}

#[derive(Debug, Args)]
pub(crate) struct ConnectorTry {
    /// Identifier
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) site: RemoteSite,
    #[command(flatten)]
    pub(crate) way: RemoteWay,
    #[command(flatten)]
    pub(crate) signing_in: SigningIn,
}

/// A server and who asks there.
#[derive(Debug, Args)]
pub(crate) struct RemoteSite {
    /// The server's address
    #[arg(long)]
    pub(crate) url: Option<String>,
    /// What else belongs to the address; once for each
    #[arg(long = "option", value_name = "ID=VALUE", requires = "url")]
    pub(crate) options: Vec<String>,
    #[command(flatten)]
    pub(crate) credentials: RemoteCredentials,
    /// Allow plain HTTP to another computer
    #[arg(long, requires = "url")]
    pub(crate) plain_http: bool,
}

/// What a server is asked with.
#[derive(Debug, Args)]
pub(crate) struct RemoteCredentials {
    /// The first credential that the connector asks for; `-` for standard input
    #[arg(long, value_name = "FILE|-")]
    pub(crate) credential_file: Option<PathBuf>,
    /// A further credential; once for each
    #[arg(long = "credential", value_name = "ID=FILE")]
    pub(crate) credentials: Vec<String>,
}

/// The way to a server.
#[derive(Debug, Args)]
pub(crate) struct RemoteWay {
    /// Trust the authorities in this PEM file, too; `none` for the system's alone
    #[arg(long, value_name = "FILE|none")]
    pub(crate) ca: Option<PathBuf>,
    /// Show this client certificate; the PEM file has its key, too; a tenant's goes into the vault
    #[arg(long, value_name = "FILE|none")]
    pub(crate) client_certificate: Option<PathBuf>,
    /// The proxy: the system's, none, or an address such as `http://proxy.example.com:3128`
    #[arg(long, value_name = "system|none|URL")]
    pub(crate) proxy: Option<String>,
    /// A file with the user and the password for that proxy, as user:password; `-` for standard input
    #[arg(long, value_name = "FILE|-", requires = "proxy")]
    pub(crate) proxy_credential: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct TenantConnection {
    /// Tenant, by name or id
    pub(crate) tenant: String,
    /// Another address
    #[arg(long)]
    pub(crate) url: Option<String>,
    /// What else belongs to the address; once for each, the others stay
    #[arg(long = "option", value_name = "ID=VALUE")]
    pub(crate) options: Vec<String>,
    #[command(flatten)]
    pub(crate) credentials: RemoteCredentials,
    /// Send the stored credential to another server, too, where the address leads to one
    #[arg(long)]
    pub(crate) keep_credential: bool,
    #[command(flatten)]
    pub(crate) way: RemoteWay,
    /// Whether plain HTTP may be spoken to another computer
    #[arg(long, value_name = "yes|no", value_parser = yes_or_no)]
    pub(crate) plain_http: Option<bool>,
}

fn yes_or_no(text: &str) -> Result<bool, &'static str> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("it is yes or no"),
    }
}
