//! A disk of a test's own, small enough to be filled.
#![cfg(target_os = "linux")]

use std::fs::{self, Metadata};
use std::io::Write as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

fn as_root(program: &str, owner: &Metadata) -> Command {
    if owner.uid() == 0 {
        return Command::new(program);
    }
    let mut sudo = Command::new("sudo");
    sudo.args(["-n", program]);
    sudo
}

/// Unmounted when it is dropped.
pub(crate) struct Disk {
    folder: tempfile::TempDir,
}

impl Disk {
    /// An empty disk of so many KiB; `None`, with the reason printed, where nobody may mount one. `make test` finds out
    /// whether that is so, and sets `LATCHKEY_DISKS` where it is not: a test that is left out in silence proves nothing.
    pub(crate) fn mount(kib: u32) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let owner = fs::metadata(folder.path()).unwrap();
        let options = format!("size={kib}k,mode=0700,uid={},gid={}", owner.uid(), owner.gid());
        let mut mount = as_root("mount", &owner);
        mount.args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(folder.path());
        let refused = match mount.output() {
            Ok(done) if done.status.success() => return Some(Self { folder }),
            Ok(done) => String::from_utf8_lossy(&done.stderr).trim().to_owned(),
            Err(cause) => cause.to_string(),
        };
        let reason = format!("skipped: no disk can be mounted here ({refused})\n");
        assert!(std::env::var("LATCHKEY_DISKS").as_deref() != Ok("needed"), "{reason}");
        // Not by a macro, whose output the test runner keeps to itself.
        std::io::stderr().write_all(reason.as_bytes()).unwrap();
        None
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Leaves no room for another byte.
    pub(crate) fn fill(&self) {
        let mut file = fs::File::create(self.ballast()).unwrap();
        while file.write_all(&[b'x'; 4_096]).is_ok() {}
    }

    /// Makes room again.
    pub(crate) fn empty(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.path().join("ballast")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily, since a failed test may have files open there.
        let owner = fs::metadata(self.path()).unwrap();
        let done = as_root("umount", &owner).arg("--lazy").arg(self.path()).status();
        assert!(std::thread::panicking() || done.is_ok_and(|done| done.success()), "a disk stays mounted");
    }
}
