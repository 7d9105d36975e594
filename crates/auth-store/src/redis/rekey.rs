//! Another key for all records.
//!
//! 1. The marker is replaced by one that the new key seals, with a new random key for records beside those that were.
//! 2. Each record that is sealed with an older one is sealed anew, if it has not changed meanwhile, until a walk finds none. Where others
//!    write all the time, that is given up after some walks.
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
const MAX_WALKS: usize = 5;
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
    let ring = match begun {
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
    for walks in 1.. {
        let left = walk(content, &ring).await?;
        if left == Left::Nothing || (left == Left::Previous && walks >= MAX_WALKS) {
            break;
        }
        if walks >= MAX_WALKS {
            let what =
                "others write with a key of before the last change all the time: restart them, and try again";
            return Err(StoreError::unavailable(what));
        }
    }
    if ring.count() > KEPT {
        content.marker.replace(&ring, ring.with_keys(KEPT, &key)?).await?;
    }
    Ok(())
}

/// What a walk has found to be sealed with an older key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Left {
    Nothing,
    /// With the one that is kept.
    Previous,
    /// With one that goes.
    Older,
}

/// Seals what is sealed with an older key anew.
async fn walk(content: &Content, ring: &KeyRing) -> Result<Left, StoreError> {
    let mut left = Left::Nothing;
    let mut scan = Scan::new(&content.link).await?;
    while let Some(names) = scan.next(&content.link).await? {
        for names in names.chunks(PORTION) {
            for (name, found) in names.iter().zip(content.fields(names, &["p", "s", "b"]).await?) {
                let [Some(place), session_id, Some(body)] = &found[..] else { continue };
                let age = match row::age(ring, body) {
                    Some(0) | None => continue,
                    Some(age) if age < KEPT => Left::Previous,
                    Some(_) => Left::Older,
                };
                if reseal(content, ring, name, place, session_id.as_deref(), body).await? {
                    left = left.max(age);
                }
            }
        }
    }
    Ok(left)
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
