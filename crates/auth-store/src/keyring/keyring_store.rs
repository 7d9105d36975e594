//! The store in the system's keyring, as the rest of the program sees it.

use super::{
    content::{self, Removal, Seen},
    entries::Entries,
    marker::KIND,
    system::SystemKeyring,
};
use crate::local::{
    key_source::LocalKeySource,
    local_store::{LocalStore, Shared},
    paths::StorePaths,
};
use async_trait::async_trait;
use auth_core::ports::{Record, RecordKey, RecordKind, SessionStore, StoreError, StoreLock, WriteCondition};
use std::{
    fmt,
    path::{Path, PathBuf},
};

/// Keeps records in the keyring of the user: the Secret Service on Linux and the BSDs (GNOME Keyring, KWallet, KeePassXC), the login
/// keychain of macOS, the credential manager of Windows. Needs the feature `keyring`. Clones share the connection and the locks;
/// several instances and several processes may use the same store. Only the Secret Service is covered by this project's tests; for the other two the
/// same code runs over a few lines of `keyring-core`'s crates.
///
/// The keyring encrypts what it keeps while it is locked. While it is unlocked, each program of the user can ask for it. Hosts, profiles
/// and e-mail addresses are secrets there too: the names of entries say nothing.
///
/// # The marker
/// A file beside which the locks between processes lie says that the keyring has the store: whoever uses the same keyring has to use the
/// same file. A keyring's service that was killed, or has lost its files, is started anew and empty by whoever asks it, and says that there is no such
/// entry. Without the marker that would be "signed out"; with it every call is [`StoreError::Unavailable`] until the entries are back, or until
/// [`make_way`](Self::make_way) gives them up.
///
/// # Locked keyrings
/// Nobody is asked to unlock a keyring unless [`may_prompt`](Self::may_prompt) says so: a script would wait for ever. A keyring that is locked, gone, does not
/// answer within five seconds, or needs the user for more than unlocking is [`StoreError::Unavailable`].
/// That is looked at before each entry: a keyring that is locked in the same instant may ask all the same. The keyrings of macOS and Windows decide
/// by themselves whom they ask.
///
/// # Size
/// A record lies in parts of 2 KiB, each of which takes GNOME Keyring some 10 ms to write. For many accounts, or records of more than some
/// ten kilobytes, keep only the key there ([`KeyringKey`](crate::KeyringKey)).
///
/// # Damage
/// A record whose parts are not complete is reported once as [`StoreError::Corrupt`] by `load`, and stays until it is written again or
/// removed; so does a list of records that does not read, under another name. A change is written so that a process that is killed at any instant
/// leaves all of the old or all of the new; what it wrote in vain is removed by the next change.
///
/// ```no_run
/// use auth_store::KeyringStore;
///
/// let store = KeyringStore::new("my-program", "/home/ann/.local/share/my-program/keyring");
/// ```
#[derive(Clone)]
pub struct KeyringStore {
    local: LocalStore<SystemKeyring>,
}

impl KeyringStore {
    /// The store of a service in the user's keyring, with its marker at a path. Nothing is read, written or created before the first use.
    pub fn new(service: impl Into<String>, marker: impl Into<PathBuf>) -> Self {
        let keyring = SystemKeyring::new(service.into());
        // No key of ours: the keyring encrypts.
        Self { local: LocalStore::new(marker.into(), &KIND, LocalKeySource::key_file(), keyring) }
    }

    /// Whether the user may be asked to unlock the keyring, and is waited for up to two minutes. Without this they are not.
    #[must_use]
    pub fn may_prompt(self, may: bool) -> Self {
        self.local.own().may_prompt(may);
        self
    }

    /// For tests: a keyring on another bus than the session's.
    #[doc(hidden)]
    #[must_use]
    pub fn on_bus(self, address: &str) -> Self {
        self.local.own().on_bus(address);
        self
    }

    /// The service under which its entries are in the keyring.
    pub fn service(&self) -> &str {
        self.local.own().service()
    }

    /// The path of the marker. A relative one was made absolute when the store was made: the program may change its directory.
    pub fn marker(&self) -> &Path {
        self.local.path()
    }

