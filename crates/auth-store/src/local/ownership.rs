//! Whose a file is, and who may read it. A file that takes another's place keeps its owner, group and mode, and what lies beside a
//! store belongs to the store's owner, so that an administrator's call locks nobody out. Modes are set explicitly: a umask may take
//! even the owner's rights away.

#[cfg(unix)]
pub(crate) use unix::{keep, make_private_directory, of_store};

#[cfg(not(unix))]
pub(crate) use other::{keep, make_private_directory, of_store};

#[cfg(unix)]
mod unix {
    use crate::trusted_file;
    use std::{
        fs::{self, DirBuilder, File, Metadata},
        io,
        os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, fchown},
        path::Path,
    };

    /// The mode of a new file.
    const PRIVATE: u32 = 0o600;

    /// Gives a new file the owner, group and mode of the one whose place it takes; without one it stays ours, and private. A mode
    /// that lets all others in is an oversight, and is not kept.
    ///
    /// # Errors
    /// The process may not do that, or the file there is another user's.
    pub(crate) fn keep(new: &File, in_place_of: &Path) -> io::Result<()> {
        let found = found(in_place_of)?;
        let mode = found.as_ref().map_or(PRIVATE, |found| kept_mode(found.mode()));
        dress(new, found.as_ref(), mode)
    }

    /// Gives a new file beside a store to the store's owner; only they can read it.
    ///
    /// # Errors
    /// The process may not do that.
    pub(crate) fn of_store(new: &File, store: &Path) -> io::Result<()> {
        dress(new, found(store)?.as_ref(), PRIVATE)
    }

    /// Makes a directory that is private, and the store's owner's if there is a store.
    pub(crate) fn make_private_directory(path: &Path, store: &Path) -> io::Result<()> {
        let missing: Vec<&Path> = path
            .ancestors()
            .take_while(|path| !path.as_os_str().is_empty() && fs::symlink_metadata(path).is_err())
            .collect();
        for path in missing.into_iter().rev() {
            match DirBuilder::new().mode(0o700).create(path) {
                Ok(()) => give_directory(path, store).inspect_err(|_| drop(fs::remove_dir(path)))?,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        if fs::metadata(path)?.is_dir() { Ok(()) } else { Err(io::ErrorKind::NotADirectory.into()) }
    }

    fn give_directory(path: &Path, store: &Path) -> io::Result<()> {
        let opened = match trusted_file::open_directory(path) {
            // The umask has taken our own right to look into it.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                fs::set_permissions(path, PermissionsExt::from_mode(0o700))?;
                trusted_file::open_directory(path)?
            }
            opened => opened?,
        };
        // What is given away must be what was made.
        if opened.found.uid() != rustix::process::geteuid().as_raw() {
            return Err(trusted_file::another_s());
        }
        dress(&opened.file, found(store)?.as_ref(), 0o700)
    }

    fn dress(new: &File, found: Option<&Metadata>, mode: u32) -> io::Result<()> {
        let ours = new.metadata()?;
        // The owner first: that takes bits of the mode away.
        if let Some(found) = found
            && is_another_s(&ours, found)
        {
            fchown(new, Some(found.uid()), Some(found.gid())).map_err(not_ours)?;
        }
        if ours.mode() & 0o777 != mode {
            new.set_permissions(PermissionsExt::from_mode(mode))?;
        }
        Ok(())
    }

    /// What lies at a place whose links were followed; nothing if nothing is there.
    fn found(path: &Path) -> io::Result<Option<Metadata>> {
        match fs::symlink_metadata(path) {
            Ok(found) if !found.is_file() => Err(trusted_file::no_file()),
            Ok(found) => {
                trusted_file::check_owner(&found, path.parent().unwrap_or(Path::new(".")))?;
                Ok(Some(found))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn is_another_s(ours: &Metadata, found: &Metadata) -> bool {
        (ours.uid(), ours.gid()) != (found.uid(), found.gid())
    }

    fn kept_mode(found: u32) -> u32 {
        if found & 0o007 == 0 { found & 0o770 | PRIVATE } else { PRIVATE }
    }

    fn not_ours(error: io::Error) -> io::Error {
        match error.kind() {
            io::ErrorKind::PermissionDenied => {
                io::Error::new(error.kind(), "its owner and group cannot be kept by this user")
            }
            _ => error,
        }
    }

    #[cfg(test)]
    mod tests {
        use super::kept_mode;

        #[test]
        fn a_mode_is_kept_unless_it_lets_all_others_in_or_the_owner_out() {
            for (found, kept) in
                [(0o600, 0o600), (0o640, 0o640), (0o660, 0o660), (0o644, 0o600), (0o606, 0o600), (0, 0o600)]
            {
                assert_eq!(kept_mode(0o100_000 | found), kept, "{found:o}");
            }
        }
    }
}

/// Other systems have no owners and modes of this kind.
#[cfg(not(unix))]
mod other {
    use std::{fs, fs::File, io, path::Path};

    pub(crate) fn keep(_: &File, _: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(crate) fn of_store(_: &File, _: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(crate) fn make_private_directory(path: &Path, _: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }
}
