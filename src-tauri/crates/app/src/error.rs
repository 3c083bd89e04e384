//! One failure type for all use cases: a closed code, a sentence, and what to do about it.

mod bundle;
mod connection;

use std::fmt;
use std::io;
use std::path::Path;

use latchkey_domain::field::{Field, FieldProblem, Rule};

use crate::wire::{ErrorBody, ErrorCode, ServerProblem};

/// What every use case and port answers with.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure: what happened, for programs and for people, and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<ErrorBody>);

impl Error {
    /// A failure of this code, said in one sentence.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self(Box::new(ErrorBody { code, message: message.into(), hint: None, field: None, server: None }))
    }

    /// A failure as it crossed to the window, with another message.
    pub(crate) fn from_body(body: ErrorBody) -> Self {
        Self(Box::new(body))
    }

    /// Adds what to do about it, in one sentence.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// What is wrong with a field, said in words that are better than those of the rule alone.
    #[must_use]
    pub fn at(problem: FieldProblem, message: impl Into<String>) -> Self {
        let mut error = Self::from(problem);
        error.0.message = message.into();
        error
    }

    /// Says what is the matter with a server.
    #[must_use]
    pub fn of_server(mut self, problem: ServerProblem) -> Self {
        self.0.server = Some(Box::new(problem));
        self
    }

    /// For programs.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        self.0.code
    }

    /// As it crosses to the window and to `--json`.
    #[must_use]
    pub fn body(&self) -> &ErrorBody {
        &self.0
    }

    /// A file operation that failed, with the file's name and the code that its kind has.
    #[must_use]
    pub fn io(doing: &str, path: &Path, cause: &io::Error) -> Self {
        let path = path.display();
        match cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                Self::new(ErrorCode::DiskFull, format!("Could not {doing} {path}: the disk is full."))
                    .hint("Make room on the disk and try again. Nothing already done is lost.")
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                Self::new(ErrorCode::ReadOnly, format!("Could not {doing} {path}: writing there is not permitted."))
                    .hint("Check who owns the folder and whether the disk is read-only, or choose another folder.")
            }
            io::ErrorKind::AlreadyExists => Self::new(ErrorCode::FileExists, format!("{path} exists already."))
                .hint("Choose another name, or move the file away first."),
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
                Self::new(ErrorCode::Failed, format!("Could not {doing} {path}: there is no such file or folder."))
                    .hint("Check how the path is written, and whether its folder exists.")
            }
            io::ErrorKind::IsADirectory => {
                Self::new(ErrorCode::Failed, format!("Could not {doing} {path}: it is a folder."))
                    .hint("Give the name of a file.")
            }
            io::ErrorKind::InvalidFilename => {
                Self::new(ErrorCode::Failed, format!("Could not {doing} {path}: the disk does not take this name."))
                    .hint("Give a shorter or simpler name.")
            }
            _ => Self::new(ErrorCode::Failed, format!("Could not {doing} {path}: {cause}."))
                .hint("Try again, or choose another place."),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}

impl From<FieldProblem> for Error {
    fn from(problem: FieldProblem) -> Self {
        let (message, hint) = sentence(&problem);
        Self(Box::new(ErrorBody {
            code: ErrorCode::InvalidInput,
            message,
            hint: Some(hint),
            field: Some(problem),
            server: None,
        }))
    }
}

