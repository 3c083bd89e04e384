//! The Save window: the one time that a secret can be shown, copied, downloaded or kept.
//!
//! **Architecture invariant:** the secrets of open Save windows live here, in Rust. [`SaveWindow::reveal`] is the only
//! way by which one reaches the web view, and [`SaveWindow::close`] wipes it.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use latchkey_domain::event::EventKind;
use latchkey_domain::id::KeyId;
use latchkey_domain::key::{Holding, Key};
use latchkey_domain::key_format::KeyFormat;
use latchkey_domain::overlap::Overlap;
use latchkey_domain::policy::KeepPolicy;
use latchkey_domain::secret::Secret;
use latchkey_domain::tenant::Tenant;

use crate::delivery;
use crate::error::{Error, Result};
use crate::fault;
use crate::find;
use crate::key::{self, HandOver, Issued};
use crate::ports::{Clipboard, JournalStep, NewEvent, Writer};
use crate::rotation;
use crate::session::{Operator, Session};
use crate::view;
use crate::wire::{ErrorCode, KeyDraft, KeyView, NewKey, RotationDraft, Succession};

/// The Save windows that are open.
#[derive(Default)]
pub struct SaveWindow {
    open: Mutex<HashMap<KeyId, Pending>>,
}

struct Pending {
    secret: Secret,
    saved: bool,
    rotation: Option<Rotation>,
}

/// The key whose place the new one is to take, and how it is retired.
#[derive(Clone)]
struct Rotation {
    old: KeyId,
    overlap: Overlap,
}

impl SaveWindow {
    /// Generates a key and opens its Save window, keeping the secret where the tenant's policy starts out so.
    ///
    /// A vault that fails then does not take the key away: the window offers to keep it again.
    pub fn generate(&self, session: &Session, operator: &Operator, draft: &KeyDraft) -> Result<NewKey> {
        let issued = key::new(session, operator, draft, &HandOver::default())?;
        self.show(session, operator, issued, None)
    }

    /// Generates a successor for a key and opens its Save window. The old key stays as it is until that is closed.
    ///
    /// Fails with `not_now` for a key that is revoked, has a successor or is being rotated; with `invalid_input` on
    /// `overlap`; and as [`SaveWindow::generate`] does.
    pub fn rotate(&self, session: &Session, operator: &Operator, key: &str, draft: &RotationDraft) -> Result<NewKey> {
        draft.overlap.end(session.now())?;
        let old = session.store.reading(|reader| {
            let old = find::key(reader, key)?;
            rotation::may_begin(reader, &old)?;
            Ok(old)
        })?;
        rotation::note(session, &old, &draft.overlap)?;
        let begun =
            rotation::begin(session, operator, &old.id.to_string(), draft.expires.as_ref(), &HandOver::default());
        match begun {
            Ok(issued) => {
                let rotation = Rotation { old: old.id, overlap: draft.overlap.clone() };
                self.show(session, operator, issued, Some(rotation))
            }
            Err(error) => {
                session.store.writing(|writer| rotation::strike(writer, old.id))?;
                Err(error)
            }
        }
    }

    fn show(
        &self,
        session: &Session,
        operator: &Operator,
        issued: Issued,
        rotation: Option<Rotation>,
    ) -> Result<NewKey> {
        let id = issued.key.id.clone();
        self.lock().insert(parse_id(&id)?, Pending { secret: issued.secret, saved: false, rotation });
        let by_default = session
            .store
            .reading(|reader| Ok(find::tenant(reader, &issued.key.tenant_id)?.policy.keep == KeepPolicy::Default))?;
        if by_default && let Err(error) = self.keep(session, operator, &id) {
            tracing::warn!(code = ?error.code(), "the tenant keeps secrets, and this one could not be kept");
        }
        self.describe(session, &id)
    }

    /// A Save window that is still open, for a web view that was loaded anew.
    pub fn pending(&self, session: &Session) -> Result<Option<NewKey>> {
        let id = self.lock().keys().next().copied();
        id.map(|id| self.describe(session, &id.to_string())).transpose()
    }

