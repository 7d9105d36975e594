//! Another key for all records.
//!
//! 1. The marker is replaced by one that the new key seals, with a new random key for records beside those that were.
//! 2. Each record that is sealed with an older one is sealed anew, if it has not changed meanwhile, until a walk finds none.
//! 3. The older ones go, but for the last: a process that read the marker before may still write with it.
//!
//! Each step can be done again, so what was interrupted is finished by the next call.

use super::{
    content::Content,
    key_ring::KeyRing,
    marker::Scan,
    redis_key::RedisKey,
    row::{self, Opened},
    scripts::RESEAL,
};
use auth_core::ports::{Record, StoreError};

/// So many records are read with one request.
const PORTION: usize = 200;
/// So often all records are looked through.
const MAX_WALKS: usize = 100;
/// The key in use and the one before.
const KEPT: usize = 2;

pub(super) async fn rekey(content: &Content, source: RedisKey) -> Result<(), StoreError> {
    source.check().await?;
    let Some(sealed) = content.marker.read().await? else {
        content.marker.find().await?;
        content.marker.set_source(source);
        return Ok(());
    };
    let key = source.of(KeyRing::salt_of(&sealed)?).await?;
    let begun = KeyRing::open(sealed.clone(), &key);
    let mut ring = match begun {
        // It was begun before.
        Ok(ring) if ring.count() > KEPT => content.marker.learn(ring),
        Ok(ring) => {
            let next = ring.with_new_key(&key)?;
            content.marker.replace(&ring, next).await?
        }
        Err(StoreError::WrongKey) => {
            let ring = content.marker.open(sealed).await?;
            let next = ring.with_new_key(&key)?;
            content.marker.replace(&ring, next).await?
        }
        Err(error) => return Err(error),
    };
    content.marker.set_source(source);
    for _ in 0..MAX_WALKS {
        if !walk(content, &ring).await? {
            if ring.count() > KEPT {
                let next = ring.with_keys(KEPT, &key)?;
                ring = content.marker.replace(&ring, next).await?;
            }
            drop(ring);
            return Ok(());
        }
    }
    Err(StoreError::unavailable("others write with an older key all the time: stop them, and try again"))
}

/// Seals what is sealed with an older key anew. True if there was something.
async fn walk(content: &Content, ring: &KeyRing) -> Result<bool, StoreError> {
    let mut found_one = false;
    let mut scan = Scan::new(&content.link).await?;
    while let Some(names) = scan.next(&content.link).await? {
        for names in names.chunks(PORTION) {
            for (name, found) in names.iter().zip(content.fields(names, &["p", "s", "b"]).await?) {
                let [Some(place), session_id, Some(body)] = &found[..] else { continue };
                if row::is_current(ring, body) {
                    continue;
                }
                found_one |= reseal(content, ring, name, place, session_id.as_deref(), body).await?;
            }
        }
    }
    Ok(found_one)
}

/// False if there is nothing that can be opened: `load` sets it aside.
async fn reseal(
    content: &Content,
    ring: &KeyRing,
    name: &str,
    place: &[u8],
    session_id: Option<&[u8]>,
    body: &[u8],
) -> Result<bool, StoreError> {
    let Some(key) = row::open_place(ring, place, name) else { return Ok(false) };
    let Opened::Record(Record { session_id, body: text }) = row::open(ring, &key, session_id, body) else {
        return Ok(false);
    };
    let sealed = row::seal(ring, &key, &Record { session_id, body: text })?;
    content.change(&RESEAL, vec![name.to_owned()], vec![body.to_vec(), sealed]).await?;
    Ok(true)
}
