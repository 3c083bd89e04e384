use serde::{Deserialize, Serialize};

use super::{ErrorBody, SettledRotation};

/// Where secrets are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum VaultKind {
    /// The operating system's keychain.
    Keychain,
    /// A file in the profile folder, encrypted under a passphrase.
    Passphrase,
}

/// What the window has to show first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ProfileState {
    /// Nothing there yet: the first-start page.
    New,
    /// The passphrase vault waits for its passphrase.
    Locked,
    /// The main window.
    Ready,
    /// The profile cannot be opened; [`ProfileView::problem`] says why.
    Broken,
}

/// The profile, its vault and the machine under it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ProfileView {
    /// What to show first.
    pub state: ProfileState,
    /// The profile folder.
    pub home: String,
    /// Who acts.
    pub operator: String,
    /// The program's version.
    pub version: String,
    /// The vault, once chosen.
    pub vault: Option<VaultView>,
    /// Why the keychain cannot be used, when it cannot and matters (first start, or the vault is the keychain).
    pub keychain: Option<KeychainProblem>,
    /// Why the profile cannot be opened, with [`ProfileState::Broken`].
    pub problem: Option<ErrorBody>,
    /// How many half-done operations still wait for the vault.
    pub unfinished: u32,
    /// Rotations that were interrupted before this start, and what became of them at it.
    pub rotations: Vec<SettledRotation>,
    /// How the window looks.
    pub settings: Settings,
}

/// The chosen vault.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct VaultView {
    /// Which one.
    pub kind: VaultKind,
    /// Whether it waits for its passphrase.
    pub locked: bool,
}

/// Why the keychain cannot be used.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct KeychainProblem {
    /// The failure, with what to do.
    pub error: ErrorBody,
}

/// Light, dark or as the system has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Appearance {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// What the operator can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(default)]
pub struct Settings {
    /// Light or dark.
    pub appearance: Appearance,
    /// Whether nothing of this profile uses the network, be it the window or the command line.
    pub offline: bool,
}

/// A secret that is on the clipboard now.
#[derive(Debug, Clone, Copy, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct ClipboardCopy {
    /// In how many seconds it is cleared, if it is still ours.
    pub clears_in: u32,
}

/// How a download ended.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct Download {
    /// The file, or `None` when the dialog was closed.
    pub path: Option<String>,
}
