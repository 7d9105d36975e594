//! Connections that wait for their next use. Opening one takes longer than reading a record.

use super::{database::Database, trouble::Trouble};
use crate::local::paths::StorePaths;
use std::sync::{Mutex, PoisonError};

/// So many wait at most; further ones are closed after their use.
const MOST_IDLE: usize = 8;

#[derive(Default)]
pub(super) struct Pool {
    idle: Mutex<Vec<Database>>,
}

impl Pool {
    /// A connection to the database that is there now; nothing if none is.
    pub(super) fn take(&self, paths: &StorePaths) -> Result<Option<Database>, Trouble> {
        while let Some(database) = self.pop() {
            if database.is_at(paths) {
                return Ok(Some(database));
            }
        }
        Database::open(paths)
    }

    /// For the next one.
    pub(super) fn give_back(&self, database: Database) {
        let mut idle = self.idle();
        if idle.len() < MOST_IDLE {
            idle.push(database);
        }
    }

    /// Closes all that wait.
    pub(super) fn clear(&self) {
        let closed = std::mem::take(&mut *self.idle());
        drop(closed);
    }

    fn pop(&self) -> Option<Database> {
        self.idle().pop()
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Database>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
