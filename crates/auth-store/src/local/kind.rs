//! What tells the files of a kind of store from those of other programs: only what carries the kind's mark is ever renamed, changed in
//! mode or removed.

use super::error::{io_error, not_a_store};
use crate::{sealing::Format, trusted_file::Opened};
use auth_core::ports::StoreError;
use std::{io, path::Path};

/// A kind of store: the encrypted file, or the SQLite database.
pub(crate) struct StoreKind {
    /// The file's name where only a directory was given.
    pub(crate) default_name: &'static str,
    /// What the names of records and of locks are bound to.
    pub(crate) format: Format,
    /// The ends of the names of files that belong to the store's own and go where it goes.
    pub(crate) companions: &'static [&'static str],
    /// Opens a file in its place for a look at it.
    pub(crate) look: fn(&Path, &mut Look<'_>) -> io::Result<()>,
    /// Whether a file carries the mark.
    pub(crate) is_marked: fn(&Opened) -> io::Result<bool>,
    /// Whether these bytes may be the beginning of a store, however little of it: of a write that was cut off.
    pub(crate) may_begin: fn(&[u8]) -> bool,
}

/// What is done with a file while it is open.
pub(crate) type Look<'a> = dyn FnMut(&Opened) -> io::Result<()> + 'a;

impl StoreKind {
    /// Opens a file in its place, links at the end not being followed, and gives what is found by a look at it.
    pub(crate) fn look_at<T>(
        &self,
        path: &Path,
        mut look: impl FnMut(&Opened) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut found = None;
        (self.look)(path, &mut |opened| {
            found = Some(look(opened)?);
            Ok(())
        })?;
        found.ok_or_else(|| io::ErrorKind::Other.into())
    }

    /// True if the file carries the mark.
    pub(crate) fn is_at(&self, path: &Path) -> io::Result<bool> {
        self.look_at(path, self.is_marked)
    }

    /// Before anything is made beside a store: refuses where another program's file lies in its place. None, or an empty one, is good.
    ///
    /// # Errors
    /// [`StoreError::NotAStore`]; [`StoreError::Io`] if that cannot be told.
    pub(crate) fn check(&self, store: &Path) -> Result<(), StoreError> {
        match self.look_at(store, |opened| Ok(opened.found.len() == 0 || (self.is_marked)(opened)?)) {
            Ok(true) => Ok(()),
            Ok(false) => Err(not_a_store(store)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(io_error("reading a file", store)(error)),
        }
    }
}

/// A kind that marks nothing, for tests of what all kinds share.
#[cfg(all(test, unix))]
pub(crate) const OF_TESTS: StoreKind = StoreKind {
    default_name: "store",
    format: Format { name: "tests", version: 1 },
    companions: &[],
    look: |_, _| Ok(()),
    is_marked: |_| Ok(false),
    may_begin: |_| false,
};
