use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(["count", "names", "resume", "undo", "unfinished"]))]
pub(crate) struct KeyBatch {
    /// Tenant, by name or id
    #[arg(short, long, required_unless_present_any = ["resume", "undo", "unfinished"])]
    pub(crate) tenant: Option<String>,
    /// How many keys: 1 to 1000000
    #[arg(long, requires = "name")]
    pub(crate) count: Option<u32>,
    /// Names with a number in them, such as device-{n:05} for a number of five digits
    #[arg(long, value_name = "PATTERN", requires = "count")]
    pub(crate) name: Option<String>,
    /// A CSV file of names: the column name and, if they are there, description, owner and recipient
    #[arg(long, value_name = "FILE")]
    pub(crate) names: Option<PathBuf>,
    /// What they are for
    #[arg(long, default_value = "", hide_default_value = true)]
    pub(crate) description: String,
    /// Who they belong to [default: you]
    #[arg(long)]
    pub(crate) owner: Option<String>,
    /// An API set that they may use; once for each
    #[arg(long = "api-set", value_name = "ID")]
    pub(crate) api_sets: Vec<String>,
    /// The organization they belong to, by identifier or name, where the tenant has them
    #[arg(long)]
    pub(crate) organization: Option<String>,
    /// A user group they belong to, by identifier or name; once for each
    #[arg(long = "group", value_name = "GROUP")]
    pub(crate) groups: Vec<String>,
    /// What they are filed under; once for each
    #[arg(long = "tag", value_name = "TAG")]
    pub(crate) tags: Vec<String>,
    /// When they end: 90d, 2027-01-31 or never [default: never, or the tenant's ceiling]
    #[arg(long)]
    pub(crate) expires: Option<String>,
    /// What the keys are written to
    #[arg(long, value_enum, default_value_t = BatchFormat::Csv)]
    pub(crate) format: BatchFormat,
    /// The new file or folder, readable by you alone
    #[arg(long, value_name = "FILE", required_unless_present_any = ["resume", "undo", "unfinished"])]
    pub(crate) out: Option<PathBuf>,
    /// Seal it with age for this public key; once for each
    #[arg(long = "recipient", value_name = "age1…")]
    pub(crate) recipients: Vec<String>,
    /// Go on with a batch that was interrupted: the one with this id, or the only one
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "")]
    pub(crate) resume: Option<String>,
    /// Take a batch back that was interrupted: the one with this id, or the only one
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "")]
    pub(crate) undo: Option<String>,
    /// List the batches that were interrupted
    #[arg(long)]
    pub(crate) unfinished: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum BatchFormat {
    /// One CSV file, a line for each key
    Csv,
    /// A folder with an .APIKEY file for each key
    Folder,
}
