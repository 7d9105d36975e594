//! Files that are written where a person says: another program's file is never replaced or removed.

use crate::failure::Failure;
use auth_client::{
    ports::{StoreError, reason},
    store::trusted_file::{self, Access},
};
use std::{
    fs::{self, Metadata},
    io::{self, ErrorKind, Read, Write},
    path::{Path, PathBuf},
};

/// A file of one kind, in a place that an option names.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    /// The option.
    pub(crate) option: &'static str,
    /// The mode of a new file. One that others must not read is made private where it was not.
    pub(crate) mode: u32,
    /// True for the first bytes of what this program writes there.
    pub(crate) is_ours: fn(&[u8]) -> bool,
}

/// As far as a mark is looked for.
const HEAD_BYTES: u64 = 4096;

impl Kind {
    /// Refuses a place that has another program's file, so that it is found out before anything is done.
    pub(crate) fn check(self, path: &Path) -> Result<(), Failure> {
        self.place(path).map(drop)
    }

    /// Puts the bytes there, whole or not at all. A file that is there keeps its owner and group, or is not written; an
    /// empty one counts as none.
    pub(crate) fn put(self, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
        let (place, found) = self.place(path)?;
        self.replace(&place, found.as_ref(), bytes).map_err(|error| self.unusable(path, &error))
    }

    /// Removes what was put there, if that is still what lies there.
    pub(crate) fn remove(self, path: &Path) {
        if let Ok((place, Some(_))) = self.place(path) {
            let _gone = fs::remove_file(place);
        }
    }

    /// Where a path leads, and what is there. Another user's file is refused, and a link of theirs, by which they would choose what we
    /// write over.
    fn place(self, path: &Path) -> Result<(PathBuf, Option<Metadata>), Failure> {
        let unusable = |error: io::Error| self.unusable(path, &error);
        let named = std::path::absolute(path).map_err(unusable)?;
        // What a link leads to is replaced, not the link.
        let (place, found) = trusted_file::follow(&named).map_err(unusable)?;
        match found {
            None if place != named => return Err(unusable(io::Error::other("the link leads nowhere"))),
            None => return Ok((place, None)),
            Some(found) if found.is_dir() => return Err(unusable(ErrorKind::IsADirectory.into())),
            Some(found) if !found.is_file() => return Err(not_ours(path)),
            Some(_) => {}
        }
        let mut opened = trusted_file::open_in_place(&place, Access::Read).map_err(unusable)?;
        if opened.found.len() > 0 && !(self.is_ours)(&head(&mut opened.file).map_err(unusable)?) {
            return Err(not_ours(path));
        }
        Ok((place, Some(opened.found)))
    }

    fn replace(self, place: &Path, found: Option<&Metadata>, bytes: &[u8]) -> io::Result<()> {
        let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut part = tempfile::Builder::new().prefix(".b2auth-").tempfile_in(folder)?;
        #[cfg(unix)]
        self.dress(part.as_file(), found)?;
        #[cfg(not(unix))]
        let _ = found;
        part.write_all(bytes)?;
        part.persist(place).map_err(|error| error.error)?;
        Ok(())
    }

    /// Gives a new file the owner, group and mode that it is to have, whatever the umask.
    #[cfg(unix)]
    fn dress(self, file: &fs::File, found: Option<&Metadata>) -> io::Result<()> {
        use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
        let mut mode = self.mode;
        if let Some(found) = found {
            let ours = file.metadata()?;
            if (ours.uid(), ours.gid()) != (found.uid(), found.gid()) {
                fchown(file, Some(found.uid()), Some(found.gid()))?;
            }
            let is_secret = self.mode & 0o077 == 0;
            if !is_secret || found.mode() & 0o007 == 0 {
                mode = found.mode() & 0o777 | 0o600;
            }
        }
        file.set_permissions(PermissionsExt::from_mode(mode))
    }

    fn unusable(self, path: &Path, error: &io::Error) -> Failure {
        Failure::usage(format!("{} {}: {}", self.option, path.display(), reason(error)))
    }
}

fn not_ours(path: &Path) -> Failure {
    StoreError::NotAStore { path: path.to_owned() }.into()
}

fn head(file: &mut fs::File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(HEAD_BYTES).read_to_end(&mut bytes)?;
    Ok(bytes)
}
