/// Why a file, or a clock, must not be believed. Never a decision about a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Error {
    /// What was given as public key is none of minisign's.
    #[error("this is no public key of minisign")]
    BadPublicKey,
    /// The file is over its limit.
    #[error("the file is too large")]
    TooLarge,
    /// The signature file is none, or of a kind that is not allowed.
    #[error("this is no signature of minisign, or not of the kind that bundles have")]
    BadSignatureFile,
    /// Signed with another key.
    #[error("the file was signed with another key")]
    WrongKey,
    /// The file or the comment was changed, or never signed.
    #[error("the signature is wrong: the file or its comment was changed")]
    BadSignature,
    /// Signed, but no bundle, or no endorsement.
    #[error("the file is of another kind")]
    WrongKind,
    /// From a newer Latchkey.
    #[error("the file has a version that is not known here")]
    UnknownVersion,
    /// It ends too early, or a length lies.
    #[error("the file ends too early, or a length in it is wrong")]
    Truncated,
    /// An argument that is not the shortest, or an indefinite length.
    #[error("the file is not in the one encoding that is allowed")]
    NotCanonical,
    /// Another type, another length or other characters than are due there.
    #[error("the file has something that does not belong there")]
    Malformed,
    /// A number, a length or an index over its limit.
    #[error("the file has a number that is out of its range")]
    OutOfRange,
    /// Entries out of order.
    #[error("the file has entries that are out of order")]
    Unsorted,
    /// An entry that is there twice.
    #[error("the file has an entry twice")]
    Duplicate,
    /// The number of keys is not what the bundle says.
    #[error("the file has another number of keys than it says")]
    CountDiffers,
    /// Something follows.
    #[error("something follows the end of the file's contents")]
    Trailing,
    /// The signed comment does not say what the contents say.
    #[error("the signed comment does not say what the file says")]
    CommentDiffers,
    /// Of another tenant.
    #[error("the file is of another tenant")]
    OtherTenant,
    /// Older than what was seen.
    #[error("the file is older than one that was seen before")]
    Rollback,
    /// A delta for another state.
    #[error("the delta does not fit the bundle that is here; a full bundle is needed")]
    Misfit,
    /// The clock is before the newest bundle was issued.
    #[error("the clock is before the newest bundle was issued: it was set back")]
    ClockSetBack,
}

impl Error {
    /// Every one, in the order of the description.
    pub const ALL: [Self; 20] = [
        Self::BadPublicKey,
        Self::TooLarge,
        Self::BadSignatureFile,
        Self::WrongKey,
        Self::BadSignature,
        Self::WrongKind,
        Self::UnknownVersion,
        Self::Truncated,
        Self::NotCanonical,
        Self::Malformed,
        Self::OutOfRange,
        Self::Unsorted,
        Self::Duplicate,
        Self::CountDiffers,
        Self::Trailing,
        Self::CommentDiffers,
        Self::OtherTenant,
        Self::Rollback,
        Self::Misfit,
        Self::ClockSetBack,
    ];

    /// The code in the description of the format.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::BadPublicKey => "bad-public-key",
            Self::TooLarge => "too-large",
            Self::BadSignatureFile => "bad-signature-file",
            Self::WrongKey => "wrong-key",
            Self::BadSignature => "bad-signature",
            Self::WrongKind => "wrong-kind",
            Self::UnknownVersion => "unknown-version",
            Self::Truncated => "truncated",
            Self::NotCanonical => "not-canonical",
            Self::Malformed => "malformed",
            Self::OutOfRange => "out-of-range",
            Self::Unsorted => "unsorted",
            Self::Duplicate => "duplicate",
            Self::CountDiffers => "count-differs",
            Self::Trailing => "trailing",
            Self::CommentDiffers => "comment-differs",
            Self::OtherTenant => "other-tenant",
            Self::Rollback => "rollback",
            Self::Misfit => "misfit",
            Self::ClockSetBack => "clock-set-back",
        }
    }
}

/// What the functions of this crate answer.
pub type Result<T, E = Error> = std::result::Result<T, E>;
