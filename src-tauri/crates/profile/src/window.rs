//! What the window remembers of itself in the profile folder: the tenant that was open, and how large it was.
//!
//! It is no part of the profile: losing it costs no more than a click. So it is a file of its own, and writing it is no
//! change that other windows would have to look at.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use latchkey_app::error::{Error, Result};
use latchkey_app::wire::ErrorCode;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The file in the profile folder.
const FILE: &str = "window.json";

/// What was remembered, and where.
pub struct Remembered {
    home: PathBuf,
    window: Mutex<WindowState>,
}

#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct WindowState {
    tenant: Option<Uuid>,
    size: WindowSize,
}

/// How large a window is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WindowSize {
    /// Its inner width and height in logical pixels, while it does not fill the screen; `None` where nobody has ever seen it so.
    pub inner: Option<(u32, u32)>,
    /// Whether it fills the screen.
    pub maximized: bool,
}

impl Remembered {
    /// Reads what was remembered in a profile folder. Where that is nothing, or nothing that can be read, a window looks as
    /// it does for the first time.
    #[must_use]
    pub fn read(home: &Path) -> Self {
        let read = fs::read(home.join(FILE)).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        Self { home: home.to_owned(), window: Mutex::new(read.unwrap_or_default()) }
    }

    /// The tenant whose keys were listed last; `None` where it was all of them. It may be gone since.
    #[must_use]
    pub fn tenant(&self) -> Option<String> {
        self.now().tenant.map(|tenant| tenant.to_string())
    }

    /// How large the window was.
    #[must_use]
    pub fn size(&self) -> WindowSize {
        self.now().size
    }

    /// Remembers the tenant whose keys are listed.
    ///
    /// Fails with `invalid_input` where that is no identifier, and with the codes of files; then it is known until the process
    /// ends.
    pub fn open_tenant(&self, tenant: Option<&str>) -> Result<()> {
        let unlike = |_| Error::new(ErrorCode::InvalidInput, "That is no identifier of a tenant.");
        let tenant = tenant.map(Uuid::try_parse).transpose().map_err(unlike)?;
        self.change(|window| window.tenant = tenant)
    }

    /// Remembers the inner width and height of a window that does not fill the screen. Fails with the codes of files.
    pub fn resize(&self, width: u32, height: u32) -> Result<()> {
        self.change(|window| window.size = WindowSize { inner: Some((width, height)), maximized: false })
    }

    /// Remembers that the window fills the screen; how large it was before that stays known. Fails with the codes of files.
    pub fn maximize(&self) -> Result<()> {
        self.change(|window| window.size.maximized = true)
    }

    fn now(&self) -> WindowState {
        self.window.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn change(&self, change: impl FnOnce(&mut WindowState)) -> Result<()> {
        // Held while it is written, so that what is remembered last is what stands there.
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let before = window.clone();
        change(&mut window);
        // A folder that holds no profile is none of ours.
        if *window == before || !crate::database(&self.home).exists() {
            return Ok(());
        }
        let file = self.home.join(FILE);
        let failed = |cause: std::io::Error| Error::io("write", &file, &cause);
        // In one piece, but not waiting for the disk: it may be lost.
        let mut part = tempfile::NamedTempFile::new_in(&self.home).map_err(failed)?;
        serde_json::to_writer(&mut part, &*window).map_err(|cause| failed(cause.into()))?;
        part.flush().map_err(failed)?;
        part.persist(&file).map_err(|error| failed(error.error))?;
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs;

    use latchkey_app::wire::ErrorCode;

    use super::{FILE, Remembered, WindowSize};

    const TENANT: &str = "0b8e6f6e-6a3f-4f2e-9d0a-3c1c5a7d9e11";

    fn profile() -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        fs::write(crate::database(home.path()), "").unwrap();
        home
    }

    #[test]
    fn what_the_window_was_like_is_known_the_next_time() {
        let home = profile();
        let window = Remembered::read(home.path());
        assert_eq!((window.tenant(), window.size()), (None, WindowSize::default()));
        window.open_tenant(Some(TENANT)).unwrap();
        window.resize(1400, 900).unwrap();
        window.maximize().unwrap();

        let again = Remembered::read(home.path());
        let size = WindowSize { inner: Some((1400, 900)), maximized: true };
        assert_eq!((again.tenant().as_deref(), again.size()), (Some(TENANT), size));
        again.open_tenant(None).unwrap();
        again.resize(1500, 1000).unwrap();
        let again = Remembered::read(home.path());
        let size = WindowSize { inner: Some((1500, 1000)), maximized: false };
        assert_eq!((again.tenant(), again.size()), (None, size));
        // The database, and what is remembered: nothing is left over from writing it.
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn it_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let home = profile();
        Remembered::read(home.path()).maximize().unwrap();
        assert_eq!(fs::metadata(home.path().join(FILE)).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_nobody_understands_is_as_good_as_none() {
        let home = profile();
        for broken in ["", "{", "[]", r#"{"tenant":"../../etc"}"#, r#"{"size":{"inner":[-1,2]}}"#] {
            fs::write(home.path().join(FILE), broken).unwrap();
            let window = Remembered::read(home.path());
            assert_eq!((window.tenant(), window.size()), (None, WindowSize::default()), "{broken}");
            window.open_tenant(Some(TENANT)).unwrap();
            assert_eq!(Remembered::read(home.path()).tenant().as_deref(), Some(TENANT));
        }
    }

    #[test]
    fn only_identifiers_of_tenants_are_remembered() {
        let home = profile();
        let error = Remembered::read(home.path()).open_tenant(Some("a tenant")).unwrap_err();
        assert_eq!(error.code(), ErrorCode::InvalidInput);
        assert!(!home.path().join(FILE).exists());
    }

    #[test]
    fn nothing_is_written_where_there_is_no_profile() {
        let home = tempfile::tempdir().unwrap();
        let window = Remembered::read(home.path());
        window.open_tenant(Some(TENANT)).unwrap();
        assert_eq!(window.tenant().as_deref(), Some(TENANT));
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }
}
