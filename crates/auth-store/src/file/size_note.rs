//! A word to the log when a file gets so many records that a database would serve better.

use auth_core::visible;
use std::{
    path::Path,
    sync::atomic::{AtomicBool, Ordering},
};

/// Each write writes all records: with so many it takes some ten milliseconds.
const MANY: usize = 1_000;

/// Said once by a store and its clones.
#[derive(Default)]
pub(super) struct SizeNote {
    is_said: AtomicBool,
}

impl SizeNote {
    /// To be called with each write. True when it was said now.
    pub(super) fn note(&self, store: &Path, records: usize) -> bool {
        let is_due = records >= MANY && !self.is_said.swap(true, Ordering::Relaxed);
        if is_due {
            tracing::warn!(
                path = %visible(&store.to_string_lossy()), records,
                "each change writes this whole file: for so many records SqliteStore is made"
            );
        }
        is_due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_once_and_not_of_few_records() {
        let (note, path) = (SizeNote::default(), Path::new("store"));
        assert!(!note.note(path, MANY - 1) && note.note(path, MANY) && !note.note(path, MANY + 1));
    }
}
