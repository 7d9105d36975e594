//! The marker: the sealed key ring in the server. It is written before the first record, and says that there is a store.

use super::{
    key_ring::KeyRing,
    link::Link,
    redis_key::RedisKey,
    request::Request,
    scripts::{DONE, REPLACE},
    trouble,
};
use crate::sealing::random;
use auth_core::ports::StoreError;
use redis::{
    Value,
    cluster_routing::{Route, SingleNodeRoutingInfo, SlotAddr},
};
use std::{
    collections::BTreeMap,
    error::Error,
    fmt,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

/// How many keys of the database a step of a listing looks at.
const SCAN_COUNT: usize = 1000;

/// For so long a database without records is not looked through again.
const EMPTY_FOR: Duration = Duration::from_secs(5);

/// The marker, as this process knows it.
pub(super) struct Marker {
    pub(super) link: Arc<Link>,
    source: RwLock<RedisKey>,
    ring: RwLock<Option<Arc<KeyRing>>>,
    /// When the database was last looked through without finding a record.
    was_empty: Mutex<Option<Instant>>,
}

/// Records without the keys that open them.
#[derive(Debug)]
struct NoMarker;

impl fmt::Display for NoMarker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the store's sealed keys are gone while its records are there: bring back the key that ends with :keys from a copy of the database, or remove the records")
    }
}

impl Error for NoMarker {}

impl Marker {
    pub(super) fn new(link: Arc<Link>, source: RedisKey) -> Self {
        Self { link, source: RwLock::new(source), ring: RwLock::default(), was_empty: Mutex::default() }
    }

    /// The keys of the store; nothing if there is no store.
    pub(super) async fn find(&self) -> Result<Option<Arc<KeyRing>>, StoreError> {
        if let Some(ring) = self.known() {
            return Ok(Some(ring));
        }
        // Before the marker: a key that cannot be had is found out while there is nothing to lose yet.
        self.source().check().await?;
        let Some(sealed) = self.read().await? else {
            if !self.has_records().await? {
                return Ok(None);
            }
            // Somebody may just have begun the store: the marker is written before the first record.
            let sealed = self.read().await?.ok_or_else(|| StoreError::failed().because(NoMarker))?;
            return Ok(Some(self.learn(self.open(sealed).await?)));
        };
        Ok(Some(self.learn(self.open(sealed).await?)))
    }

    /// The keys of the store, which is made if there is none.
    pub(super) async fn find_or_create(&self) -> Result<Arc<KeyRing>, StoreError> {
        if let Some(ring) = self.find().await? {
            return Ok(ring);
        }
        if self.look_for_records().await? {
            let sealed = self.read().await?.ok_or_else(|| StoreError::failed().because(NoMarker))?;
            return Ok(self.learn(self.open(sealed).await?));
        }
        let salt = *random()?;
        let ring = KeyRing::generate(salt, &self.source().of(salt).await?)?;
        match self.put(&ring).await? {
            None => Ok(self.learn(ring)),
            Some(others) => Ok(self.learn(self.open(others).await?)),
        }
    }

    /// The keys as they are in the server now, if they are others than these.
    ///
    /// If the marker is gone while there are records, it is put back.
    pub(super) async fn changed_since(&self, ring: &KeyRing) -> Result<Option<Arc<KeyRing>>, StoreError> {
        let sealed = match self.read().await? {
            Some(sealed) => sealed,
            None if self.look_for_records().await? => match self.put(ring).await? {
                Some(others) => others,
                None => return Ok(None),
            },
            None => return Ok(None),
        };
        self.unless_same(sealed, ring).await
    }

    /// After a record was written where none was: the marker has to be there too. After a FLUSHALL it is not.
    pub(super) async fn keep(&self, ring: &KeyRing) -> Result<Option<Arc<KeyRing>>, StoreError> {
        let there = match self.read().await? {
            None => self.put(ring).await?,
            there => there,
        };
        match there {
            None => Ok(None),
            Some(there) => self.unless_same(there, ring).await,
        }
    }

    async fn unless_same(&self, sealed: Vec<u8>, ring: &KeyRing) -> Result<Option<Arc<KeyRing>>, StoreError> {
        if sealed == ring.sealed {
            return Ok(None);
        }
        Ok(Some(self.learn(self.open(sealed).await?)))
    }

    /// Puts other keys into the place of these.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if somebody else has changed them.
    pub(super) async fn replace(&self, ring: &KeyRing, by: KeyRing) -> Result<Arc<KeyRing>, StoreError> {
        let keys = vec![self.name()];
        let arguments = vec![ring.sealed.clone(), by.sealed.clone()];
        let answer = self.link.one(&Request::Script { script: &REPLACE, keys, arguments }).await?;
        if answer_of(answer)?.0 == DONE {
            Ok(self.learn(by))
        } else {
            Err(StoreError::unavailable("somebody else is changing the store's key: try again"))
        }
    }

    /// The sealed keys in the server.
    pub(super) async fn read(&self) -> Result<Option<Vec<u8>>, StoreError> {
        let mut get = redis::cmd("GET");
        get.arg(self.name());
        bytes(self.link.one(&Request::One(get)).await?)
    }

    /// Opens sealed keys with the store's key.
    pub(super) async fn open(&self, sealed: Vec<u8>) -> Result<KeyRing, StoreError> {
        let key = self.source().of(KeyRing::salt_of(&sealed)?).await?;
        KeyRing::open(sealed, &key)
    }

