//! Organizations and user groups, which tenants of some templates have.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum Organization {
    /// List the organizations of a tenant
    List {
        /// Tenant, by name or id
        #[arg(short, long)]
        tenant: String,
    },
    /// Add an organization; from the first one on, every new key belongs to one
    Add(OrganizationAdd),
    /// Change the name of an organization, or the most that its keys can do
    Edit(OrganizationEdit),
    /// Remove an organization that no key belongs to
    Remove {
        /// Tenant, by name or id
        #[arg(short, long)]
        tenant: String,
        /// Identifier
        id: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct OrganizationAdd {
    /// Tenant, by name or id
    #[arg(short, long)]
    pub(crate) tenant: String,
    /// What people call it
    pub(crate) name: String,
    /// Identifier: letters, digits and . _ - : * / [default: made from the name]
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// A permission that its keys can have at most; once for each [default: all]
    #[arg(long = "permission", value_name = "ID")]
    pub(crate) permissions: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct OrganizationEdit {
    /// Tenant, by name or id
    #[arg(short, long)]
    pub(crate) tenant: String,
    /// Identifier
    pub(crate) id: String,
    /// New name
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// All the permissions that its keys can have from now on; once for each
    #[arg(long = "permission", value_name = "ID", conflicts_with = "all_permissions")]
    pub(crate) permissions: Vec<String>,
    /// Its keys can have all permissions
    #[arg(long)]
    pub(crate) all_permissions: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Group {
    /// List the user groups of a tenant
    List {
        /// Tenant, by name or id
        #[arg(short, long)]
        tenant: String,
    },
    /// Add a user group; from the first one on, every new key belongs to one or more
    Add(GroupAdd),
    /// Change the name or the permissions of a user group, at once for all its keys
    Edit(GroupEdit),
    /// Remove a user group that no key belongs to
    Remove {
        /// Tenant, by name or id
        #[arg(short, long)]
        tenant: String,
        /// Identifier
        id: String,
    },
}

#[derive(Debug, Args)]
pub(crate) struct GroupAdd {
    /// Tenant, by name or id
    #[arg(short, long)]
    pub(crate) tenant: String,
    /// What people call it
    pub(crate) name: String,
    /// Identifier: letters, digits and . _ - : * / [default: made from the name]
    #[arg(long)]
    pub(crate) id: Option<String>,
    /// A permission that it carries; once for each
    #[arg(long = "permission", value_name = "ID")]
    pub(crate) permissions: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct GroupEdit {
    /// Tenant, by name or id
    #[arg(short, long)]
    pub(crate) tenant: String,
    /// Identifier
    pub(crate) id: String,
    /// New name
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// All the permissions that it carries from now on; once for each
    #[arg(long = "permission", value_name = "ID", conflicts_with = "no_permissions")]
    pub(crate) permissions: Vec<String>,
    /// Take all permissions from it
    #[arg(long)]
    pub(crate) no_permissions: bool,
}