/// The English words for a broken rule; the window has its own in its message files.
fn sentence(problem: &FieldProblem) -> (String, String) {
    let field = label(problem.name);
    match &problem.rule {
        Rule::Required => {
            // In the middle of a sentence; API stays as it is.
            let inside = field.replacen("The ", "the ", 1).replacen("A ", "a ", 1).replacen("An ", "an ", 1);
            (format!("{field} is missing."), format!("Give {inside}."))
        }
        Rule::TooShort { min } => (format!("{field} is too short."), format!("Use at least {min} characters.")),
        Rule::TooLong { max } => (format!("{field} is too long."), format!("Use at most {max} characters.")),
        Rule::ControlCharacter => (
            format!("{field} has a control character in it."),
            "Remove line breaks, tabs and other control characters.".into(),
        ),
        Rule::InvisibleCharacter => (
            format!("{field} has a character in it that cannot be seen or that turns the direction of text."),
            "Type it anew instead of pasting it.".into(),
        ),
        Rule::Url => {
            (format!("{field} is a web address."), "Give a name, and put addresses into the description.".into())
        }
        Rule::Characters => {
            (format!("{field} has a character in it that is not allowed."), allowed(problem.name).into())
        }
        Rule::Taken => (format!("{field} is taken."), "Choose another one.".into()),
        Rule::NotADate => (
            format!("{field} is not a date."),
            "Give never, a number of days such as 90d, or a date such as 2027-01-31.".into(),
        ),
        Rule::InThePast => (format!("{field} is in the past."), "Choose today or a later date.".into()),
        Rule::BeyondCeiling { days } => (
            format!("{field} is beyond what the tenant allows."),
            format!("Keys of this tenant live for at most {days} days."),
        ),
        Rule::NeverForbidden => {
            ("Keys of this tenant must have an end.".into(), "Choose a number of days or a date.".into())
        }
        Rule::OwnKeysOnly => {
            (format!("{field} must be you."), "This tenant has operators generate keys for themselves only.".into())
        }
        Rule::UnknownApiSet { id } => {
            (format!("The tenant has no API set `{id}`, or not any more."), "Choose from the tenant's API sets.".into())
        }
        Rule::RetiredApiSet { id } => {
            (format!("The API set `{id}` is retired."), "Choose another one, or restore it first.".into())
        }
        Rule::OutOfRange { min, max } => (format!("{field} is out of range."), format!("Give {min} to {max}.")),
        Rule::Pattern => (
            format!("{field} has no number in it, or one that is not understood."),
            "Write {n} where the number goes, or {n:05} for five digits.".into(),
        ),
        Rule::Line { line, problem } => {
            let (message, hint) = sentence(problem);
            (format!("Line {line}: {message}"), hint)
        }
        Rule::Unknown => (format!("{field} is not known."), known(problem.name).into()),
        Rule::NotAFile => (format!("{field} is no file that can be read."), file(problem.name).into()),
        Rule::TooLarge { max_kib } => (
            format!("{field} is larger than {max_kib} KiB."),
            "Split it, or check that it is the file you mean.".into(),
        ),
        Rule::NotAnAddress => (
            format!("{field} is no address of a server."),
            "Write it as https://portal.example.com, without a user, a password, `?` or `#`.".into(),
        ),
        Rule::NotText => (format!("{field} is not text."), file(problem.name).into()),
        Rule::NoKey => (format!("{field} has no key in it."), "Check that it is the file you mean.".into()),
        Rule::NoKeyColumn => (
            format!("{field} is a table without a column of keys."),
            "Give it a heading with one of: key, api key, token, secret, password, value.".into(),
        ),
        Rule::AnswerWanted { id } => {
            (format!("The server wants an answer to `{id}`."), "Give it, and sign in again.".into())
        }
        Rule::AnswerWrong { id } => {
            (format!("The server does not take the answer to `{id}`."), "Check it, and what goes with it.".into())
        }
        Rule::NotForYou => (
            format!("{field} is not for who has signed in."),
            "Choose another one, or sign in as somebody else.".into(),
        ),
        Rule::KnownKey { key } => {
            (format!("{field} is in the list already: {key}."), "Make a new key at the vendor and copy that.".into())
        }
        Rule::NotAPublicKey | Rule::NotExported | Rule::NotLocal => bundle::sentence(field, &problem.rule),
        Rule::NoCertificate
        | Rule::KeyAlone
        | Rule::NoPrivateKey
        | Rule::EncryptedKey
        | Rule::OtherKey
        | Rule::NotAProxy
        | Rule::PasswordInside
        | Rule::NotASignIn
        | Rule::OtherServer
        | Rule::Unanswered
        | Rule::Asked
        | Rule::Orphaned => connection::sentence(field, &problem.rule),
        Rule::TooMany { max } => (format!("{field} has more than {max} at once."), "Do it in several parts.".into()),
    }
}

fn label(field: Field) -> &'static str {
    match field {
        Field::Name => "The name",
        Field::Description => "The description",
        Field::Owner => "The owner",
        Field::Expires => "The expiration",
        Field::ApiSets => "An API set",
        Field::Id => "The identifier",
        Field::Group => "The group",
        Field::Prefix => "The prefix",
        Field::MaxLifetimeDays => "The longest lifetime",
        Field::WarningDays => "The warning window",
        Field::DefaultExpiration => "The default expiration",
        Field::RotateAfterDays => "The time until rotation",
        Field::Organization => "The organization",
        Field::Groups => "A user group",
        Field::Permissions => "A permission",
        Field::Tags => "A tag",
        Field::Count => "The number of keys",
        Field::Names => "The list of names",
        Field::Recipients => "A recipient",
        Field::Reason => "The reason",
        Field::Passphrase => "The passphrase",
        Field::Overlap => "The overlap",
        Field::Tenant => "The tenant",
        Field::Since | Field::Above => "The sequence",
        Field::ValidFor => "The time that the bundle is good for, in hours,",
        Field::PublicKey => "The public key",
        Field::Template => "The template",
        Field::File => "The file",
        Field::Address => "The address",
        Field::Options => "An option of the address",
        Field::Credential => "The credential",
        Field::Answers => "An answer to sign in with",
        Field::Caution => "The consent to the connector's caution",
        Field::Secret => "The key",
        Field::Authorities => "The file of authorities",
        Field::ClientCertificate => "The file of the client certificate",
        Field::Proxy => "The address of the proxy",
        Field::ProxyCredential => "The sign-in of the proxy",
    }
}

fn known(field: Field) -> &'static str {
    match field {
        Field::Template => "`latchkey tenant templates` lists those of the program; a file is named with its path.",
        Field::Options => "`latchkey connector show` names those of the connector.",
        Field::Expires => "Choose one of the ends that the vendor has.",
        Field::Answers => "`latchkey connector show` names the questions of the connector.",
        Field::Names => "Name the columns name, description, owner and recipient; only name has to be there.",
        Field::Recipients => "Give a public key of age: it begins with `age1`.",
        _ => "Choose from those of the tenant; somebody may have removed it meanwhile.",
    }
}

/// Which file is meant.
fn file(field: Field) -> &'static str {
    match field {
        Field::Authorities | Field::ClientCertificate => {
            "Name a PEM file: `openssl x509 -inform der -in FILE -out FILE.pem` makes one of a binary certificate."
        }
        _ => "Name a .env, CSV or .APIKEY file.",
    }
}

fn allowed(field: Field) -> &'static str {
    match field {
        Field::Prefix => "Use 1 to 16 lower-case letters and digits.",
        Field::Tags => "Write a tag without commas.",
        _ => "Use letters, digits and . _ - : * /",
    }
}

impl From<Error> for ErrorBody {
    fn from(error: Error) -> Self {
        *error.0
    }
}
