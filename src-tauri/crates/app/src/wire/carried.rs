use serde::{Deserialize, Serialize};

use super::BundleExported;

/// What services have to be told of a key with the next bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum BundleNeed {
    /// It is in no bundle yet: they do not know it.
    InNone,
    /// It was disabled or revoked: they take it for valid.
    EndUntold,
}

/// What bundles have said of a key, in a tenant that has exported one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct KeyBundle {
    /// The sequence of the bundle that first said what the newest says; `None` while it is in none.
    #[cfg_attr(feature = "bindings", ts(type = "number | null"))]
    pub since: Option<u64>,
    /// What they have to be told.
    pub need: Option<BundleNeed>,
    /// It never goes into one, since somebody may have chosen it.
    pub stays: bool,
}

/// What a bundle would have in it that is exported now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct BundlePreview {
    /// How many keys are in the file.
    pub keys: u32,
    /// How many keys a delta takes away.
    pub removed: u32,
    /// How many keys a service has with it.
    pub total: u32,
    /// How many keys stay here.
    pub left_out: u32,
    /// How many bytes it has, with its signature.
    #[cfg_attr(feature = "bindings", ts(type = "number"))]
    pub size: u64,
    /// Into how many QR codes it is cut; `None` where it is too large for them.
    pub codes: Option<u32>,
    /// Whether it fits into one code that is printed.
    pub fits_one: bool,
}

/// A bundle that was exported as QR codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct BundleCodes {
    /// What was exported.
    pub exported: BundleExported,
    /// Into how many codes it is cut.
    pub parts: u32,
    /// Whether it fits into one code that is printed.
    pub fits_one: bool,
}

/// A QR code, to be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct CodeView {
    /// How many squares a side has, the light border included.
    pub size: u32,
    /// Its dark squares, as the path of an SVG whose unit is a square.
    pub path: String,
}