    /// Does its work on the thread that asks, where it otherwise goes to tokio's blocking threads. For a program with nothing else to do
    /// meanwhile: it spares starting a thread.
    #[must_use]
    pub fn run_inline(mut self) -> Self {
        self.local.run_inline();
        self
    }

    /// Whether the keyring can be used now without asking anybody: writes an entry beside the store's, reads it and removes it. Blocks the
    /// thread that asks, for some 20 ms, or up to five seconds where nobody answers.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], with what is in the way.
    pub fn probe(&self) -> Result<(), StoreError> {
        self.local.own().probe()
    }

    /// A way out where the keyring does not have the entries any more, or has those of another store: the marker is removed, so that a new sign-in
    /// can begin. True if it was; false if nothing is in the way. What the keyring has stays as it is.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the keyring is locked or away: the entries may be there. Else as [`save`](SessionStore::save).
    pub async fn make_way(&self) -> Result<bool, StoreError> {
        self.change(content::make_way).await
    }

    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Entries, &StorePaths) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.local.read(move |shared: &Shared<SystemKeyring>, paths| work(&shared.format, paths)).await
    }

    pub(super) async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Entries, &StorePaths) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.local.change(move |shared: &Shared<SystemKeyring>, paths| work(&shared.format, paths)).await
    }

    /// Reads without the lock, and with it if that does not give one store as it is at one instant.
    async fn with<T: Default + Send + 'static>(
        &self,
        work: fn(&dyn Entries, &super::root::State) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self
            .read(move |entries, paths| content::with(entries, paths, |state| work(entries, state)))
            .await?
        {
            Seen::Now(done) => Ok(done),
            Seen::Unsure => {
                self.change(move |entries, paths| {
                    content::with_lock(entries, paths, |state| work(entries, state))
                })
                .await
            }
        }
    }

    async fn remove_as(&self, key: &RecordKey, removal: Removal) -> Result<(), StoreError> {
        let (name, is_session) = (key.to_string(), key.kind == RecordKind::Session);
        self.change(move |entries, paths| {
            content::remove(entries, paths, &name, &removal)?;
            // Whose records a list that does not read had cannot be told; a sign-out, which ends a session, removes all that it left.
            if is_session { content::wipe_quarantine(entries) } else { Ok(()) }
        })
        .await
    }
}

impl fmt::Debug for KeyringStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("KeyringStore");
        shown.field("service", &self.service()).field("marker", &self.marker()).finish_non_exhaustive()
    }
}

#[async_trait]
impl SessionStore for KeyringStore {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        let wanted = key.to_string();
        match self.read(move |entries, paths| content::read(entries, paths, &wanted)).await? {
            Seen::Now(found) => Ok(found),
            Seen::Unsure => {
                let wanted = key.to_string();
                self.change(move |entries, paths| content::read_again(entries, paths, &wanted)).await
            }
        }
    }

    async fn save(
        &self,
        key: &RecordKey,
        record: &Record,
        condition: WriteCondition,
    ) -> Result<(), StoreError> {
        self.save_all(&[(key.clone(), record.clone(), condition)]).await
    }

    async fn save_all(&self, records: &[(RecordKey, Record, WriteCondition)]) -> Result<(), StoreError> {
        let records: Vec<_> = records
            .iter()
            .map(|(key, record, condition)| (key.to_string(), record.clone(), *condition))
            .collect();
        self.change(move |entries, paths| content::save(entries, paths, &records)).await
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), StoreError> {
        self.remove_as(key, Removal::Any).await
    }

    async fn remove_unchanged(&self, key: &RecordKey, read: Option<&Record>) -> Result<(), StoreError> {
        self.remove_as(key, Removal::Unchanged(read.cloned())).await
    }

    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, StoreError> {
        self.local.lock(key).await
    }

    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, StoreError> {
        self.local.try_lock(key).await
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, StoreError> {
        self.with(|_, state| content::keys(state)).await
    }

    async fn load_all(&self) -> Result<Vec<(RecordKey, Record)>, StoreError> {
        self.with(content::load_all).await
    }
}
