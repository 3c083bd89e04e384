use std::fs::{self, File};
use std::path::{Path, PathBuf};

use latchkey_app::error::{Error, Result};
use latchkey_app::session::Instance;
use uuid::Uuid;

/// This process among all that have the profile open: it holds a lock on a file of its name, which the operating
/// system lets go when the process ends, however it ends.
pub(crate) struct RunningInstance {
    id: String,
    folder: PathBuf,
    _locked: File,
}

impl RunningInstance {
    pub(crate) fn start(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).map_err(|cause| Error::io("make the folder", folder, &cause))?;
        sweep(folder);
        let mut bytes = [0; 16];
        rand::Rng::fill_bytes(&mut crate::system_rng(), &mut bytes);
        let id = uuid::Builder::from_random_bytes(bytes).into_uuid().to_string();
        let path = folder.join(&id);
        let file = File::create_new(&path).map_err(|cause| Error::io("make the file", &path, &cause))?;
        file.lock().map_err(|cause| Error::io("lock the file", &path, &cause))?;
        Ok(Self { id, folder: folder.to_path_buf(), _locked: file })
    }
}

impl Instance for RunningInstance {
    fn id(&self) -> &str {
        &self.id
    }

    fn is_gone(&self, id: &str) -> bool {
        // The name comes from the database: nothing but a name may be looked for.
        Uuid::try_parse(id).is_err() || is_gone(&self.folder.join(id))
    }
}

impl Drop for RunningInstance {
    fn drop(&mut self) {
        // Best effort: what stays is swept by the next start.
        let _ = fs::remove_file(self.folder.join(&self.id));
    }
}

/// Whether nobody holds the lock: there is no file, or it can be locked.
fn is_gone(path: &Path) -> bool {
    match File::open(path) {
        Ok(file) => file.try_lock().is_ok(),
        Err(cause) => cause.kind() == std::io::ErrorKind::NotFound,
    }
}

/// Removes the files of processes that are gone. Files younger than a minute stay: their process may be about to lock.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let old = entry
            .metadata()
            .and_then(|found| found.modified())
            .is_ok_and(|made| made.elapsed().is_ok_and(|age| age.as_secs() > 60));
        if old && is_gone(&entry.path()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
