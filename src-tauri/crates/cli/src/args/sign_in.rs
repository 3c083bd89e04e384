//! Signing in to a remote tenant's server.

use std::path::PathBuf;

use clap::Args;

/// What has to be accepted, and what is asked to sign in.
#[derive(Debug, Args)]
pub(crate) struct SigningIn {
    /// Accept what `connector show` says with Caution
    #[arg(long)]
    pub(crate) accept_caution: bool,
    #[command(flatten)]
    pub(crate) answers: Answers,
}

/// What the connector asks to sign in. What is left out is asked for where somebody sits at the terminal.
#[derive(Debug, Args)]
pub(crate) struct Answers {
    /// E-mail address to sign in with
    #[arg(long)]
    pub(crate) email: Option<String>,
    /// Password to sign in with; `-` for standard input
    #[arg(long, value_name = "FILE|-")]
    pub(crate) password_file: Option<PathBuf>,
    /// One-time code to sign in with
    #[arg(long, value_name = "FILE|-")]
    pub(crate) code_file: Option<PathBuf>,
    /// The answer to another question of the connector; once for each
    #[arg(long = "answer", value_name = "ID=VALUE")]
    pub(crate) texts: Vec<String>,
    /// A secret answer to another question; once for each
    #[arg(long = "answer-file", value_name = "ID=FILE|-")]
    pub(crate) files: Vec<String>,
}