    /// Whether a Save window is open whose secret nobody has saved.
    #[must_use]
    pub fn has_unsaved(&self) -> bool {
        self.lock().values().any(|pending| !pending.saved)
    }

    /// The secret, for the screen.
    pub fn reveal(&self, session: &Session, operator: &Operator, key: &str) -> Result<Secret> {
        let secret = self.secret(key)?;
        record(session, operator, key, EventKind::SecretRevealed, None, &mut |_, _| Ok(()))?;
        Ok(secret)
    }

    /// Puts the secret on the clipboard for `clear_after`.
    pub fn copy(
        &self,
        session: &Session,
        operator: &Operator,
        key: &str,
        clipboard: &dyn Clipboard,
        clear_after: Duration,
    ) -> Result<()> {
        let secret = self.secret(key)?;
        self.put_on(clipboard, session, operator, key, secret, clear_after, None)
    }

    /// Puts the whole header that the key is sent in on the clipboard for `clear_after`.
    ///
    /// Fails with `not_now` where the tenant does not say how its keys are sent.
    pub fn copy_header(
        &self,
        session: &Session,
        operator: &Operator,
        key: &str,
        clipboard: &dyn Clipboard,
        clear_after: Duration,
    ) -> Result<()> {
        let secret = self.secret(key)?;
        let (_, tenant) = listed(session, key)?;
        let before = tenant.conventions.presentation.before().ok_or_else(|| {
            Error::new(ErrorCode::NotNow, format!("{} does not say how its keys are sent.", tenant.name))
                .hint("Copy the key itself.")
        })?;
        let mut header = String::with_capacity(before.len() + secret.expose().len());
        header.push_str(before);
        header.push_str(secret.expose());
        let name = before.split(':').next().map(|name| format!("as {name} header"));
        self.put_on(clipboard, session, operator, key, Secret::new(header), clear_after, name.as_deref())
    }

    /// The log tells it before the clipboard has it. Not in one transaction: a clipboard may take its time, and nobody who
    /// revokes a key waits for it.
    #[allow(clippy::too_many_arguments)] // Everything that a copy is made of, for its two callers.
    fn put_on(
        &self,
        clipboard: &dyn Clipboard,
        session: &Session,
        operator: &Operator,
        key: &str,
        text: Secret,
        clear_after: Duration,
        detail: Option<&str>,
    ) -> Result<()> {
        record(session, operator, key, EventKind::SecretCopied, detail, &mut |_, _| Ok(()))?;
        clipboard.copy(text, clear_after)?;
        self.mark_saved(key)?;
        session.store.writing(|writer| {
            let mut key = find::key(writer, key)?;
            hand_over(writer, &mut key)
        })
    }

    /// Writes the secret and a newline to `target`, readable by its owner alone, in place of what stands there.
    pub fn download(&self, session: &Session, operator: &Operator, key: &str, target: &Path) -> Result<()> {
        let secret = self.secret(key)?;
        let (listed, _) = listed(session, key)?;
        let file = delivery::plan_over(listed.id, target)?;
        key::begin(session, &listed, JournalStep::Delivering { file: file.clone() })?;
        fault::point("download.journaled");
        let written = delivery::write(&file, &secret).and_then(|()| {
            fault::point("download.written");
            delivery::settle_over(&file)
        });
        if let Err(error) = written {
            delivery::drop_part(&file)?;
            session.store.writing(|writer| writer.remove_journal(listed.id))?;
            return Err(error);
        }
        fault::point("download.delivered");
        self.mark_saved(key)?;
        let name = target.file_name().map(|name| name.to_string_lossy().into_owned());
        record(session, operator, key, EventKind::SecretDownloaded, name.as_deref(), &mut |writer, key| {
            writer.remove_journal(key.id)?;
            hand_over(writer, key)
        })
    }

