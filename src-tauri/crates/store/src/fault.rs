//! What SQLite says, in the words and codes of the use cases.

use std::io;

use latchkey_app::error::Error;
use latchkey_app::wire::ErrorCode;
use rusqlite::ErrorCode as Cause;
use rusqlite::ffi;

/// A failure inside this crate: SQLite's, or one that already has its words.
#[derive(Debug)]
pub(crate) enum Fault {
    Sql(rusqlite::Error),
    Told(Error),
}

pub(crate) type Result<T> = std::result::Result<T, Fault>;

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Told(error)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Told(error) => error,
            Fault::Sql(error) => told(&error),
        }
    }
}

impl Fault {
    /// Whether a rule of uniqueness was broken: the name, identifier or handle is taken.
    pub(crate) fn is_taken(&self) -> bool {
        self.extended_code()
            .is_some_and(|code| matches!(code, ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY))
    }

    /// Whether something still points at the row.
    pub(crate) fn is_in_use(&self) -> bool {
        self.extended_code()
            .is_some_and(|code| matches!(code, ffi::SQLITE_CONSTRAINT_FOREIGNKEY | ffi::SQLITE_CONSTRAINT_TRIGGER))
    }

    fn extended_code(&self) -> Option<i32> {
        match self {
            Self::Sql(rusqlite::Error::SqliteFailure(failure, _)) => Some(failure.extended_code),
            _ => None,
        }
    }
}

/// A profile of a later version: its meaning is unknown here, so nothing of it is read.
pub(crate) fn newer() -> Error {
    Error::new(ErrorCode::ProfileNewer, "This profile was written by a newer version of Latchkey.")
        .hint("Install the newest version of Latchkey, or choose another profile folder.")
}

/// Not a database, not ours, or not whole.
pub(crate) fn damaged() -> Error {
    Error::new(ErrorCode::ProfileDamaged, "The profile's database is damaged, or it is not Latchkey's.")
        .hint("Restore it from a backup, or move the file away and begin anew.")
}

/// No profile in the folder.
pub(crate) fn missing() -> Error {
    Error::new(ErrorCode::ProfileMissing, "There is no profile in this folder yet.")
        .hint("Make one with `latchkey init` or in the window, or choose another profile folder.")
}

/// A profile in the folder already.
pub(crate) fn exists() -> Error {
    Error::new(ErrorCode::ProfileExists, "There is a profile in this folder already.")
        .hint("Use it, or choose another profile folder.")
}

/// Not writable.
pub(crate) fn read_only() -> Error {
    Error::new(ErrorCode::ReadOnly, "The profile's database cannot be opened for writing.")
        .hint("Check who owns the profile folder and whether the disk is read-only, or choose another folder.")
}

/// Something asked for is not there.
pub(crate) fn not_found(what: &str) -> Error {
    Error::new(ErrorCode::NotFound, format!("{what} is not there, or not any more."))
        .hint("Look at the list again; it may have changed.")
}

fn busy() -> Error {
    Error::new(ErrorCode::ProfileBusy, "Another program holds the profile's database.")
        .hint("Wait a moment and try again, or close the other program.")
}

fn disk_full() -> Error {
    Error::new(ErrorCode::DiskFull, "The disk is full, so nothing was written to the profile.")
        .hint("Make room on the disk and try again. Nothing already done is lost.")
}

fn failed() -> Error {
    Error::new(ErrorCode::Failed, "The profile's database could not do this.")
        .hint("Try again; if it stays so, restart Latchkey and look at its log.")
}

fn told(error: &rusqlite::Error) -> Error {
    match error {
        rusqlite::Error::SqliteFailure(failure, _) => by_code(*failure),
        // A column that holds something else than this version writes.
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::InvalidColumnType(..) => damaged(),
        // A table or column that should be there: the schema is not the one of its version number.
        rusqlite::Error::SqlInputError { error: failure, .. } => match by_code(*failure) {
            error if error.code() == ErrorCode::Failed => damaged(),
            error => error,
        },
        _ => {
            tracing::error!("unexpected failure of the database layer");
            failed()
        }
    }
}

fn by_code(failure: ffi::Error) -> Error {
    // The numbers only: SQLite's own text may quote statements and values.
    tracing::warn!(code = ?failure.code, extended = failure.extended_code, "the database refused");
    match failure.code {
        Cause::DatabaseBusy | Cause::DatabaseLocked | Cause::FileLockingProtocolFailed => busy(),
        Cause::DiskFull => disk_full(),
        Cause::SystemIoFailure if is_out_of_room(failure.extended_code) => disk_full(),
        Cause::ReadOnly | Cause::CannotOpen | Cause::PermissionDenied => read_only(),
        Cause::DatabaseCorrupt | Cause::NotADatabase => damaged(),
        _ => failed(),
    }
}

/// SQLite reports a full disk as an input/output failure where it grows the shared-memory file or where a quota ends.
fn is_out_of_room(extended_code: i32) -> bool {
    let growing = matches!(
        extended_code,
        ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_FSYNC | ffi::SQLITE_IOERR_TRUNCATE | ffi::SQLITE_IOERR_SHMSIZE
    );
    growing && matches!(io::Error::last_os_error().kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
