//! The locks of the sessions that are copied: nobody refreshes them, signs in or out there meanwhile.

use auth_client::ports::{Record, RecordKey, RecordKind, SessionStore, StoreError, StoreLock};

/// So many at most: each takes an open file, of which a process may have a thousand.
const MOST: usize = 200;

/// Takes the locks of all these sessions in a store, if there are not too many of them; then the check afterwards has to do.
pub(super) async fn hold(
    store: &dyn SessionStore,
    records: &[(RecordKey, Record)],
) -> Result<Vec<StoreLock>, StoreError> {
    let mut keys: Vec<&RecordKey> =
        records.iter().map(|(key, _)| key).filter(|key| key.kind == RecordKind::Session).collect();
    if keys.len() > MOST {
        return Ok(Vec::new());
    }
    // In one order, so that two copies do not wait for each other.
    keys.sort_by_cached_key(|key| key.to_string());
    let mut held = Vec::with_capacity(keys.len());
    for key in keys {
        held.push(store.lock(key).await?);
    }
    Ok(held)
}
