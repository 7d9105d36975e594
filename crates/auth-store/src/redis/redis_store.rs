//! The store in a Redis or Valkey server, as the rest of the program sees it.

use super::{
    content::Content, lease::Leases, link::Link, listing, options::RedisOptions, redis_key::RedisKey,
    redis_url::RedisUrl, rekey,
};
use async_trait::async_trait;
use auth_core::ports::{
    KeyPage, Record, RecordKey, SessionStore, StoreCursor, StoreError, StoreLock, WriteCondition,
};
use std::{fmt, sync::Arc};

/// Keeps records in a Redis or Valkey server (Redis 7 or newer), for services on several machines. Needs the feature `redis`. Clones share
/// connections, keys and locks; any number of processes may use the same server.
///
/// # Sealing
/// Records are sealed before they leave the process. Whoever has a copy of the database, or reads the wire, sees how many records there are
/// and how long they are, but neither content nor whose they are. The [key or passphrase](RedisKey) has to be the same for
/// all processes; another one is [`StoreError::WrongKey`], never an absent record. Whoever may write can remove records and put older ones back.
///
/// # Durability
/// What was saved is as durable as the server makes it: `appendonly yes` with `appendfsync always` loses nothing in a crash, `everysec` up to a
/// second or two; a failover loses what no replica had yet, see [`RedisOptions::min_replicas`]. The policy of `maxmemory` has to be
/// `noeviction`.
///
/// # Locks
/// A lock is a lease, which its holder extends. Writes under it carry a token; one that comes after the lease was lost, and after somebody
/// else has written, is refused as [`StoreError::Unavailable`]: read again. A lock needs the runtime that it was taken on.
///
/// # Several records
/// [`save_all`](SessionStore::save_all) writes all or none of up to a thousand records, portion after portion of more. In a cluster it writes all
/// or none of an account, account after account.
///
/// # Expiry and damage
/// A session goes a week after its refresh token; other records go after some weeks or months, and so does a damaged one that was set aside.
/// A server that is away, refuses or does not answer in time is [`StoreError::Unavailable`], with what to do.
///
/// The rights of a user in the server's ACL, and more of what is promised: `docs/redis.md`.
///
/// ```no_run
/// use auth_store::{RedisStore, StoreKey};
///
/// # fn key() -> [u8; 32] { [7; 32] }
/// let url = "rediss://service:s3cret@redis.internal:6380/0".parse()?;
/// let store = RedisStore::new(url, StoreKey::from_bytes(key()));
/// # Ok::<(), auth_store::RedisUrlError>(())
/// ```
#[derive(Clone)]
pub struct RedisStore {
    content: Arc<Content>,
    leases: Arc<Leases>,
}

impl RedisStore {
    /// A store at a place, sealed with a [`StoreKey`](crate::StoreKey), the key of another source, or a passphrase. Nothing is connected, read or written
    /// before the first use.
    pub fn new(url: RedisUrl, key: impl Into<RedisKey>) -> Self {
        Self::with_options(url, key, RedisOptions::default())
    }

    /// The same with other than the default options.
    pub fn with_options(url: RedisUrl, key: impl Into<RedisKey>, options: RedisOptions) -> Self {
        let content = Arc::new(Content::new(Link::new(url, options), key.into()));
        Self { leases: Arc::new(Leases::new(Arc::clone(&content))), content }
    }

    /// Where it is. Its texts show no login.
    pub fn url(&self) -> &RedisUrl {
        &self.content.link.url
    }

    /// Changes the key or passphrase that opens the store, and seals all records with a new random key. This store and its clones go on with the new
    /// source; so does every process that is started with it.
    ///
    /// If it is interrupted anywhere, it can be called again, on a store with the old key or with the new one. Other processes with the old
    /// key get [`StoreError::WrongKey`] once they meet a record that was sealed anew, and never an absent record; restart them with the new
    /// one. The random key before the last stays in the marker, sealed by the new key, so that what such a process writes meanwhile is not
    /// lost; the next change of keys drops it.
    ///
    /// # Errors
    /// [`StoreError::WrongKey`] if neither the old nor the new key opens the store; else as [`save`](SessionStore::save).
    pub async fn rekey(&self, new: impl Into<RedisKey>) -> Result<(), StoreError> {
        rekey::rekey(&self.content, new.into()).await
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore").field("url", self.url()).finish_non_exhaustive()
    }
}

#[async_trait]
impl SessionStore for RedisStore {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        self.content.load(key).await
    }

    async fn save(
        &self,
        key: &RecordKey,
        record: &Record,
        condition: WriteCondition,
    ) -> Result<(), StoreError> {
        self.content.save(&[(key.clone(), record.clone(), condition)]).await
    }

    async fn save_all(&self, records: &[(RecordKey, Record, WriteCondition)]) -> Result<(), StoreError> {
        if records.is_empty() { Ok(()) } else { self.content.save(records).await }
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), StoreError> {
        self.content.remove(key).await
    }

    async fn remove_unchanged(&self, key: &RecordKey, read: Option<&Record>) -> Result<(), StoreError> {
        self.content.remove_unchanged(key, read).await
    }

    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, StoreError> {
        self.leases.lock(key).await
    }

    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, StoreError> {
        self.leases.try_lock(key).await
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, StoreError> {
        listing::keys(&self.content).await
    }

    /// Pages are of the server's own size, some thousand names; a record may be seen twice while the server grows or shrinks its table. A
    /// cluster gives one page.
    async fn keys_page(&self, after: &StoreCursor, _at_most: usize) -> Result<KeyPage, StoreError> {
        if !self.content.link.is_cluster() {
            return listing::keys_page(&self.content, after).await;
        }
        let keys = if *after == StoreCursor::start() { self.keys().await? } else { Vec::new() };
        Ok(KeyPage::new(keys, None))
    }

    async fn load_all(&self) -> Result<Vec<(RecordKey, Record)>, StoreError> {
        listing::load_all(&self.content).await
    }
}