    /// Puts the secret into the vault.
    ///
    /// Fails with `not_permitted` where the tenant forbids it, and with the vault's codes; then nothing is kept.
    pub fn keep(&self, session: &Session, operator: &Operator, key: &str) -> Result<KeyView> {
        let secret = self.secret(key)?;
        let (listed, tenant) = listed(session, key)?;
        if tenant.policy.keep == KeepPolicy::Forbid {
            return Err(key::not_kept_here(&tenant));
        }
        if listed.revoked_at.is_some() {
            return Err(Error::new(
                ErrorCode::NotNow,
                format!("{} is revoked; keeping it serves nothing.", listed.name),
            ));
        }
        key::begin(session, &listed, JournalStep::Keeping)?;
        fault::point("keep.journaled");
        if let Err(error) = session.vault.put(listed.id, &key::label(&tenant, &listed), &secret) {
            // A vault that failed may still have taken it: only one that says otherwise lets the journal go.
            if session.vault.discard(listed.id).is_ok() {
                session.store.writing(|writer| writer.remove_journal(listed.id))?;
            }
            return Err(error);
        }
        fault::point("keep.stored");
        let now = session.now();
        let view = session.store.writing(|writer| {
            let mut key = find::key(writer, &listed.id.to_string())?;
            key.holding = Holding::Held;
            key.handed_over = true;
            writer.update_key(&key)?;
            writer.add_event(&operator.key_event(now, EventKind::SecretKept, &tenant, &key))?;
            writer.remove_journal(key.id)?;
            Ok(view::key(key, &tenant, now))
        })?;
        fault::point("keep.done");
        self.mark_saved(key)?;
        Ok(view)
    }

    /// Closes the window: from here on no part of the program can show the secret, unless it was kept.
    ///
    /// The key of a rotation takes the old one's place now. Where nobody saved it, the rotation is undone.
    ///
    /// Fails with `secret_unsaved` where nobody saved it and `unsaved` does not say that this is meant.
    pub fn close(&self, session: &Session, operator: &Operator, key: &str, unsaved: bool) -> Result<()> {
        let id = parse_id(key)?;
        let (saved, rotation) =
            self.lock().get(&id).map(|pending| (pending.saved, pending.rotation.clone())).ok_or_else(gone)?;
        if !saved {
            if !unsaved {
                return Err(Error::new(ErrorCode::SecretUnsaved, "This key was neither copied, downloaded nor kept.")
                    .hint("Save it first, or close and generate another one."));
            }
            match record(session, operator, key, EventKind::SecretUnsaved, None, &mut |_, _| Ok(())) {
                // Another process may have deleted the key meanwhile; its secret goes all the same.
                Err(error) if error.code() != ErrorCode::NotFound => return Err(error),
                _ => {}
            }
        }
        // Before the secret goes: a database that fails now can be tried again.
        if let Some(Rotation { old, overlap }) = rotation {
            rotation::conclude(session, operator, old, &overlap, saved)?;
        }
        self.lock().remove(&id);
        Ok(())
    }

    /// The program ends: closes the windows whose secret was saved, so that rotations go on as they were chosen.
    pub fn leave(&self, session: &Session, operator: &Operator) {
        let open: Vec<KeyId> = self.lock().iter().filter(|(_, pending)| pending.saved).map(|(id, _)| *id).collect();
        for id in open {
            if let Err(error) = self.close(session, operator, &id.to_string(), false) {
                tracing::warn!(code = ?error.code(), "a rotation is settled at the next start");
            }
        }
    }

