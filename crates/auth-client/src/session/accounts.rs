//! The accounts that are in use: whoever asks for the same profile and office of a client gets the same state, so that a sign-out
//! and a refresh through one handle are seen by all.

use super::account_state::AccountState;
use crate::host::{AccountScope, HostConnection};
use auth_core::{Office, Profile};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

/// The accounts of one client and of those made from it. One that nobody uses any more takes no memory.
#[derive(Default)]
pub(crate) struct Accounts(Mutex<Table>);

type Table = HashMap<(Profile, Office), Weak<AccountState>>;

impl Accounts {
    /// The account, as it is in use, or a new one.
    pub(crate) fn of(
        self: &Arc<Self>,
        host: &Arc<HostConnection>,
        profile: &Profile,
        office: Office,
    ) -> Arc<AccountState> {
        let new = || {
            let scope = AccountScope::new(host.clone(), profile.clone(), office);
            Arc::new(AccountState::new(scope, self.clone()))
        };
        let mut table = self.table();
        let place = table.entry((profile.clone(), office)).or_default();
        place.upgrade().unwrap_or_else(|| {
            let account = new();
            *place = Arc::downgrade(&account);
            account
        })
    }

    /// Forgets an account that nobody uses any more, unless another one is in its place already.
    pub(super) fn forget(&self, gone: &AccountState) {
        let mut table = self.table();
        let key = (gone.scope.profile.clone(), gone.scope.office);
        if table.get(&key).is_some_and(|there| std::ptr::eq(there.as_ptr(), gone)) {
            table.remove(&key);
        }
        // A service had a rush: the room is not kept for ever.
        if table.capacity() > 1024 && table.len() < table.capacity() / 8 {
            table.shrink_to_fit();
        }
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
