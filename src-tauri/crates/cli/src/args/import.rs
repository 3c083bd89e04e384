use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{KeyFilter, Sure};

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// A .env, CSV or .APIKEY file of at most 16 MiB; - for standard input
    pub(crate) file: PathBuf,
    /// Tenant, by name or id
    #[arg(short, long)]
    pub(crate) tenant: String,
    /// How it is written [default: what its name and content look like]
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// Show what would happen, and do nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Import entries too that do not look like keys, and every word that may be the key of an .APIKEY file
    #[arg(long)]
    pub(crate) all: bool,
    /// Keep the secrets in the vault; `key copy` and `run` can use them then
    #[arg(long)]
    pub(crate) keep: bool,
    /// An API set that they may use; once for each
    #[arg(long = "api-set", value_name = "ID")]
    pub(crate) api_sets: Vec<String>,
    /// The organization they belong to, by identifier or name, where the tenant has them
    #[arg(long)]
    pub(crate) organization: Option<String>,
    /// A user group they belong to, by identifier or name; once for each
    #[arg(long = "group", value_name = "GROUP")]
    pub(crate) groups: Vec<String>,
    /// Who they belong to where the file does not say [default: you]
    #[arg(long)]
    pub(crate) owner: Option<String>,
    /// What they are filed under; once for each
    #[arg(long = "tag", value_name = "TAG")]
    pub(crate) tags: Vec<String>,
    /// When they end: 90d, 2027-01-31 or never [default: never, or the tenant's ceiling]
    #[arg(long)]
    pub(crate) expires: Option<String>,
    #[command(flatten)]
    pub(crate) sure: Sure,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// NAME=value, one a line
    Env,
    /// A table with a heading
    Csv,
    /// One key, with or without words around it
    Apikey,
}

#[derive(Debug, Args)]
pub(crate) struct KeyExport {
    /// Only these keys, by handle, id or unique name [default: all that the filters find]
    #[arg(value_name = "KEY", conflicts_with_all = ["tenant", "search", "status", "api_set", "owner", "sort"])]
    pub(crate) keys: Vec<String>,
    #[command(flatten)]
    pub(crate) filter: KeyFilter,
    /// Write to this new file, readable by you alone
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
}
