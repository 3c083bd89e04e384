use latchkey_domain::key::Key;
use latchkey_domain::policy::KeepPolicy;

use super::guide::refuse_by_hand;
use super::record::guided;
use super::revoke;
use crate::delivery;
use crate::error::{Error, Result};
use crate::find;
use crate::key::{HandOver, Issued, not_kept_here};
use crate::save_window::SaveWindow;
use crate::session::{Operator, Session};
use crate::wire::{ErrorCode, KeyDraft};

/// Asks a server for a key and brings its secret where it is to go.
///
/// What can be found wrong with those places is found before the server is asked. Where one fails afterwards, nobody has
/// the key's text: it is revoked at the server again, and stays in the list, to be revoked, where that fails too.
pub(crate) fn issue_to(
    session: &Session,
    operator: &Operator,
    draft: &KeyDraft,
    hand_over: &HandOver,
    before: Option<&Key>,
) -> Result<Issued> {
    let (tenant, remote) = session.store.reading(|reader| guided(reader, &draft.tenant))?;
    refuse_by_hand(session, &tenant, &remote, before)?;
    if hand_over.keep && tenant.policy.keep == KeepPolicy::Forbid {
        return Err(not_kept_here(&tenant));
    }
    if let Some(file) = &hand_over.file {
        delivery::check_free(file)?;
    }
    if hand_over.keep {
        // A vault that cannot be reached is found out now; the credential came out of it anyway.
        session.vault.probe()?;
    }
    let issued = super::issue(session, operator, draft, before)?;
    let id = issued.key.id.clone();
    let window = SaveWindow::default();
    window.hold(issued)?;
    // In the window, its own Save window takes the secret from here.
    let brought = bring(session, operator, &window, &id, hand_over);
    match brought {
        Ok(()) => window.take_out(session, &id),
        Err(error) => {
            let key = session.store.reading(|reader| find::key(reader, &id))?;
            Err(match revoke(session, operator, &key, Some("its text could not be saved")) {
                Ok(_) => error,
                Err(_) => Error::new(
                    ErrorCode::Failed,
                    format!("The server made {}, but its text could not be saved: {error}", key.name),
                )
                .hint("It is in the list: revoke it when the server can be reached."),
            })
        }
    }
}

fn bring(session: &Session, operator: &Operator, window: &SaveWindow, id: &str, to: &HandOver) -> Result<()> {
    if let Some(file) = &to.file {
        window.download(session, operator, id, file)?;
    }
    if to.keep {
        window.keep(session, operator, id)?;
    }
    if to.print {
        window.print(session, operator, id)?;
    }
    Ok(())
}
