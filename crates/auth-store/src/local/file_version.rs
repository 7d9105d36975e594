//! Whether a file is still the one that was read.

use std::{
    fs::Metadata,
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

/// File systems record the time of a change in steps of up to this length. A second change within one step cannot be seen.
pub(crate) const CLOCK_STEP: Duration = Duration::from_secs(2);

/// Changes when another file takes a file's place, and when its content, mode or owner changes.
#[derive(PartialEq, Eq)]
pub(crate) struct FileVersion {
    device: u64,
    inode: u64,
    length: u64,
    mode: u32,
    /// Since 1970, in seconds and nanoseconds.
    modified: (i64, i64),
    /// The same for content, mode and owner. No program can set it.
    changed: (i64, i64),
}

impl FileVersion {
    /// The version of the file there now; nothing if there is none, or if the system cannot tell.
    pub(crate) fn at(path: &Path) -> Option<Self> {
        Self::of(&std::fs::metadata(path).ok()?)
    }

    /// The version of a file that is open.
    #[cfg(unix)]
    pub(crate) fn of(found: &Metadata) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        Some(Self {
            device: found.dev(),
            inode: found.ino(),
            length: found.size(),
            mode: found.mode(),
            modified: (found.mtime(), found.mtime_nsec()),
            changed: (found.ctime(), found.ctime_nsec()),
        })
    }

    #[cfg(not(unix))]
    pub(crate) fn of(_: &Metadata) -> Option<Self> {
        None
    }

    /// True if the last change is old enough for the next one to be seen.
    pub(crate) fn is_settled(&self, now: SystemTime) -> bool {
        let (seconds, _) = self.changed.max(self.modified);
        let changed = u64::try_from(seconds).ok().map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds));
        let age = changed.and_then(|changed| now.duration_since(changed).ok());
        // The part of a second is left out above.
        age.is_some_and(|age| age > CLOCK_STEP + Duration::from_secs(1))
    }

    /// True if only the owner and their group can read or write the file.
    pub(crate) fn is_private(&self) -> bool {
        self.mode & 0o007 == 0
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_change_that_may_be_followed_by_an_unseen_one_is_not_settled() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        assert!(FileVersion::at(&path).is_none());
        std::fs::write(&path, "x").unwrap();
        let (now, version) = (SystemTime::now(), FileVersion::at(&path).unwrap());
        assert!(version.is_settled(now + CLOCK_STEP * 3));
        assert!(!version.is_settled(now) && !version.is_settled(now - CLOCK_STEP));
    }
}
