//! Sessions that could not be saved, and have been signed out: they have no session id by which their handles could know.

use auth_core::session::StoredSession;
use std::{
    collections::HashSet,
    hash::{BuildHasher, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Those of one account that have ended, by a keyed hash of their tokens.
#[derive(Default)]
pub(super) struct NeverSaved {
    ended: Mutex<HashSet<u64>>,
    key: RandomState,
}

impl NeverSaved {
    /// From now on it has ended, for all its handles. False if it had before.
    pub(super) fn end(&self, session: &StoredSession) -> bool {
        self.ended().insert(self.id(session))
    }

    pub(super) fn contains(&self, session: &StoredSession) -> bool {
        self.ended().contains(&self.id(session))
    }

    fn id(&self, session: &StoredSession) -> u64 {
        let tokens = &session.tokens;
        self.key.hash_one((tokens.access.token.expose(), tokens.refresh.token.expose()))
    }

    fn ended(&self) -> MutexGuard<'_, HashSet<u64>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
