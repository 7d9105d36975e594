//! The accounts that are in use: whoever asks for the same profile and office of a client gets the same state, so that a sign-out
//! and a refresh through one handle are seen by all.

use auth_core::{Office, Profile};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

/// The accounts of one client and of those made from it, by profile and office. One that nobody uses any more takes no memory.
pub(crate) struct Accounts<T>(Mutex<Table<T>>);

type Table<T> = HashMap<(Profile, Office), Weak<T>>;

impl<T> Default for Accounts<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Accounts<T> {
    /// The account as it is in use, or a new one.
    pub(super) fn get_or_insert(&self, profile: &Profile, office: Office, new: impl FnOnce() -> T) -> Arc<T> {
        let mut table = self.table();
        let place = table.entry((profile.clone(), office)).or_default();
        place.upgrade().unwrap_or_else(|| {
            let account = Arc::new(new());
            *place = Arc::downgrade(&account);
            account
        })
    }

    /// Forgets an account that nobody uses any more, unless another one is in its place already.
    pub(super) fn forget(&self, profile: &Profile, office: Office, gone: &T) {
        let mut table = self.table();
        let key = (profile.clone(), office);
        if table.get(&key).is_some_and(|there| std::ptr::eq(there.as_ptr(), gone)) {
            table.remove(&key);
        }
        // A service had a rush: the room is not kept for ever.
        if table.capacity() > 1024 && table.len() < table.capacity() / 8 {
            table.shrink_to_fit();
        }
    }

    fn table(&self) -> MutexGuard<'_, Table<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
