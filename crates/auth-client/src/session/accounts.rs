//! The accounts that are in use: whoever asks for the same profile and office of a client gets the same state, so that a sign-out
//! and a refresh through one handle are seen by all.

use auth_core::{Office, Profile};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

/// The accounts of one client and of those made from it, by profile and office. One that nobody uses any more takes no memory, but
/// for what it has to leave behind (`L`): what is nowhere else.
pub(crate) struct Accounts<T, L>(Mutex<Table<T, L>>);

struct Table<T, L> {
    in_use: HashMap<(Profile, Office), Weak<T>>,
    left: HashMap<(Profile, Office), L>,
}

impl<T, L> Default for Accounts<T, L> {
    fn default() -> Self {
        Self(Mutex::new(Table { in_use: HashMap::new(), left: HashMap::new() }))
    }
}

impl<T, L> Accounts<T, L> {
    /// The account as it is in use, or a new one, made of what the last one has left.
    pub(super) fn get_or_insert(
        &self,
        profile: &Profile,
        office: Office,
        new: impl FnOnce(Option<L>) -> T,
    ) -> Arc<T> {
        let mut table = self.table();
        let Table { in_use, left } = &mut *table;
        let key = (profile.clone(), office);
        let place = in_use.entry(key.clone()).or_default();
        place.upgrade().unwrap_or_else(|| {
            let account = Arc::new(new(left.remove(&key)));
            *place = Arc::downgrade(&account);
            account
        })
    }

    /// Forgets an account that nobody uses any more, unless another one is in its place already.
    pub(super) fn forget(&self, profile: &Profile, office: Office, gone: &T, leaves: Option<L>) {
        let mut table = self.table();
        let Table { in_use, left } = &mut *table;
        let key = (profile.clone(), office);
        if in_use.get(&key).is_some_and(|there| std::ptr::eq(there.as_ptr(), gone)) {
            in_use.remove(&key);
            left.extend(leaves.map(|leaves| (key, leaves)));
        }
        // A service had a rush: the room is not kept for ever.
        if in_use.capacity() > 1024 && in_use.len() < in_use.capacity() / 8 {
            in_use.shrink_to_fit();
        }
    }

    fn table(&self) -> MutexGuard<'_, Table<T, L>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
