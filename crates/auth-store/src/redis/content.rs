//! Load, save and remove.

use super::{
    expiry,
    key_ring::KeyRing,
    link::Link,
    marker::{self, Marker, answer_of},
    redis_key::RedisKey,
    request::Request,
    row::{self, Opened, VERSION},
    scripts::{ARGUMENTS, DONE, FENCED, NEWER, QUARANTINE, REMOVE, SAVE, Script},
};
use auth_core::ports::{Record, RecordKey, StoreError, WriteCondition};
use redis::Value;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// So often keys or a record may change under a reader.
const MAX_READS: usize = 5;
/// More records would hold the server up.
const AT_ONCE: usize = 1000;
const CHANGES: StoreError = StoreError::unavailable("the record changes all the time");
/// A later holder of the lock has written: whoever gets this looks again.
const OVERTAKEN: StoreError =
    StoreError::unavailable("the lock was lost, and somebody else has written since: read the record again");

/// A write that is to be made.
pub(super) type Change = (RecordKey, Record, WriteCondition);

/// The records of a store.
pub(super) struct Content {
    pub(super) link: Arc<Link>,
    pub(super) marker: Marker,
    /// The tokens of the locks that are held here.
    tokens: Mutex<HashMap<RecordKey, String>>,
}

impl Content {
    pub(super) fn new(link: Link, source: RedisKey) -> Self {
        let link = Arc::new(link);
        Self { marker: Marker::new(Arc::clone(&link), source), link, tokens: Mutex::default() }
    }

    pub(super) fn name(&self, ring: &KeyRing, key: &RecordKey) -> String {
        row::name(&self.link.url.prefix, ring, key)
    }

    /// From now on writes of this key carry the token; `None`: they carry none.
    pub(super) fn set_token(&self, key: &RecordKey, token: Option<String>) {
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        match token {
            Some(token) => tokens.insert(key.clone(), token),
            None => tokens.remove(key),
        };
    }

    fn token(&self, key: &RecordKey) -> Vec<u8> {
        let tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.get(key).map(|token| token.clone().into_bytes()).unwrap_or_default()
    }

    pub(super) async fn load(&self, key: &RecordKey) -> Result<Option<Record>, StoreError> {
        let Some(mut ring) = self.marker.find().await? else { return Ok(None) };
        for _ in 0..MAX_READS {
            let name = self.name(&ring, key);
            let (session_id, body) = self.read(&name).await?;
            let Some(body) = body.or_else(|| session_id.is_some().then(Vec::new)) else {
                // Other keys have other names for it.
                match self.marker.changed_since(&ring).await? {
                    Some(changed) => ring = changed,
                    None => return Ok(None),
                }
                continue;
            };
            match row::open(&ring, key, session_id.as_deref(), &body) {
                Opened::Record(record) => return Ok(Some(record)),
                Opened::Newer(found) => return Err(newer(found)),
                Opened::UnknownKey => {
                    ring = self.marker.changed_since(&ring).await?.ok_or(StoreError::WrongKey)?;
                }
                Opened::Damaged(cause) => {
                    if self.quarantine(&name, body).await? {
                        tracing::warn!(cause, "a damaged record was put into quarantine");
                        return Err(StoreError::Corrupt { cause });
                    }
                }
            }
        }
        Err(CHANGES)
    }

    /// The session id and the body under a name.
    pub(super) async fn read(&self, name: &str) -> Result<(Option<Vec<u8>>, Option<Vec<u8>>), StoreError> {
        let mut get = redis::cmd("HMGET");
        get.arg(name).arg("s").arg("b");
        marker::read(self.link.one(&Request::One(get)).await?)
    }

    /// False if it has changed meanwhile.
    async fn quarantine(&self, name: &str, body: Vec<u8>) -> Result<bool, StoreError> {
        let keys = vec![name.to_owned(), row::damaged(name)];
        let arguments = vec![body, expiry::QUARANTINE.as_millis().to_string().into_bytes()];
        let (code, _) = self.change(&QUARANTINE, keys, arguments).await?;
        Ok(code == DONE)
    }

    /// Writes all of them, or none; of more than can be written at once, portion after portion. In a cluster: all of an account, or none;
    /// account after account.
    pub(super) async fn save(&self, changes: &[Change]) -> Result<(), StoreError> {
        let mut ring = self.marker.find_or_create().await?;
        for _ in 0..MAX_READS {
            let mut created = false;
            for part in self.parts(changes) {
                created |= self.save_part(&ring, part).await?;
            }
            // Refreshes replace records, and do not come here.
            let Some(changed) = (if created { self.marker.keep(&ring).await? } else { None }) else {
                return Ok(());
            };
            if changed.has_same_names(&ring) {
                return Ok(());
            }
            // The database was emptied, and somebody else was first to begin anew: what was written nobody would find.
            for (key, record, _) in changes {
                self.remove_unchanged_with(&ring, key, Some(record)).await?;
            }
            ring = changed;
        }
        Err(CHANGES)
    }

