//! What a field can get wrong, as data: the window and the command line turn it into words.

use serde::Serialize;

/// Which rule a field broke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
pub struct FieldProblem {
    /// The field, as the request names it.
    pub name: Field,
    /// The rule, with the figures that a sentence about it needs.
    #[serde(flatten)]
    pub rule: Rule,
}

/// The fields that can be at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// A key's, tenant's or API set's name.
    Name,
    /// A key's description.
    Description,
    /// Who a key belongs to.
    Owner,
    /// When a key ends.
    Expires,
    /// The API sets of a key.
    ApiSets,
    /// The organization a key belongs to.
    Organization,
    /// The user groups a key belongs to.
    Groups,
    /// The permissions of an organization or a user group.
    Permissions,
    /// The tags of a key.
    Tags,
    /// An API set's identifier.
    Id,
    /// An API set's group.
    Group,
    /// A tenant's key prefix.
    Prefix,
    /// A tenant's longest lifetime.
    MaxLifetimeDays,
    /// A tenant's warning window.
    WarningDays,
    /// A tenant's default end.
    DefaultExpiration,
    /// After how many days a tenant's keys are due for rotation.
    RotateAfterDays,
    /// How long a superseded key stays usable.
    Overlap,
    /// How many keys a batch has.
    Count,
    /// The list of names of a batch.
    Names,
    /// For whom a batch is sealed.
    Recipients,
    /// The reason for a revocation or deletion.
    Reason,
    /// The passphrase of the vault.
    Passphrase,
    /// The tenant itself.
    Tenant,
    /// Since which bundle a delta is.
    Since,
    /// Which sequence that of a bundle is to be over.
    Above,
    /// How long a bundle is good for.
    ValidFor,
    /// What bundles are checked with.
    PublicKey,
    /// A tenant's template.
    Template,
    /// A file that is read.
    File,
    /// The address of a server.
    Address,
    /// What else belongs to the address of a server.
    Options,
    /// What Latchkey asks a server with.
    Credential,
    /// What is asked to sign in to a server.
    Answers,
    /// What has to be accepted before a connector is used.
    Caution,
    /// The text of a key that was made elsewhere.
    Secret,
    /// A file with the certificates of authorities.
    Authorities,
    /// A file with a client certificate and its key.
    ClientCertificate,
    /// The address of a proxy.
    Proxy,
    /// The user and the password of a proxy.
    ProxyCredential,
}

/// The rules a field can break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS))]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Rule {
    /// Nothing was given.
    Required,
    /// Fewer characters than the least.
    TooShort {
        /// The least.
        min: u32,
    },
    /// More characters than the most.
    TooLong {
        /// The most.
        max: u32,
    },
    /// A control character (Unicode category Cc).
    ControlCharacter,
    /// A character that cannot be seen or turns the direction of text.
    InvisibleCharacter,
    /// An address of a web page.
    Url,
    /// A character outside the ones the field takes.
    Characters,
    /// Another tenant or API set has it.
    Taken,
    /// Not a date that the calendar has.
    NotADate,
    /// A moment that is over.
    InThePast,
    /// Later than the tenant's ceiling.
    BeyondCeiling {
        /// The ceiling in days from now.
        days: u32,
    },
    /// The tenant wants every key to end.
    NeverForbidden,
    /// The tenant has operators generate keys for nobody but themselves.
    OwnKeysOnly,
    /// Not an API set of this tenant, or not any more.
    UnknownApiSet {
        /// The identifier that is unknown.
        id: String,
    },
    /// An API set that new keys cannot choose any more.
    RetiredApiSet {
        /// Its identifier.
        id: String,
    },
    /// A number outside the range.
    OutOfRange {
        /// The least.
        min: u32,
        /// The most.
        max: u32,
    },
    /// Not a template of this program.
    Unknown,
    /// Not a file that can be read: a folder, a device.
    NotAFile,
    /// A file of more bytes than the most, in KiB.
    TooLarge {
        /// The most.
        max_kib: u32,
    },
    /// No address of a server.
    NotAnAddress,
    /// Not text.
    NotText,
    /// Nothing in it that could be a key.
    NoKey,
    /// A table without a column of keys.
    NoKeyColumn,
    /// More than the most at once.
    TooMany {
        /// The most.
        max: u32,
    },
    /// The tenant has this very key.
    KnownKey {
        /// Its name.
        key: String,
    },
    /// No certificate in PEM.
    NoCertificate,
    /// A key without its certificate.
    KeyAlone,
    /// A certificate without its key.
    NoPrivateKey,
    /// A key that is encrypted.
    EncryptedKey,
    /// A key that does not belong to the certificate, or that cannot be used.
    OtherKey,
    /// No address of a proxy.
    NotAProxy,
    /// An address with a user or a password in it.
    PasswordInside,
    /// Not a user and a password with a colon between them.
    NotASignIn,
    /// A credential that was given for another server.
    OtherServer,
    /// A tenant whose keys a server makes, where this computer has to be the authority.
    NotLocal,
    /// No public key of minisign.
    NotAPublicKey,
    /// No bundle of this sequence was exported.
    NotExported,
    /// A place that does not know of keys which the one before was asked for, without an answer.
    Unanswered,
    /// A server was asked for a key of this name before, and what became of that is not known yet.
    Asked,
    /// The server has a key of this name that it was asked for, and whose text never arrived.
    Orphaned,
    /// A pattern of names without a number in it, or with one that is not understood.
    Pattern,
    /// To sign in, a question has to be answered.
    AnswerWanted {
        /// The question's identifier.
        id: String,
    },
    /// To sign in, an answer is not the right one.
    AnswerWrong {
        /// The question's identifier.
        id: String,
    },
    /// Who has signed in may not choose it.
    NotForYou,
    /// A line of a list is at fault.
    Line {
        /// Its number in the file, the first being 1.
        line: u32,
        /// What is wrong with it.
        problem: Box<FieldProblem>,
    },
}
