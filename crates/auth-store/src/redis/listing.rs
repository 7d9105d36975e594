//! The places of all records, and all records. Neither holds the server up: names come in steps, and records in small portions.

use super::{
    content::{Content, newer},
    key_ring::KeyRing,
    marker::Scan,
    row::{self, Opened},
};
use auth_core::ports::{KeyPage, Record, RecordKey, StoreCursor, StoreError};
use std::{collections::HashSet, sync::Arc};

/// So many records are read with one request.
const PORTION: usize = 200;
const NOT_SAID: StoreError = StoreError::Corrupt { cause: "it does not say whose it is" };

/// The places of all records. None of them is read.
pub(super) async fn keys(content: &Content) -> Result<Vec<RecordKey>, StoreError> {
    let Some(mut ring) = content.marker.find().await? else { return Ok(Vec::new()) };
    let (mut seen, mut places) = (HashSet::new(), Vec::new());
    let mut scan = Scan::new(&content.link).await?;
    while let Some(names) = scan.next(&content.link).await? {
        let names: Vec<_> = names.into_iter().filter(|name| seen.insert(name.clone())).collect();
        for names in names.chunks(PORTION) {
            for (name, mut found) in names.iter().zip(content.fields(names, &["p", "s"]).await?) {
                let (session_id, place) = (found.pop().flatten(), found.pop().flatten());
                match place {
                    Some(place) => {
                        places.push(whose(content, &mut ring, &place, name).await?.ok_or(NOT_SAID)?);
                    }
                    // It went meanwhile.
                    None if session_id.is_none() => {}
                    None => return Err(NOT_SAID),
                }
            }
        }
    }
    Ok(places)
}

/// The places of some records, of one server: those of one step of a walk, or of several if there are none.
pub(super) async fn keys_page(content: &Content, after: &StoreCursor) -> Result<KeyPage, StoreError> {
    let Some(mut ring) = content.marker.find().await? else { return Ok(KeyPage::default()) };
    let mut place = [0; 8];
    for (to, from) in place.iter_mut().zip(after.as_bytes()) {
        *to = *from;
    }
    let mut scan = Scan::from(u64::from_be_bytes(place));
    let mut keys = Vec::new();
    while keys.is_empty()
        && let Some(names) = scan.next(&content.link).await?
    {
        for names in names.chunks(PORTION) {
            for (name, found) in names.iter().zip(content.fields(names, &["p"]).await?) {
                // What went meanwhile has none.
                let Some(Some(place)) = found.first() else { continue };
                match whose(content, &mut ring, place, name).await? {
                    Some(key) => keys.push(key),
                    None => tracing::warn!("a record in Redis does not say whose it is"),
                }
            }
        }
    }
    let next = scan.place().map(|place| StoreCursor::after(place.to_be_bytes()));
    Ok(KeyPage::new(keys, next))
}

/// All records with their places.
pub(super) async fn load_all(content: &Content) -> Result<Vec<(RecordKey, Record)>, StoreError> {
    let Some(mut ring) = content.marker.find().await? else { return Ok(Vec::new()) };
    let (mut seen, mut all) = (HashSet::new(), Vec::new());
    let mut scan = Scan::new(&content.link).await?;
    while let Some(names) = scan.next(&content.link).await? {
        let names: Vec<_> = names.into_iter().filter(|name| seen.insert(name.clone())).collect();
        for names in names.chunks(PORTION) {
            for (name, found) in names.iter().zip(content.fields(names, &["p", "s", "b"]).await?) {
                let [place, session_id, body] = &found[..] else { return Err(NOT_SAID) };
                let Some(body) = body else { continue };
                let place = place.as_deref().ok_or(NOT_SAID)?;
                let key = whose(content, &mut ring, place, name).await?.ok_or(NOT_SAID)?;
                let session_id = session_id.as_deref();
                let record = match open(&ring, &key, session_id, body)? {
                    Some(record) => record,
                    None => {
                        let changed = content.marker.changed_since(&ring).await?;
                        ring = changed.ok_or(StoreError::WrongKey)?;
                        open(&ring, &key, session_id, body)?.ok_or(StoreError::WrongKey)?
                    }
                };
                all.push((key, record));
            }
        }
    }
    Ok(all)
}

/// Whose a record is, if that can be told. Keys that others have changed meanwhile are looked for.
async fn whose(
    content: &Content,
    ring: &mut Arc<KeyRing>,
    place: &[u8],
    name: &str,
) -> Result<Option<RecordKey>, StoreError> {
    if let Some(key) = row::open_place(ring, place, name) {
        return Ok(Some(key));
    }
    let Some(changed) = content.marker.changed_since(ring).await? else { return Ok(None) };
    *ring = changed;
    Ok(row::open_place(ring, place, name))
}

/// Nothing if its key is not known.
fn open(
    ring: &KeyRing,
    key: &RecordKey,
    session_id: Option<&[u8]>,
    body: &[u8],
) -> Result<Option<Record>, StoreError> {
    match row::open(ring, key, session_id, body) {
        Opened::Record(record) => Ok(Some(record)),
        Opened::UnknownKey => Ok(None),
        Opened::Newer(found) => Err(newer(found)),
        Opened::Damaged(cause) => Err(StoreError::Corrupt { cause }),
    }
}
