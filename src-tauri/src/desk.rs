//! What the window works with while it is open.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use latchkey_app::api_set::CatalogueFile;
use latchkey_app::error::{Error, Result};
use latchkey_app::import::ImportWindow;
use latchkey_app::key::bulk::BulkUndo;
use latchkey_app::recover;
use latchkey_app::remote::Tray;
use latchkey_app::save_window::SaveWindow;
use latchkey_app::session::{Operator, Origin, Session};
use latchkey_app::wire::{ErrorCode, ProfileView, VaultKind};
use latchkey_clipboard::DesktopClipboard;
use latchkey_domain::secret::Secret;
use tauri::{AppHandle, Emitter as _};

/// Told to the web view when a copied secret has left the clipboard.
const CLIPBOARD_CLEARED: &str = "clipboard-cleared";

/// Told to the web view when a change that a server is asked for begins or ends: it asks whether one is under way.
const CHANGE_ASKED: &str = "change-asked";

const CLIPBOARD_TIME: Duration = Duration::from_secs(30);

/// The profile, the operator and the Save windows.
pub(crate) struct Desk {
    /// Who acts.
    pub(crate) operator: Operator,
    /// The secrets that were just generated.
    pub(crate) save_window: SaveWindow,
    /// The keys of a file that is being imported.
    pub(crate) import: ImportWindow,
    /// The keys that were pasted and are not recorded yet.
    pub(crate) tray: Tray,
    home: PathBuf,
    profile: Mutex<OpenProfile>,
    clipboard: Mutex<Option<DesktopClipboard>>,
    /// The file of API sets whose import is being shown.
    catalogue: Mutex<Option<CatalogueFile>>,
    /// The file of the connector that is being shown.
    manifest: Mutex<Option<PathBuf>>,
    /// What the last action on several keys found.
    undo: Mutex<Option<BulkUndo>>,
    app: AppHandle,
}

#[derive(Default)]
struct OpenProfile {
    session: Option<Arc<Session>>,
    problem: Option<Error>,
}

impl Desk {
    /// Opens the profile in its folder.
    ///
    /// Never fails: what is wrong with the profile is shown in the window.
    pub(crate) fn open(app: &AppHandle, home: Result<PathBuf>) -> Self {
        let (home, problem) = match home {
            Ok(home) => (home, None),
            Err(error) => (PathBuf::new(), Some(error)),
        };
        let desk = Self {
            operator: latchkey_profile::operator(Origin::Window),
            save_window: SaveWindow::default(),
            import: ImportWindow::default(),
            tray: Tray::default(),
            home,
            profile: Mutex::new(OpenProfile { session: None, problem }),
            clipboard: Mutex::new(None),
            catalogue: Mutex::new(None),
            manifest: Mutex::new(None),
            undo: Mutex::new(None),
            app: app.clone(),
        };
        if !desk.home.as_os_str().is_empty() {
            desk.reopen();
        }
        desk
    }

    /// The open profile.
    ///
    /// Fails with what was wrong with it, or with `vault_locked` until the passphrase was given: the web view is not
    /// trusted to show the page that asks for it.
    pub(crate) fn session(&self) -> Result<Arc<Session>> {
        let profile = self.profile();
        match (&profile.session, &profile.problem) {
            (Some(session), _) if session.vault.is_locked() => {
                self.tray.clear();
                Err(Error::new(ErrorCode::VaultLocked, "The vault is locked.").hint("Give its passphrase first."))
            }
            (Some(session), _) => Ok(session.clone()),
            (None, Some(problem)) => Err(problem.clone()),
            (None, None) => Err(Error::new(ErrorCode::ProfileMissing, "There is no profile yet.")),
        }
    }

    /// What to show first.
    pub(crate) fn view(&self) -> ProfileView {
        let (session, problem) = {
            let profile = self.profile();
            (profile.session.clone(), profile.problem.clone())
        };
        latchkey_profile::view(&self.home, &self.operator, session.as_deref(), problem.as_ref())
    }

    /// Opens the profile again, where that failed before.
    pub(crate) fn reopen(&self) {
        let mut profile = self.profile();
        if profile.session.is_none() {
            *profile = match latchkey_profile::open(&self.home, None) {
                Ok(session) => {
                    self.tell_of_changes(&session);
                    OpenProfile { session: Some(Arc::new(session)), problem: None }
                }
                Err(problem) => OpenProfile { session: None, problem: Some(problem) },
            };
        } else if let Some(session) = &profile.session
            && let Err(error) = recover::at_start(session)
        {
            tracing::warn!(code = ?error.code(), "what was half-done waits for the next start");
        }
    }

    /// Makes the profile.
    pub(crate) fn create(&self, vault: VaultKind, passphrase: Option<&Secret>) -> Result<()> {
        let mut profile = self.profile();
        let session = latchkey_profile::create(&self.home, vault, passphrase)?;
        self.tell_of_changes(&session);
        *profile = OpenProfile { session: Some(Arc::new(session)), problem: None };
        Ok(())
    }

    /// The web view hears when a server is asked to change something, and when it has answered.
    fn tell_of_changes(&self, session: &Session) {
        let app = self.app.clone();
        session.changes.listen(move |_| {
            if let Err(error) = app.emit(CHANGE_ASKED, ()) {
                tracing::warn!(%error, "the web view was not told that a server is asked");
            }
        });
    }

