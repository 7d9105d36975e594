//! Sealing for any store.
//!
//! A sealed body is, in this order: `b2auth-sealed`, the version (one byte), 16 bytes that tell the key from others, the
//! nonce (24 bytes), and the ciphertext with its tag (XChaCha20-Poly1305).

use crate::sealing::{CHECK, Format, KeySource, Keys, NONCE, bound_to};
use async_trait::async_trait;
use auth_core::{
    ports::{KeyPage, Record, RecordKey, SessionStore, StoreCursor, StoreError, StoreLock, WriteCondition},
    secret::SecretBytes,
};
use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, PoisonError},
};
use tokio::sync::OnceCell;
use zeroize::Zeroizing;

const MARK: &[u8] = b"b2auth-sealed";
const VERSION: u8 = 1;
const FORMAT: Format = Format { name: "b2auth-sealed-record", version: VERSION as u32 };

/// Seals each record before another store keeps it. Needs the feature `sealed`, which `file` includes.
///
/// Use it around a store that does not encrypt by itself, such as a database or a key-value service:
///
/// ```
/// use auth_store::{MemoryStore, SealedStore, StoreKey};
///
/// let key = StoreKey::generate()?;
/// let store = SealedStore::new(MemoryStore::new(), key);
/// # Ok::<(), auth_core::ports::StoreError>(())
/// ```
///
/// Bodies are encrypted and authenticated; each is bound to its format, profile, host, office, kind and session id, so
/// that it opens nowhere else. The inner store still sees the [`RecordKey`], the [session id](Record::session_id) and
/// the length of a record. That somebody who may write to it put back an older record of the same session, removed one, or brought a
/// removed one back cannot be seen: a list of all records, as the file has one, could not be written in one step with a record.
///
/// # Errors
/// A record that was sealed with another key is [`StoreError::WrongKey`], one of a newer version
/// [`StoreError::Newer`]; both are left as they are, by [`save`](SessionStore::save) too. Any other record that does not
/// open, also one that was never sealed, is [`StoreError::Corrupt`]: [`load`](SessionStore::load) reports it once for each store like this
/// one, and then finds none. The inner store has no place to set it aside, so it stays there until it is removed, as by a sign-out, or
/// overwritten, as by a sign-in.
pub struct SealedStore<S> {
    inner: S,
    source: Box<dyn KeySource>,
    keys: OnceCell<Keys>,
    /// What was damaged and reported, as it lies in the inner store: at most one for each key.
    reported: Mutex<HashMap<RecordKey, Record>>,
}

impl<S: SessionStore> SealedStore<S> {
    /// Seals what `inner` keeps, with a [`StoreKey`](crate::StoreKey) or the key of another [`KeySource`]. Nothing is
    /// read before the first use.
    pub fn new(inner: S, key: impl KeySource + 'static) -> Self {
        Self { inner, source: Box::new(key), keys: OnceCell::new(), reported: Mutex::default() }
    }

    /// The store that keeps the sealed records.
    pub fn inner(&self) -> &S {
        &self.inner
    }

    /// Notes damage that is reported now; false if it was before.
    fn is_news(&self, key: &RecordKey, damaged: &Record) -> bool {
        let mut reported = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
        let before = reported.insert(key.clone(), damaged.clone());
        before.is_none_or(|before| !before.is_same(damaged))
    }

    /// Whether this is damage that was reported: for whoever asks, no record is there.
    fn was_reported(&self, key: &RecordKey, sealed: Option<&Record>) -> bool {
        let reported = self.reported.lock().unwrap_or_else(PoisonError::into_inner);
        sealed.is_some_and(|sealed| reported.get(key).is_some_and(|damaged| damaged.is_same(sealed)))
    }

    /// It is gone, or another one is in its place.
    fn forget_damage(&self, key: &RecordKey) {
        self.reported.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
    }

    async fn keys(&self) -> Result<&Keys, StoreError> {
        let derive = || async {
            let key = self.source.store_key().await?;
            Ok(Keys::new(Zeroizing::new(*key.expose())))
        };
        self.keys.get_or_try_init(derive).await
    }

    /// Refuses a write that would destroy what another key or a newer program sealed, and one under
    /// another condition than [`WriteCondition::Unconditional`] where no record opens: a session id alone could be forged.
    async fn check_replaced(
        &self,
        keys: &Keys,
        key: &RecordKey,
        condition: WriteCondition,
    ) -> Result<(), StoreError> {
        let there = match self.inner.load(key).await {
            Ok(found) => found.map(|found| open(keys, key, &found)).transpose(),
            Err(error) => Err(error),
        };
        match (there, condition) {
            (Ok(Some(_)), _)
            | (Ok(None) | Err(StoreError::Corrupt { .. }), WriteCondition::Unconditional) => Ok(()),
            (
                Ok(None) | Err(StoreError::Corrupt { .. }),
                WriteCondition::SameSession | WriteCondition::Replacing(_),
            ) => Err(StoreError::SessionReplaced),
            (Err(error), _) => Err(error),
        }
    }
}

