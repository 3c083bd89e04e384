//! A bundle, or an endorsement, and its signature on their way to their places.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use latchkey_domain::id::{KeyId, TenantId};
use latchkey_verify::{BundleFile, Endorsement, limits};

use crate::delivery;
use crate::error::{Error, Result};
use crate::ports::{FileDelivery, JournalEntry, JournalStep, Writer};
use crate::session::Session;

/// A signed file and its signature, written in a folder beside their places. The journal knows of it, so that a start takes
/// away what a process left that died.
pub(super) struct Pair {
    entry: JournalEntry,
    folder: FileDelivery,
    bundle: FileDelivery,
    signature: FileDelivery,
}

/// The place of a bundle's signature.
pub(super) fn signature_of(bundle: &Path) -> PathBuf {
    with_ending(bundle, ".minisig")
}

/// A file beside another one, whose name begins with that one's.
pub(super) fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(ending);
    PathBuf::from(name)
}

/// Fails with `file_exists` where something else than a bundle of this tenant has the place, or something else than a
/// signature that of the signature: a newer bundle takes the place of an older one, and of nothing else.
pub(super) fn check_places(target: &Path, tenant: TenantId) -> Result<()> {
    check_places_of(target, limits::MAX_FILE, "It is no bundle of this tenant.", |bytes| {
        BundleFile::peek(bytes).is_ok_and(|file| file.header().tenant.0 == *tenant.as_bytes())
    })
}

/// The same for an endorsement.
pub(super) fn check_places_of_endorsement(target: &Path, tenant: TenantId) -> Result<()> {
    check_places_of(target, limits::MAX_ENDORSEMENT, "It is no endorsement of this tenant.", |bytes| {
        Endorsement::peek(bytes).is_ok_and(|endorsement| endorsement.tenant.0 == *tenant.as_bytes())
    })
}

fn check_places_of(target: &Path, most: usize, other: &str, is_own: impl Fn(&[u8]) -> bool) -> Result<()> {
    let taken = |path: &Path| Error::io("write", path, &io::ErrorKind::AlreadyExists.into());
    let read = |path: &Path, most: usize| {
        let small = path.metadata().is_ok_and(|found| found.is_file() && found.len() <= most as u64);
        if small { fs::read(path).ok() } else { None }
    };
    if target.symlink_metadata().is_ok() && !read(target, most).is_some_and(|bytes| is_own(&bytes)) {
        return Err(taken(target).hint(format!("{other} Choose another name, or move it away first.")));
    }
    let signature = signature_of(target);
    if signature.symlink_metadata().is_ok() {
        let own =
            read(&signature, limits::MAX_SIGNATURE).is_some_and(|bytes| bytes.starts_with(b"untrusted comment: "));
        if !own {
            return Err(taken(&signature));
        }
    }
    Ok(())
}

impl Pair {
    /// Writes both, durable when this returns. `doubts` goes into the database before.
    pub(super) fn write(
        session: &Session,
        target: &Path,
        bundle: &[u8],
        signature: &str,
        doubts: impl Fn(&mut dyn Writer) -> Result<()>,
    ) -> Result<Self> {
        let id = session.with_rng(|rng| KeyId::random(rng));
        let folder = delivery::plan_over(id, target)?;
        let within = |name: &str, target: PathBuf| FileDelivery { part: folder.part.join(name), target };
        let pair = Self {
            bundle: within("bundle", folder.target.clone()),
            signature: within("signature", signature_of(&folder.target)),
            entry: JournalEntry {
                key: id,
                step: JournalStep::Delivering { file: folder.clone() },
                instance: session.instance.id().to_owned(),
                at: session.now(),
            },
            folder,
        };
        session.store.writing(|writer| {
            doubts(writer)?;
            writer.put_journal(&pair.entry)
        })?;
        crate::fault::point("export.journaled");
        let written = pair.fill(bundle, signature);
        if let Err(error) = written {
            pair.give_up(session);
            return Err(error);
        }
        crate::fault::point("export.written");
        Ok(pair)
    }

    fn fill(&self, bundle: &[u8], signature: &str) -> Result<()> {
        let failed = |cause: io::Error| Error::io("write", &self.bundle.target, &cause);
        delivery::make_private_folder(&self.folder.part).map_err(failed)?;
        for (file, bytes) in [(&self.bundle, bundle), (&self.signature, signature.as_bytes())] {
            // Nothing in them is secret: services of other accounts read them.
            let mut part = fs::File::create_new(&file.part).map_err(failed)?;
            part.write_all(bytes).and_then(|()| part.sync_all()).map_err(failed)?;
        }
        Ok(())
    }

    /// Gives both their places in the transaction in which `record` writes that down; takes everything back where one fails.
    pub(super) fn deliver(
        self,
        session: &Session,
        mut record: impl FnMut(&mut dyn Writer) -> Result<()>,
    ) -> Result<()> {
        let placed = session.store.writing(|writer| {
            record(writer)?;
            writer.remove_journal(self.entry.key)?;
            self.place()?;
            // While the journal still knows of it: a process that dies here leaves nothing beside the places.
            self.sweep();
            Ok(())
        });
        if placed.is_err() {
            self.give_up(session);
        }
        placed
    }

    /// Gives both their places, the signature last: a bundle without its signature is believed by nobody, and an old
    /// signature is not that of a new bundle.
    fn place(&self) -> Result<()> {
        let is_new = self.bundle.target.symlink_metadata().is_err();
        delivery::settle_over(&self.bundle)?;
        crate::fault::point("export.half");
        let placed = delivery::settle_over(&self.signature);
        if placed.is_err() && is_new {
            delivery::remove_file(&self.bundle.target)?;
        }
        crate::fault::point("export.placed");
        placed
    }

    /// Takes away what was written beside the places. A start does it where this fails.
    fn sweep(&self) {
        if let Err(error) = delivery::drop_part(&self.folder) {
            tracing::warn!(code = ?error.code(), "what was written of a bundle stays beside it");
        }
    }

    /// Takes everything back.
    fn give_up(&self, session: &Session) {
        let gone = delivery::drop_part(&self.folder);
        let struck = gone.and_then(|()| session.store.writing(|writer| writer.remove_journal(self.entry.key)));
        if let Err(error) = struck {
            tracing::warn!(code = ?error.code(), "what was written of a bundle is taken away at the next start");
        }
    }
}
