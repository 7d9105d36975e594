//! Looking at a database's file without taking SQLite's locks away: on Unix its locks belong to the process, and closing any other
//! descriptor of the file gives all of them back. So a file that was looked at while this process has connections to it stays open until
//! the last of them is closed.

#[cfg(not(unix))]
pub(super) use other::look;
#[cfg(unix)]
pub(super) use unix::look;

use std::{io, path::Path};

/// Which file it is, whatever its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    /// The file that is there now, no link being followed.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        Ok(Self::of(&std::fs::symlink_metadata(path)?))
    }

    #[cfg(unix)]
    fn of(found: &std::fs::Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self { device: found.dev(), inode: found.ino() }
    }

    /// Elsewhere a file that is open can be neither removed nor replaced.
    #[cfg(not(unix))]
    fn of(_: &std::fs::Metadata) -> Self {
        Self { device: 0, inode: 0 }
    }
}

/// That this process has a connection to a file. To be made before the connection and dropped after it.
pub(super) struct Connected {
    #[cfg_attr(not(unix), allow(dead_code, reason = "nothing is kept open here"))]
    pub(super) id: FileId,
}

impl Connected {
    pub(super) fn to(path: &Path) -> io::Result<Self> {
        let id = FileId::at(path)?;
        #[cfg(unix)]
        unix::connect(id);
        Ok(Self { id })
    }
}

#[cfg(unix)]
impl Drop for Connected {
    fn drop(&mut self) {
        unix::disconnect(self.id);
    }
}

#[cfg(unix)]
mod unix {
    use super::FileId;
    use crate::{
        local::kind::Look,
        trusted_file::{self, Access, Opened},
    };
    use std::{
        collections::BTreeMap,
        io,
        path::Path,
        sync::{Mutex, MutexGuard, PoisonError},
    };

    /// A file with connections.
    #[derive(Default)]
    struct InUse {
        connections: usize,
        /// As it was opened for a look.
        looked_at: Option<Opened>,
    }

    static IN_USE: Mutex<BTreeMap<FileId, InUse>> = Mutex::new(BTreeMap::new());

    fn in_use() -> MutexGuard<'static, BTreeMap<FileId, InUse>> {
        IN_USE.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn connect(id: FileId) {
        in_use().entry(id).or_default().connections += 1;
    }

    pub(super) fn disconnect(id: FileId) {
        let mut in_use = in_use();
        let Some(file) = in_use.get_mut(&id) else { return };
        file.connections -= 1;
        if file.connections == 0 {
            in_use.remove(&id);
        }
    }

    /// Opens a file in its place for a look at it.
    pub(in super::super) fn look(path: &Path, look: &mut Look<'_>) -> io::Result<()> {
        // Held to the end: nobody gets a connection while the file can still be closed.
        let mut in_use = in_use();
        if let Some(InUse { looked_at: Some(opened), .. }) = in_use.get_mut(&FileId::at(path)?) {
            opened.found = opened.file.metadata()?;
            trusted_file::check_owner(&opened.found, path.parent().unwrap_or(Path::new(".")))?;
            return look(opened);
        }
        let opened = trusted_file::open_in_place(path, Access::Read)?;
        let looked = look(&opened);
        if let Some(file) = in_use.get_mut(&FileId::of(&opened.found)) {
            file.looked_at = Some(opened);
        }
        looked
    }
}

/// Elsewhere a lock belongs to whoever has opened the file.
#[cfg(not(unix))]
mod other {
    use crate::{
        local::kind::Look,
        trusted_file::{self, Access},
    };
    use std::{io, path::Path};

    pub(in super::super) fn look(path: &Path, look: &mut Look<'_>) -> io::Result<()> {
        look(&trusted_file::open_in_place(path, Access::Read)?)
    }
}