    fn source(&self) -> RedisKey {
        self.source.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// From now on the store's key comes from there.
    pub(super) fn set_source(&self, source: RedisKey) {
        *self.source.write().unwrap_or_else(PoisonError::into_inner) = source;
    }

    pub(super) fn learn(&self, ring: KeyRing) -> Arc<KeyRing> {
        let ring = Arc::new(ring);
        *self.ring.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&ring));
        ring
    }

    fn known(&self) -> Option<Arc<KeyRing>> {
        self.ring.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Writes the marker if there is none; else gives the one that is there.
    async fn put(&self, ring: &KeyRing) -> Result<Option<Vec<u8>>, StoreError> {
        let mut set = redis::cmd("SET");
        set.arg(self.name()).arg(ring.sealed.as_slice()).arg("NX");
        match self.link.one(&Request::One(set)).await? {
            // It was there.
            Value::Nil => self.read().await,
            _ => Ok(None),
        }
    }

    fn name(&self) -> String {
        format!("{}:keys", self.link.url.prefix)
    }

    async fn has_records(&self) -> Result<bool, StoreError> {
        let is_known = |at: &Instant| at.elapsed() < EMPTY_FOR;
        if self.was_empty.lock().unwrap_or_else(PoisonError::into_inner).as_ref().is_some_and(is_known) {
            return Ok(false);
        }
        let has = self.look_for_records().await?;
        *self.was_empty.lock().unwrap_or_else(PoisonError::into_inner) = (!has).then(Instant::now);
        Ok(has)
    }

    async fn look_for_records(&self) -> Result<bool, StoreError> {
        let mut scan = Scan::new(&self.link).await?;
        while let Some(names) = scan.next(&self.link).await? {
            if !names.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// A walk through the names of all records: of every master, in steps that do not hold the server up. A name may come twice.
pub(super) struct Scan {
    nodes: Vec<SingleNodeRoutingInfo>,
    cursor: Option<Vec<u8>>,
}

impl Scan {
    pub(super) async fn new(link: &Link) -> Result<Self, StoreError> {
        let nodes =
            if link.is_cluster() { masters(link).await? } else { vec![SingleNodeRoutingInfo::Random] };
        Ok(Self { nodes, cursor: None })
    }

    /// A walk through one server that begins elsewhere, and the place where it stands: in the order of a walk, places are numbers that grow,
    /// once their bits are turned round.
    pub(super) fn from(place: u64) -> Self {
        let cursor = place.reverse_bits().to_string().into_bytes();
        Self { nodes: vec![SingleNodeRoutingInfo::Random], cursor: Some(cursor) }
    }

    /// Where it stands; nothing at the end.
    pub(super) fn place(&self) -> Option<u64> {
        let cursor: u64 = std::str::from_utf8(self.cursor.as_deref()?).ok()?.parse().ok()?;
        Some(cursor.reverse_bits())
    }

    /// The next names; nothing at the end.
    pub(super) async fn next(&mut self, link: &Link) -> Result<Option<Vec<String>>, StoreError> {
        let Some(node) = self.nodes.last().cloned() else { return Ok(None) };
        let cursor = self.cursor.take().unwrap_or_else(|| b"0".to_vec());
        let mut scan = redis::cmd("SCAN");
        scan.arg(cursor).arg("MATCH").arg(format!("{}:{{*", link.url.prefix)).arg("COUNT").arg(SCAN_COUNT);
        let answer = link.one(&Request::Node(node, scan)).await?;
        let (cursor, names): (Vec<u8>, Vec<Vec<u8>>) = read(answer)?;
        if cursor == b"0" {
            self.nodes.pop();
        } else {
            self.cursor = Some(cursor);
        }
        let names = names.into_iter().filter_map(|name| String::from_utf8(name).ok());
        // What belongs to a record has one more part.
        Ok(Some(
            names
                .filter(|name| name.rsplit_once('}').is_some_and(|(_, end)| end.matches(':').count() == 1))
                .collect(),
        ))
    }
}

/// A slot of each master.
async fn masters(link: &Link) -> Result<Vec<SingleNodeRoutingInfo>, StoreError> {
    let mut slots = redis::cmd("CLUSTER");
    slots.arg("SLOTS");
    let answer = link.one(&Request::Node(SingleNodeRoutingInfo::RandomPrimary, slots)).await?;
    let mut of_master = BTreeMap::new();
    for range in read::<Vec<Vec<Value>>>(answer)? {
        let mut parts = range.into_iter();
        let (first, _last, master) = (parts.next(), parts.next(), parts.next());
        let (Some(first), Some(Value::Array(master))) = (first, master) else { continue };
        let mut master = master.into_iter();
        let (host, port) = (master.next().unwrap_or_default(), master.next().unwrap_or_default());
        let address: (Vec<u8>, u16) = (read(host)?, read(port)?);
        of_master.entry(address).or_insert(read::<u16>(first)?);
    }
    let node = |slot| SingleNodeRoutingInfo::SpecificNode(Route::new(slot, SlotAddr::Master));
    Ok(of_master.into_values().map(node).collect())
}

/// An answer in the form that was asked for.
pub(super) fn read<T: redis::FromRedisValue>(value: Value) -> Result<T, StoreError> {
    redis::from_redis_value(value).map_err(|error| trouble::store_error(&error.into()))
}

pub(super) fn bytes(value: Value) -> Result<Option<Vec<u8>>, StoreError> {
    read(value)
}

/// What a script answers.
pub(super) fn answer_of(value: Value) -> Result<(i64, i64), StoreError> {
    read(value)
}
