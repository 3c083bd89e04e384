//! Keys that a person makes in a vendor's own pages.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::KeyAbout;

#[derive(Debug, Args)]
pub(crate) struct KeyRecord {
    /// Name, as the vendor's page has it
    pub(crate) name: String,
    /// Tenant, by name or id
    #[arg(short, long)]
    pub(crate) tenant: String,
    /// The key as the vendor's page showed it, or the .APIKEY file that it offered; `-` for standard input
    #[arg(long, value_name = "FILE|-")]
    pub(crate) secret_file: PathBuf,
    #[command(flatten)]
    pub(crate) about: KeyAbout,
    /// Do not keep its text in the vault
    #[arg(long)]
    pub(crate) no_keep: bool,
    /// The key that it replaces, by handle, id or unique name
    #[arg(long, value_name = "KEY")]
    pub(crate) succeeds: Option<String>,
    /// How long the replaced key may be used beside it: 24h, 7d, 2027-01-31, or none [default: until it is retired]
    #[arg(long, requires = "succeeds")]
    pub(crate) overlap: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct TenantGuide {
    /// Tenant, by name or id
    pub(crate) tenant: String,
    /// What is to be done there
    #[arg(value_enum, default_value_t = Guided::Create)]
    pub(crate) what: Guided,
    /// Open the page in the browser
    #[arg(long)]
    pub(crate) open: bool,
}

/// What a person does in a vendor's pages.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Guided {
    /// Make a key
    Create,
    /// Change a key
    Update,
    /// End a key
    Revoke,
    /// Make the successor of a key
    Rotate,
}
