use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Sure;

#[derive(Debug, Subcommand)]
pub(crate) enum Bundle {
    /// Write a signed bundle of a local tenant, and its signature beside it
    ///
    /// It has no secret, and may be carried by any means. An older bundle of the tenant gives its place to the new one.
    /// The first export makes the tenant's signing key in the vault.
    Export(BundleExport),
    /// Put a bundle together out of QR codes that were scanned
    ///
    /// Reads the texts of the codes from standard input, one a line, in any order and with repeats, as a scanner prints them
    /// (`zbarcam --raw | latchkey bundle receive --out harbour.bundle`). Ends when all have come. Needs no profile.
    Receive(BundleReceive),
    /// Say what a bundle says of itself
    ///
    /// Needs no profile.
    Inspect {
        /// The bundle
        file: PathBuf,
        /// Check its signature with this public key, text or file
        #[arg(long, value_name = "KEY")]
        public_key: Option<String>,
    },
    /// Print what services are told, so that they believe a tenant's bundles
    ///
    /// It is minisign's public key, two lines, to be kept as a file. The first asking makes the key; its secret half lies
    /// in the vault. The fingerprint, for people to compare, goes to standard error.
    PublicKey {
        /// Tenant, by name or id
        #[arg(short, long)]
        tenant: String,
    },
    /// Give a tenant a new signing key, which the old one endorses
    ///
    /// The endorsement is a file with a signature beside it. Services that have it believe the new key, and the old one no more.
    /// The first bundle after it has to be a full one.
    RotateKey(RotateKey),
    /// List the signing keys of before, or write an endorsement again
    Endorsement {
        /// Tenant, by name or id
        #[arg(short, long)]
        tenant: String,
        /// Write it to this file; its signature goes into FILE.minisig
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
        /// The endorsement that the key of this number signed [default: the newest]
        #[arg(long, value_name = "NUMBER", requires = "out")]
        by: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RotateKey {
    /// Tenant, by name or id
    #[arg(short, long)]
    pub(crate) tenant: String,
    /// The endorsement; its signature goes into FILE.minisig
    #[arg(long, value_name = "FILE", required_unless_present = "lost", conflicts_with = "lost")]
    pub(crate) out: Option<PathBuf>,
    /// Without an endorsement, since the old key is lost: each service has to be given the new public key by hand
    #[arg(long)]
    pub(crate) lost: bool,
    /// Why, for the audit log
    #[arg(long)]
    pub(crate) reason: Option<String>,
    #[command(flatten)]
    pub(crate) sure: Sure,
}

#[derive(Debug, Args)]
pub(crate) struct BundleExport {
    /// Tenant, by name or id
    #[arg(short, long)]
    pub(crate) tenant: String,
    /// The bundle; its signature goes into FILE.minisig
    #[arg(long, value_name = "FILE", required_unless_present = "qr")]
    pub(crate) out: Option<PathBuf>,
    /// Print it as QR codes, with its signature; for bundles of at most 16 KiB
    #[arg(long)]
    pub(crate) qr: bool,
    /// Only what has changed since the bundle of this sequence
    #[arg(long, value_name = "SEQUENCE")]
    pub(crate) since: Option<u64>,
    /// Raise the sequence over that of this bundle, the newest that services have: after a backup was put back
    #[arg(long, value_name = "FILE", conflicts_with_all = ["since", "above"])]
    pub(crate) after: Option<PathBuf>,
    /// Raise the sequence over this number, the highest that services have: after a backup was put back
    #[arg(long, value_name = "SEQUENCE", conflicts_with = "since")]
    pub(crate) above: Option<u64>,
    /// How long it is good for, such as 12h or 90d [default: 35d]
    #[arg(long, value_name = "TIME")]
    pub(crate) valid_for: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct BundleReceive {
    /// The bundle; its signature goes into FILE.minisig
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Write nothing that is not signed with this public key, text or file
    #[arg(long, value_name = "KEY")]
    pub(crate) public_key: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Tenant, by name or id
    #[arg(short, long, required_unless_present = "bundle", conflicts_with = "bundle")]
    pub(crate) tenant: Option<String>,
    /// Decide by this bundle alone, which needs no profile; its signature lies beside it
    #[arg(long, value_name = "FILE", requires = "public_key")]
    pub(crate) bundle: Option<PathBuf>,
    /// The tenant's public key, text or file
    #[arg(long, value_name = "KEY", requires = "bundle")]
    pub(crate) public_key: Option<String>,
    /// That the key which was believed endorsed the next one; several in their order [default: FILE.endorsement]
    #[arg(long, value_name = "FILE", requires = "bundle")]
    pub(crate) endorsement: Vec<PathBuf>,
    /// Remember in this file what was seen, and refuse older bundles from then on
    #[arg(long, value_name = "FILE", requires = "bundle")]
    pub(crate) state: Option<PathBuf>,
    /// Decide as of this moment: 2026-11-01 or an RFC 3339 moment
    #[arg(long, value_name = "MOMENT", requires = "bundle")]
    pub(crate) at: Option<String>,
}
