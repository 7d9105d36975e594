//! The list of pending revocations in the store. Every change is made under the list's lock.

use crate::host::AccountScope;
use auth_core::{
    ports::{Record, RecordKey, RecordKind, SessionId, StoreError, WriteCondition},
    session::Revocations,
};

pub(super) async fn read(scope: &AccountScope) -> Result<Revocations, StoreError> {
    match read_or_lost(scope).await? {
        Some(list) => Ok(list),
        None => change_or_lost(scope, true, |list| list.clone()).await,
    }
}

/// `None` if the record is damaged: what it had is lost.
async fn read_or_lost(scope: &AccountScope) -> Result<Option<Revocations>, StoreError> {
    let read = match scope.store.load(&scope.record_key(RecordKind::Revocations)).await {
        Ok(Some(record)) => Revocations::decode(record.body.expose()).map_err(StoreError::from),
        Ok(None) => Ok(Revocations::default()),
        Err(error) => Err(error),
    };
    match read {
        Ok(list) => Ok(Some(list)),
        Err(StoreError::Corrupt { cause }) => {
            tracing::warn!(cause, "pending revocations are lost: their record is damaged");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The list, to be changed. One that is lost counts as given up, so that whoever asks next is notified.
async fn read_to_change(scope: &AccountScope, was_lost: bool) -> Result<(Revocations, bool), StoreError> {
    let read = read_or_lost(scope).await?;
    let is_lost = was_lost || read.is_none();
    let mut list = read.unwrap_or_default();
    if is_lost {
        list.lose();
    }
    Ok((list, is_lost))
}

/// Changes the list under its lock, and drops what has expired. An empty list is no record.
pub(super) async fn change<T>(
    scope: &AccountScope,
    change: impl FnOnce(&mut Revocations) -> T,
) -> Result<T, StoreError> {
    change_or_lost(scope, false, change).await
}

/// The same, of a list that may have been found damaged before: a store says so once.
async fn change_or_lost<T>(
    scope: &AccountScope,
    was_lost: bool,
    change: impl FnOnce(&mut Revocations) -> T,
) -> Result<T, StoreError> {
    let key = scope.record_key(RecordKind::Revocations);
    let _lock = scope.store.lock(&key).await?;
    let (mut list, is_lost) = read_to_change(scope, was_lost).await?;
    let before = list.encode();
    list.prune(&scope.clock.reading());
    let changed = change(&mut list);
    if list.is_empty() {
        scope.store.remove(&key).await?;
    } else if is_lost || list.encode().expose() != before.expose() {
        scope.store.save(&key, &record_of(&list), WriteCondition::Unconditional).await?;
    }
    Ok(changed)
}

/// The same in one write with another record, which comes first.
pub(super) async fn change_with(
    scope: &AccountScope,
    first: (RecordKey, Record, WriteCondition),
    change: impl FnOnce(&mut Revocations),
) -> Result<(), StoreError> {
    let key = scope.record_key(RecordKind::Revocations);
    let _lock = scope.store.lock(&key).await?;
    let (mut list, _) = read_to_change(scope, false).await?;
    list.prune(&scope.clock.reading());
    change(&mut list);
    scope.store.save_all(&[first, (key, record_of(&list), WriteCondition::Unconditional)]).await
}

/// The list belongs to no session.
fn record_of(list: &Revocations) -> Record {
    Record { session_id: SessionId(0), body: list.encode() }
}