#[async_trait]
impl<S: SessionStore> SessionStore for SealedStore<S> {
    async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        // Before the record: a key that cannot be had is found out while there is nothing to lose yet.
        let keys = self.keys().await?;
        let Some(found) = self.inner.load(key).await? else { return Ok(None) };
        match open(keys, key, &found) {
            Err(StoreError::Corrupt { .. }) if !self.is_news(key, &found) => Ok(None),
            opened => opened.map(Some),
        }
    }

    async fn save(
        &self,
        key: &RecordKey,
        record: &Record,
        condition: WriteCondition,
    ) -> Result<(), StoreError> {
        let keys = self.keys().await?;
        self.check_replaced(keys, key, condition).await?;
        self.inner.save(key, &seal(keys, key, record)?, condition).await
    }

    async fn save_all(&self, records: &[(RecordKey, Record, WriteCondition)]) -> Result<(), StoreError> {
        let keys = self.keys().await?;
        let mut sealed = Vec::with_capacity(records.len());
        for (key, record, condition) in records {
            self.check_replaced(keys, key, *condition).await?;
            sealed.push((key.clone(), seal(keys, key, record)?, *condition));
        }
        self.inner.save_all(&sealed).await
    }

    async fn remove(&self, key: &RecordKey) -> Result<(), StoreError> {
        self.inner.remove(key).await?;
        self.forget_damage(key);
        Ok(())
    }

    async fn remove_unchanged(&self, key: &RecordKey, read: Option<&Record>) -> Result<(), StoreError> {
        let keys = self.keys().await?;
        let sealed = self.inner.load(key).await?;
        // Each sealing gives other bytes, so the record is compared opened, and removed as it was found.
        let opened = match sealed.as_ref().map(|sealed| open(keys, key, sealed)).transpose() {
            // It goes as what is in quarantine does.
            Err(StoreError::Corrupt { .. }) if self.was_reported(key, sealed.as_ref()) => Ok(None),
            opened => opened,
        };
        if !opened.is_ok_and(|opened| Record::is_unchanged(opened.as_ref(), read)) {
            return Err(StoreError::SessionReplaced);
        }
        self.inner.remove_unchanged(key, sealed.as_ref()).await?;
        self.forget_damage(key);
        Ok(())
    }

    async fn lock(&self, key: &RecordKey) -> Result<StoreLock, StoreError> {
        self.inner.lock(key).await
    }

    async fn try_lock(&self, key: &RecordKey) -> Result<Option<StoreLock>, StoreError> {
        self.inner.try_lock(key).await
    }

    async fn keys(&self) -> Result<Vec<RecordKey>, StoreError> {
        self.inner.keys().await
    }

    async fn keys_page(&self, after: &StoreCursor, at_most: usize) -> Result<KeyPage, StoreError> {
        self.inner.keys_page(after, at_most).await
    }
}

impl<S: fmt::Debug> fmt::Debug for SealedStore<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedStore").field("inner", &self.inner).finish_non_exhaustive()
    }
}

fn seal(keys: &Keys, key: &RecordKey, record: &Record) -> Result<Record, StoreError> {
    let encrypted = keys.encrypt(record.body.expose(), &bound_to(FORMAT, key, record.session_id))?;
    let body = [MARK, &[VERSION], &keys.check(), &encrypted.nonce, &encrypted.ciphertext].concat();
    Ok(Record { session_id: record.session_id, body: SecretBytes::new(body) })
}

fn open(keys: &Keys, key: &RecordKey, sealed: &Record) -> Result<Record, StoreError> {
    let cut_off = StoreError::Corrupt { cause: "it is cut off" };
    let versioned =
        sealed.body.expose().strip_prefix(MARK).ok_or(StoreError::Corrupt { cause: "it is not sealed" })?;
    let rest = match versioned {
        [VERSION, rest @ ..] => rest,
        [newer, ..] if *newer > VERSION => {
            return Err(StoreError::Newer { found: (*newer).into(), supported: VERSION.into() });
        }
        [] => return Err(cut_off),
        _ => return Err(StoreError::Corrupt { cause: "it has no format" }),
    };
    let (check, rest) = rest.split_first_chunk::<CHECK>().ok_or(cut_off.clone())?;
    if *check != keys.check() {
        return Err(StoreError::WrongKey);
    }
    let (nonce, ciphertext) = rest.split_first_chunk::<NONCE>().ok_or(cut_off)?;
    let body = keys
        .decrypt(*nonce, ciphertext.to_vec(), &bound_to(FORMAT, key, sealed.session_id))
        .map_err(|cause| StoreError::Corrupt { cause })?;
    Ok(Record { session_id: sealed.session_id, body })
}