    /// Unlocks the vault, then finishes or undoes what waited for it.
    pub(crate) fn unlock(&self, passphrase: &Secret) -> Result<()> {
        let session = self.profile().session.clone();
        let session = session.ok_or_else(|| Error::new(ErrorCode::ProfileMissing, "There is no profile yet."))?;
        session.vault.unlock(passphrase)?;
        recover::at_start(&session).map(|_| ())
    }

    /// Puts a secret on the clipboard by way of `copy`, and answers with the seconds until it is cleared.
    pub(crate) fn with_clipboard(
        &self,
        copy: impl FnOnce(&dyn latchkey_app::ports::Clipboard, Duration) -> Result<()>,
    ) -> Result<u32> {
        let time = clipboard_time();
        self.on_clipboard(|clipboard| copy(clipboard, time))?;
        Ok(u32::try_from(time.as_secs()).unwrap_or(u32::MAX))
    }

    /// The text on the clipboard, whoever put it there.
    pub(crate) fn read_clipboard(&self) -> Result<Option<Secret>> {
        self.on_clipboard(DesktopClipboard::read)
    }

    fn on_clipboard<T>(&self, work: impl FnOnce(&DesktopClipboard) -> Result<T>) -> Result<T> {
        let mut clipboard = self.clipboard.lock().unwrap_or_else(PoisonError::into_inner);
        work(clipboard.get_or_insert_with(|| {
            let app = self.app.clone();
            DesktopClipboard::new(move || {
                if let Err(error) = app.emit(CLIPBOARD_CLEARED, ()) {
                    tracing::warn!(%error, "the web view was not told that the clipboard is cleared");
                }
            })
        }))
    }

    /// Keeps the file of API sets that is being shown, so that nothing else is imported than was seen.
    pub(crate) fn hold_catalogue(&self, file: CatalogueFile) {
        *self.catalogue.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
    }

    /// Works with that file.
    pub(crate) fn with_catalogue<T>(&self, work: impl FnOnce(&CatalogueFile) -> Result<T>) -> Result<T> {
        let held = self.catalogue.lock().unwrap_or_else(PoisonError::into_inner);
        work(held.as_ref().ok_or_else(|| {
            Error::new(ErrorCode::NotNow, "No file was chosen.").hint("Choose the file that is to be imported.")
        })?)
    }

    /// Keeps the place of the connector that is being shown: the web view does not name files.
    pub(crate) fn hold_manifest(&self, file: PathBuf) {
        *self.manifest.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
    }

    /// That place.
    pub(crate) fn held_manifest(&self) -> Result<PathBuf> {
        let held = self.manifest.lock().unwrap_or_else(PoisonError::into_inner).clone();
        held.ok_or_else(|| {
            Error::new(ErrorCode::NotNow, "No file was chosen.").hint("Choose the connector that is to be added.")
        })
    }

    /// Keeps what the last action on several keys can be undone with.
    pub(crate) fn hold_undo(&self, undo: BulkUndo) {
        *self.undo.lock().unwrap_or_else(PoisonError::into_inner) = Some(undo);
    }

    /// Undoes with it; once that has worked, there is nothing more to undo.
    pub(crate) fn with_undo<T>(&self, work: impl FnOnce(&BulkUndo) -> Result<T>) -> Result<T> {
        let mut held = self.undo.lock().unwrap_or_else(PoisonError::into_inner);
        let nothing = || Error::new(ErrorCode::NotNow, "There is nothing to undo.");
        let done = work(held.as_ref().ok_or_else(nothing)?)?;
        *held = None;
        Ok(done)
    }

    /// Puts a secret that was kept on the clipboard.
    pub(crate) fn copy(&self, secret: Secret) -> Result<u32> {
        self.with_clipboard(|clipboard, time| clipboard.copy(secret, time))
    }

    /// The program ends: a copied secret leaves the clipboard with it.
    pub(crate) fn leave(&self) {
        self.import.close();
        self.tray.clear();
        self.clipboard.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(session) = self.profile().session.take() {
            self.save_window.leave(&session, &self.operator);
        }
    }

    fn profile(&self) -> MutexGuard<'_, OpenProfile> {
        self.profile.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The profile folder named by the environment, or this user's. Fails where there is neither.
pub(crate) fn home() -> Result<PathBuf> {
    let named = std::env::var_os(latchkey_profile::HOME_VARIABLE).map(PathBuf::from);
    named.map_or_else(latchkey_profile::default_home, Ok)
}

/// How long a copied secret stays on the clipboard.
#[cfg(not(feature = "fault-points"))]
pub(crate) fn clipboard_time() -> Duration {
    CLIPBOARD_TIME
}

/// Tests need not wait for half a minute.
#[cfg(feature = "fault-points")]
pub(crate) fn clipboard_time() -> Duration {
    let seconds = std::env::var("LATCHKEY_CLIPBOARD_SECONDS").ok().and_then(|text| text.parse().ok());
    seconds.map_or(CLIPBOARD_TIME, Duration::from_secs)
}