    fn describe(&self, session: &Session, key: &str) -> Result<NewKey> {
        let id = parse_id(key)?;
        let (length, rotation) = self
            .lock()
            .get(&id)
            .map(|pending| (pending.secret.expose().len(), pending.rotation.clone()))
            .ok_or_else(gone)?;
        let now = session.now();
        session.store.reading(|reader| {
            let listed = find::key(reader, key)?;
            let tenant = find::tenant_of(reader, &listed)?;
            let start = listed.display.split('…').next().unwrap_or_default();
            // A vendor's shape has no handle in it, and nothing that parts one from the rest.
            let visible =
                if listed.format == Some(KeyFormat::Latchkey) { format!("{start}_") } else { start.to_owned() };
            let succession = match &rotation {
                Some(Rotation { old, overlap }) => reader.key(*old)?.map(|old| Succession {
                    old: rotation::link(&old, &tenant, now),
                    old_expires_at: old.expires_at,
                    overlap: overlap.clone(),
                }),
                None => None,
            };
            Ok(NewKey {
                succession,
                masked: u32::try_from(length - visible.len()).unwrap_or_default(),
                visible,
                file_name: file_name(&listed.name),
                kept: listed.holding == Holding::Held,
                may_keep: tenant.policy.keep != KeepPolicy::Forbid,
                same_name: reader.count_named(tenant.id, &listed.name)?.saturating_sub(1),
                header: tenant.conventions.presentation.before().map(|before| before.trim_end().to_owned()),
                words: tenant.conventions.words.clone(),
                key: view::key(listed, &tenant, now),
            })
        })
    }

    /// Takes a secret over whose key is in the list already.
    pub(crate) fn hold(&self, issued: Issued) -> Result<()> {
        let id = parse_id(&issued.key.id)?;
        self.lock().insert(id, Pending { secret: issued.secret, saved: false, rotation: None });
        Ok(())
    }

    /// Hands a secret that was taken over back, with its key as it is now.
    pub(crate) fn take_out(&self, session: &Session, key: &str) -> Result<Issued> {
        let (listed, tenant) = listed(session, key)?;
        let pending = self.lock().remove(&listed.id).ok_or_else(gone)?;
        Ok(Issued { key: view::key(listed, &tenant, session.now()), secret: pending.secret })
    }

    /// Notes that the caller prints the secret.
    pub(crate) fn print(&self, session: &Session, operator: &Operator, key: &str) -> Result<()> {
        record(session, operator, key, EventKind::SecretPrinted, None, &mut |writer, key| hand_over(writer, key))?;
        self.mark_saved(key)
    }

    fn secret(&self, key: &str) -> Result<Secret> {
        self.lock().get(&parse_id(key)?).map(|pending| pending.secret.duplicate()).ok_or_else(gone)
    }

    fn mark_saved(&self, key: &str) -> Result<()> {
        let id = parse_id(key)?;
        if let Some(pending) = self.lock().get_mut(&id) {
            pending.saved = true;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<KeyId, Pending>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `<name>.APIKEY`, without the characters that file systems refuse.
#[must_use]
pub fn file_name(name: &str) -> String {
    crate::file::name(name, "APIKEY")
}

fn listed(session: &Session, key: &str) -> Result<(Key, Tenant)> {
    session.store.reading(|reader| {
        let key = find::key(reader, key)?;
        let tenant = find::tenant_of(reader, &key)?;
        Ok((key, tenant))
    })
}

/// Writes what happens to a secret into the log, and does it: both or neither.
fn record(
    session: &Session,
    operator: &Operator,
    key: &str,
    kind: EventKind,
    detail: Option<&str>,
    happen: &mut dyn FnMut(&mut dyn Writer, &mut Key) -> Result<()>,
) -> Result<()> {
    let now = session.now();
    session.store.writing(|writer| {
        let mut key = find::key(writer, key)?;
        let tenant = find::tenant_of(writer, &key)?;
        let event = operator.key_event(now, kind, &tenant, &key);
        writer.add_event(&NewEvent { detail: detail.map(str::to_owned), ..event })?;
        happen(writer, &mut key)
    })
}

/// Somebody has the secret from now on.
fn hand_over(writer: &mut dyn Writer, key: &mut Key) -> Result<()> {
    if key.handed_over {
        return Ok(());
    }
    key.handed_over = true;
    writer.update_key(key)
}

fn parse_id(key: &str) -> Result<KeyId> {
    key.parse().map_err(|_| gone())
}

fn gone() -> Error {
    Error::new(ErrorCode::SecretGone, "The window of this key was closed: its secret is gone.")
        .hint("Generate another key and revoke this one.")
}
