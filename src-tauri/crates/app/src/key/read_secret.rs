use latchkey_domain::event::EventKind;
use latchkey_domain::key::{Holding, Key};
use latchkey_domain::secret::Secret;

use crate::error::{Error, Result};
use crate::find;
use crate::ports::NewEvent;
use crate::session::{Operator, Session};
use crate::wire::ErrorCode;

/// What a kept secret is read for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// To be put on the clipboard.
    Copy,
    /// To be put into the environment of this program.
    Run {
        /// The program's name.
        program: String,
    },
}

/// Reads a kept secret out of the vault, and writes that into the audit log before it is handed on.
///
/// Fails with `not_now` where the secret was not kept, with `secret_missing` where somebody took it out of the vault,
/// and with the vault's codes.
pub fn read_secret(session: &Session, operator: &Operator, key: &str, purpose: &Purpose) -> Result<Secret> {
    let key = session.store.reading(|reader| find::key(reader, key))?;
    if key.holding == Holding::None {
        return Err(Error::new(ErrorCode::NotNow, format!("The secret of {} was not kept.", key.name))
            .hint("Nobody can show it again. Generate a new key and revoke this one."));
    }
    let Some(secret) = session.vault.get(key.id)? else {
        note_missing(session, operator, &key)?;
        return Err(Error::new(
            ErrorCode::SecretMissing,
            format!("The secret of {} is not in the vault any more.", key.name),
        )
        .hint("Somebody removed it outside Latchkey. Generate a new key and revoke this one."));
    };
    let (kind, detail) = match purpose {
        Purpose::Copy => (EventKind::SecretCopied, None),
        Purpose::Run { program } => (EventKind::SecretInjected, Some(program.clone())),
    };
    let now = session.now();
    session.store.writing(|writer| {
        let mut key = find::key(writer, &key.id.to_string())?;
        let tenant = find::tenant_of(writer, &key)?;
        if key.holding == Holding::Missing {
            key.holding = Holding::Held;
            writer.update_key(&key)?;
        }
        writer.add_event(&NewEvent { detail: detail.clone(), ..operator.key_event(now, kind, &tenant, &key) })
    })?;
    Ok(secret)
}

fn note_missing(session: &Session, operator: &Operator, key: &Key) -> Result<()> {
    let now = session.now();
    session.store.writing(|writer| {
        let mut key = find::key(writer, &key.id.to_string())?;
        if key.holding == Holding::Held {
            let tenant = find::tenant_of(writer, &key)?;
            key.holding = Holding::Missing;
            writer.update_key(&key)?;
            writer.add_event(&operator.key_event(now, EventKind::SecretMissing, &tenant, &key))?;
        }
        Ok(())
    })
}
