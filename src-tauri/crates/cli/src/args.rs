//! The shape of the command line. It is a contract: names and options do not change without a reason.

mod batch;

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

pub(crate) use batch::{BatchFormat, KeyBatch};

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
    /// Use no network; this version uses none at all, with or without this option
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
    /// API keys
    #[command(subcommand)]
    Key(Box<Key>),
    /// Decide whether a tenant accepts the key on standard input
    Verify {
        /// Tenant, by name or id
        #[arg(short, long)]
        tenant: String,
    },
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
        #[arg(long, required = true)]
        local: bool,
        /// What it starts from [default: blank]
        #[arg(long)]
        template: Option<String>,
        /// What its keys begin with: 1 to 16 lower-case letters and digits [default: lk]
        #[arg(long)]
        prefix: Option<String>,
    },
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

#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    /// Generate a key
    New(KeyNew),
    /// Generate many keys in one run, and go on with a run that was interrupted
    Batch(KeyBatch),
    /// List keys
    List(KeyList),
    /// Show everything known of a key
    Show {
        /// Key, by handle, id or unique name
        key: String,
    },
    /// Change a key
    Edit(KeyEdit),
    /// Switch a key off until it is enabled
    Disable {
        /// Key, by handle, id or unique name
        key: String,
    },
    /// Switch a key on again
    Enable {
        /// Key, by handle, id or unique name
        key: String,
    },
    /// End a key for good
    Revoke(KeyEnd),
    /// Take a key out of the list
    Delete(KeyEnd),
    /// Put a kept secret on the clipboard for 30 seconds
    Copy {
        /// Key, by handle, id or unique name
        key: String,
    },
}

#[derive(Debug, ClapArgs)]
pub(crate) struct KeyNew {
    /// Tenant, by name or id
    #[arg(short, long)]
    pub(crate) tenant: String,
    /// Name: 3 to 100 characters
    #[arg(long)]
    pub(crate) name: String,
    /// What it is for
    #[arg(long, default_value = "")]
    pub(crate) description: String,
    /// Who it belongs to [default: you]
    #[arg(long)]
    pub(crate) owner: Option<String>,
    /// An API set that it may use; once for each
    #[arg(long = "api-set", value_name = "ID")]
    pub(crate) api_sets: Vec<String>,
    /// What it is filed under; once for each
    #[arg(long = "tag", value_name = "TAG")]
    pub(crate) tags: Vec<String>,
    /// When it ends: 90d, 2027-01-31 or never [default: the tenant's, else never, or its ceiling]
    #[arg(long)]
    pub(crate) expires: Option<String>,
    /// Keep the secret in the vault; `key copy` and `run` can use it then
    #[arg(long, conflicts_with = "no_keep")]
    pub(crate) keep: bool,
    /// Do not keep it, whatever the tenant's policy starts out with
    #[arg(long)]
    pub(crate) no_keep: bool,
    /// Write the key to this new file, readable by you alone
    #[arg(long, value_name = "FILE", conflicts_with = "stdout")]
    pub(crate) out: Option<PathBuf>,
    /// Print the key on standard output
    #[arg(long)]
    pub(crate) stdout: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct KeyList {
    /// Only this tenant's
    #[arg(short, long)]
    pub(crate) tenant: Option<String>,
    /// Words; each must begin a word of the name, description, key, owner, a tag or an API set
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) search: String,
    /// Only this status; once for each
    #[arg(long, value_enum)]
    pub(crate) status: Vec<Status>,
    /// Only keys that may use this API set
    #[arg(long = "api-set", value_name = "ID")]
    pub(crate) api_set: Option<String>,
    /// Only this owner's
    #[arg(long)]
    pub(crate) owner: Option<String>,
    /// Order [default: newest first]
    #[arg(long, value_enum)]
    pub(crate) sort: Option<Sort>,
    /// At most so many [default: all]
    #[arg(long)]
    pub(crate) limit: Option<u32>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Status {
    Active,
    Expiring,
    Expired,
    Disabled,
    Revoked,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Sort {
    /// Newest first
    Created,
    /// By name
    Name,
    /// By owner
    Owner,
    /// The next to end first
    Expires,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct KeyEdit {
    /// Key, by handle, id or unique name
    pub(crate) key: String,
    #[command(flatten)]
    pub(crate) changes: KeyChanges,
}

#[derive(Debug, ClapArgs)]
#[group(required = true, multiple = true)]
pub(crate) struct KeyChanges {
    /// New name
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// New description
    #[arg(long)]
    pub(crate) description: Option<String>,
    /// New owner
    #[arg(long)]
    pub(crate) owner: Option<String>,
    /// All the API sets it may use from now on; once for each
    #[arg(long = "api-set", value_name = "ID", conflicts_with = "no_api_sets")]
    pub(crate) api_sets: Vec<String>,
    /// Take all API sets from it
    #[arg(long)]
    pub(crate) no_api_sets: bool,
    /// All the tags it is filed under from now on; once for each
    #[arg(long = "tag", value_name = "TAG", conflicts_with = "no_tags")]
    pub(crate) tags: Vec<String>,
    /// Take all tags from it
    #[arg(long)]
    pub(crate) no_tags: bool,
    /// New end: 90d, 2027-01-31 or never
    #[arg(long)]
    pub(crate) expires: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct KeyEnd {
    /// Key, by handle, id or unique name
    pub(crate) key: String,
    /// Why, for the audit log
    #[arg(long)]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) sure: Sure,
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
