//! Connectors: how vendors' servers are spoken to.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Sure;

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
    Try(ConnectorTry),
}

#[derive(Debug, Args)]
pub(crate) struct ConnectorTry {
    /// Identifier
    pub(crate) id: String,
    /// The server's address
    #[arg(long)]
    pub(crate) url: String,
    /// What else belongs to the address; once for each
    #[arg(long = "option", value_name = "ID=VALUE")]
    pub(crate) options: Vec<String>,
    /// The first credential that the connector asks for; `-` for standard input
    #[arg(long, value_name = "FILE|-")]
    pub(crate) credential_file: Option<PathBuf>,
    /// A further credential; once for each
    #[arg(long = "credential", value_name = "ID=FILE")]
    pub(crate) credentials: Vec<String>,
    /// Allow plain HTTP to another computer
    #[arg(long)]
    pub(crate) plain_http: bool,
}