    /// What one script writes: in a cluster, consecutive records of one account.
    fn parts<'a>(&self, changes: &'a [Change]) -> Vec<&'a [Change]> {
        if self.link.is_cluster() {
            changes.chunk_by(|(one, ..), (next, ..)| one.account == next.account).collect()
        } else {
            changes.chunks(AT_ONCE).collect()
        }
    }

    /// True if one of them was not there before.
    async fn save_part(&self, ring: &KeyRing, changes: &[Change]) -> Result<bool, StoreError> {
        let mut keys = Vec::with_capacity(changes.len());
        let mut arguments = Vec::with_capacity(1 + changes.len() * ARGUMENTS);
        arguments.push(vec![b'0' + VERSION]);
        for (key, record, condition) in changes {
            let name = self.name(ring, key);
            let session_id = record.session_id.0.to_string().into_bytes();
            arguments.push(match condition {
                WriteCondition::Unconditional => Vec::new(),
                WriteCondition::SameSession => session_id.clone(),
                WriteCondition::Replacing(replaced) => replaced.0.to_string().into_bytes(),
            });
            arguments.push(session_id);
            arguments.push(row::seal(ring, key, record)?);
            arguments.push(row::seal_place(ring, key, &name)?);
            arguments
                .push(expiry::of(key.kind, record).map(|at| at.to_string().into_bytes()).unwrap_or_default());
            arguments.push(self.token(key));
            keys.push(name);
        }
        let (code, number) = self.change(&SAVE, keys, arguments).await?;
        checked(code, number)?;
        Ok(number > 0)
    }

    pub(super) async fn remove(&self, key: &RecordKey) -> Result<(), StoreError> {
        let Some(mut ring) = self.marker.find().await? else { return Ok(()) };
        for _ in 0..MAX_READS {
            self.remove_with(&ring, key, None).await?;
            match self.marker.changed_since(&ring).await? {
                Some(changed) if !changed.has_same_names(&ring) => ring = changed,
                _ => return Ok(()),
            }
        }
        Err(CHANGES)
    }

    pub(super) async fn remove_unchanged(
        &self,
        key: &RecordKey,
        read: Option<&Record>,
    ) -> Result<(), StoreError> {
        let Some(mut ring) = self.marker.find().await? else { return Ok(()) };
        for _ in 0..MAX_READS {
            self.remove_unchanged_with(&ring, key, read).await?;
            match self.marker.changed_since(&ring).await? {
                Some(changed) if !changed.has_same_names(&ring) => ring = changed,
                _ => return Ok(()),
            }
        }
        Err(CHANGES)
    }

    /// Each sealing gives other bytes, so the record is compared opened, and removed as it was found.
    async fn remove_unchanged_with(
        &self,
        ring: &Arc<KeyRing>,
        key: &RecordKey,
        read: Option<&Record>,
    ) -> Result<(), StoreError> {
        let name = self.name(ring, key);
        let mut ring = Arc::clone(ring);
        for _ in 0..MAX_READS {
            let (session_id, body) = self.read(&name).await?;
            if let Some(body) = &body {
                match row::open(&ring, key, session_id.as_deref(), body) {
                    Opened::Record(there) if Record::is_unchanged(Some(&there), read) => {}
                    Opened::Record(_) | Opened::Damaged(_) => return Err(StoreError::SessionReplaced),
                    Opened::Newer(found) => return Err(newer(found)),
                    Opened::UnknownKey => {
                        ring = self.marker.changed_since(&ring).await?.ok_or(StoreError::WrongKey)?;
                        continue;
                    }
                }
            }
            match self.remove_with(&ring, key, Some(body.unwrap_or_default())).await {
                // It has another form, or another content: that is seen by reading it again.
                Err(StoreError::SessionReplaced) => {}
                removed => return removed,
            }
        }
        Err(CHANGES)
    }

    async fn remove_with(
        &self,
        ring: &KeyRing,
        key: &RecordKey,
        seen: Option<Vec<u8>>,
    ) -> Result<(), StoreError> {
        let name = self.name(ring, key);
        let only_if_same = if seen.is_some() { b"1".to_vec() } else { Vec::new() };
        let arguments = vec![vec![b'0' + VERSION], self.token(key), seen.unwrap_or_default(), only_if_same];
        let damaged = row::damaged(&name);
        let (code, number) = self.change(&REMOVE, vec![name, damaged], arguments).await?;
        checked(code, number)
    }

    pub(super) async fn change(
        &self,
        script: &'static Script,
        keys: Vec<String>,
        arguments: Vec<Vec<u8>>,
    ) -> Result<(i64, i64), StoreError> {
        let request = Request::Script { script, keys, arguments };
        let wanted = self.link.options.min_replicas;
        if wanted == 0 || self.link.is_cluster() {
            return answer_of(self.link.one(&request).await?);
        }
        let (answer, reached) = self.link.replicated(&request, wanted).await?;
        match reached {
            Value::Int(reached) if reached >= i64::from(wanted) => answer_of(answer),
            _ => Err(StoreError::unavailable(
                "too few replicas of Redis have the change: see INFO replication",
            )),
        }
    }

    /// Bodies and session ids of many records.
    pub(super) async fn fields(
        &self,
        names: &[String],
        fields: &[&str],
    ) -> Result<Vec<Vec<Option<Vec<u8>>>>, StoreError> {
        let commands = names.iter().map(|name| {
            let mut get = redis::cmd("HMGET");
            get.arg(name).arg(fields);
            get
        });
        let values = self.link.all(&Request::Many(commands.collect())).await?;
        values.into_iter().map(marker::read).collect()
    }
}

fn checked(code: i64, number: i64) -> Result<(), StoreError> {
    match code {
        DONE => Ok(()),
        FENCED => {
            tracing::warn!(
                "a write came after the lock was lost and somebody else had written; it was refused"
            );
            Err(OVERTAKEN)
        }
        NEWER => Err(newer(u8::try_from(number).unwrap_or(u8::MAX))),
        _ => Err(StoreError::SessionReplaced),
    }
}

pub(super) fn newer(found: u8) -> StoreError {
    StoreError::Newer { found: found.into(), supported: VERSION.into() }
}
