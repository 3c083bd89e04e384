//! The shape of the command line. It is a contract: names and options do not change without a reason.

mod batch;
mod bundle;
mod connector;
mod gate;
pub(crate) mod import;
mod key;
mod organization;
mod record;
mod selection;
mod sign_in;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(crate) use batch::{BatchFormat, KeyBatch};
pub(crate) use bundle::{Bundle, BundleExport, BundleReceive, RotateKey, Verify};
pub(crate) use connector::{Connector, ConnectorTry, RemoteCredentials, RemoteSite, RemoteWay, TenantConnection};
pub(crate) use gate::{Gate, ProxyKind};
pub(crate) use key::{Key, KeyAbout, KeyEdit, KeyEnd, KeyFilter, KeyList, KeyNew, KeyRotate, Place, Sort, Status};
pub(crate) use organization::{Group, Organization};
pub(crate) use record::{Guided, KeyRecord, TenantGuide};
pub(crate) use selection::{KeyExtend, KeyRevoke, KeyTag, Selection};
pub(crate) use sign_in::{Answers, SigningIn};

/// A key manager for administrators: issues API keys, and knows everything of them but the secret.
#[derive(Debug, Parser)]
#[command(name = "latchkey", version, max_term_width = 100, color = clap::ColorChoice::Never)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Global {
    /// The profile folder [default: the platform's data folder]
    #[arg(long, global = true, value_name = "DIR", env = latchkey_profile::HOME_VARIABLE, hide_env_values = true)]
    pub(crate) home: Option<PathBuf>,
    /// Print one JSON document on standard output
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Use no network: what needs one fails before a socket is opened
    #[arg(long, global = true)]
    pub(crate) offline: bool,
    /// Read the passphrase of a passphrase vault from this file
    #[arg(long, global = true, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a profile and choose its vault
    Init {
        /// Where kept secrets lie
        #[arg(long, value_enum, default_value_t = VaultChoice::Keychain)]
        vault: VaultChoice,
    },
    /// Places that keys belong to
    #[command(subcommand)]
    Tenant(Tenant),
    /// What keys of a tenant may use
    #[command(subcommand)]
    ApiSet(ApiSet),
    /// Organizations, for tenants whose keys belong to one
    #[command(subcommand)]
    Organization(Organization),
    /// User groups, for tenants whose keys have permissions by them
    #[command(subcommand)]
    Group(Group),
    /// API keys
    #[command(subcommand)]
    Key(Box<Key>),
    /// Decide whether a tenant accepts the key on standard input
    Verify(Verify),
    /// Signed files from which services check keys, offline
    #[command(subcommand)]
    Bundle(Bundle),
    /// Tell a reverse proxy which keys may pass, by a verifier bundle
    ///
    /// Answers nginx's `auth_request`, Traefik's and Caddy's `forward_auth` and Envoy's `ext_authz` over HTTP. Needs no
    /// profile. Takes a newer bundle over while it runs, and ends with SIGTERM.
    Gate(Box<Gate>),
    /// Run a program with kept secrets in its environment, masked in what it prints
    ///
    /// The secrets are in the environment of the program and nowhere else. What it prints comes through a pipe, so
    /// that they can be masked: programs that look whether they print to a terminal will say no.
    Run {
        /// A variable and the key whose secret it gets
        #[arg(long = "env", value_name = "NAME=KEY", required = true)]
        env: Vec<String>,
        /// The program and its arguments
        #[arg(last = true, required = true, value_name = "COMMAND")]
        command: Vec<std::ffi::OsString>,
    },
    /// Take keys that exist elsewhere into the list
    ///
    /// Shows first what becomes of each entry of the file. A key that a person may have chosen, or that has under 128
    /// random bits, is stored under a slow digest and marked as weak.
    Import(import::Import),
    /// How vendors' servers are spoken to
    #[command(subcommand)]
    Connector(Connector),
    /// Who did what, when and why
    #[command(subcommand)]
    Audit(Audit),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum VaultChoice {
    /// The operating system's keychain
    Keychain,
    /// An encrypted file in the profile folder
    Passphrase,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Tenant {
    /// Add a tenant
    Add {
        /// Name
        name: String,
        /// This computer is the authority
        #[arg(
            long,
            required_unless_present = "remote",
            conflicts_with_all = ["remote", "ca", "client_certificate", "proxy"]
        )]
        local: bool,
        /// A vendor's server is, reached through this connector
        #[arg(long, value_name = "CONNECTOR", requires = "url", conflicts_with_all = ["template", "prefix"])]
        remote: Option<String>,
        #[command(flatten)]
        site: Box<RemoteSite>,
        #[command(flatten)]
        signing_in: Box<SigningIn>,
        #[command(flatten)]
        way: Box<RemoteWay>,
        /// What it starts from: a name of `tenant templates`, or a file [default: blank]
        #[arg(long, value_name = "TEMPLATE|FILE")]
        template: Option<String>,
        /// What its keys begin with: 1 to 16 lower-case letters and digits [default: the template's]
        #[arg(long)]
        prefix: Option<String>,
    },
    /// List the templates that a tenant can start from
    Templates,
    /// Save a tenant, without its keys, as a template of your own
    SaveTemplate {
        /// Tenant, by name or id
        tenant: String,
        /// The new file
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Ask a remote tenant's server for its keys
    Sync {
        /// Tenant, by name or id
        #[arg(required_unless_present = "all", conflicts_with = "all")]
        tenant: Option<String>,
        /// Ask those of all remote tenants, several at once
        #[arg(long)]
        all: bool,
    },
    /// List the keys that a remote tenant's server was asked for and whose answers are lost
    Unanswered {
        /// Tenant, by name or id
        tenant: String,
    },
    /// Look no longer for a key whose answer is lost
    ///
    /// For where the server's own pages show what became of it, and its list does not. Its name can be asked for again.
    GiveUp {
        /// Tenant, by name or id
        tenant: String,
        /// The key's name
        name: String,
    },
    /// Give a remote tenant another credential
    Credential {
        /// Tenant, by name or id
        tenant: String,
        #[command(flatten)]
        credentials: RemoteCredentials,
    },
    /// Sign in to a remote tenant's server, where its connector wants that
    SignIn {
        /// Tenant, by name or id
        tenant: String,
        #[command(flatten)]
        answers: Box<Answers>,
    },
    /// End the session with a remote tenant's server, and forget it
    SignOut {
        /// Tenant, by name or id
        tenant: String,
    },
    /// Say what is done in the pages of a remote tenant's vendor, step by step
    Guide(TenantGuide),
    /// Show how a remote tenant's server is reached, or change it
    ///
    /// Without an option it shows. The server is not asked: `tenant sync` does that.
    Connection(Box<TenantConnection>),
    /// List the tenants
    List,
    /// Show a tenant, its policy and the pattern that finds its keys
    Show {
        /// Tenant, by name or id
        tenant: String,
    },
    /// List the keys in use that do not meet the tenant's policy
    ///
    /// The exit status is 3 where there are any.
    Check {
        /// Tenant, by name or id
        tenant: String,
    },
    /// Change a tenant
    Edit(TenantEdit),
    /// Remove a tenant whose keys are all out of use
    Remove {
        /// Tenant, by name or id
        tenant: String,
        #[command(flatten)]
        sure: Sure,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct TenantEdit {
    /// Tenant, by name or id
    pub(crate) tenant: String,
    #[command(flatten)]
    pub(crate) changes: TenantChanges,
}

#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = true)]
pub(crate) struct TenantChanges {
    /// New name
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// New prefix, for keys made from now on
    #[arg(long)]
    pub(crate) prefix: Option<String>,
    /// New key format, for keys made from now on
    #[arg(long, value_enum)]
    pub(crate) format: Option<Format>,
    /// Longest lifetime of a key in days, or none
    #[arg(long, value_name = "DAYS|none")]
    pub(crate) max_lifetime: Option<String>,
    /// Whether a key may be without an end
    #[arg(long, value_name = "true|false")]
    pub(crate) allow_never: Option<bool>,
    /// When a new key ends unless somebody says otherwise: days such as 90d, never, or none for no default
    #[arg(long, value_name = "DAYS|never|none")]
    pub(crate) default_expires: Option<String>,
    /// Whether a key needs an API set
    #[arg(long, value_name = "true|false")]
    pub(crate) require_api_set: Option<bool>,
    /// Whether no two keys in use may have the same name
    #[arg(long, value_name = "true|false")]
    pub(crate) unique_names: Option<bool>,
    /// Whether operators generate keys for nobody but themselves
    #[arg(long, value_name = "true|false")]
    pub(crate) own_keys_only: Option<bool>,
    /// Whether secrets may be kept in the vault
    #[arg(long, value_enum)]
    pub(crate) keep: Option<Keeping>,
    /// How many days before its end a key counts as expiring
    #[arg(long, value_name = "DAYS")]
    pub(crate) warning_days: Option<u32>,
    /// After how many days a key is due for rotation, or none
    #[arg(long, value_name = "DAYS|none")]
    pub(crate) rotate_after: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// Prefix, handle, secret and checksum
    Latchkey,
    /// 32 hexadecimal digits
    Hex32,
    /// `sk-` and 64 hexadecimal digits
    SkHex64,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Keeping {
    /// When the operator asks for it
    Offer,
    /// Unless the operator refuses
    Default,
    /// Never
    Forbid,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ApiSet {
    /// List the API sets of a tenant
    List {
        /// Tenant, by name or id
        #[arg(short, long)]
        tenant: String,
    },
    /// Add an API set
    Add(ApiSetDraft),
    /// Change the name, the group or the description of an API set
    Edit(ApiSetDraft),
    /// Take an API set out of what new keys can choose; keys that have it keep it
    Retire(ApiSetId),
    /// Let new keys choose a retired API set again
    Restore(ApiSetId),
    /// Add and change API sets from a file, JSON or CSV; what it does not name stays
    Import {
        /// Tenant, by name or id
        #[arg(short, long)]
        tenant: String,
        /// The file; it is taken whole or not at all
        file: PathBuf,
        /// Only say what would be done
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        sure: Sure,
    },
    /// Write the API sets of a tenant into a new file
    Export {
        /// Tenant, by name or id
        #[arg(short, long)]
        tenant: String,
        /// The file; its ending says in which form
        #[arg(long, value_name = "FILE.json|FILE.csv")]
        out: PathBuf,
    },
    /// Remove an API set that no key uses
    Remove(ApiSetId),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ApiSetId {
    /// Tenant, by name or id
    #[arg(short, long)]
    pub(crate) tenant: String,
    /// Identifier
    pub(crate) id: String,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ApiSetDraft {
    /// Tenant, by name or id
    #[arg(short, long)]
    pub(crate) tenant: String,
    /// Identifier: letters, digits and . _ - : * /
    pub(crate) id: String,
    /// What people call it; nothing for the identifier
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// The heading it stands under; nothing for none
    #[arg(long)]
    pub(crate) group: Option<String>,
    /// What it opens, in words
    #[arg(long)]
    pub(crate) description: Option<String>,
}

#[derive(Debug, Clone, Copy, ClapArgs)]
pub(crate) struct Sure {
    /// Do not ask
    #[arg(short, long)]
    pub(crate) yes: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Audit {
    /// List what happened, newest first
    List {
        /// Not before this: 7d, 2026-11-01 or an RFC 3339 moment
        #[arg(long)]
        since: Option<String>,
        /// At most so many lines
        #[arg(long, default_value_t = 1_000)]
        limit: u32,
    },
}
