//! The list of pending revocations in the store. Every change is made under the list's lock.

use crate::host::AccountScope;
use auth_core::{
    ports::{Record, RecordKey, RecordKind, SessionId, StoreError, WriteCondition},
    session::Revocations,
};

pub(super) async fn read(scope: &AccountScope) -> Result<Revocations, StoreError> {
    let read = match scope.store.load(&scope.record_key(RecordKind::Revocations)).await {
        Ok(Some(record)) => Revocations::decode(record.body.expose()).map_err(StoreError::from),
        Ok(None) => Ok(Revocations::default()),
        Err(error) => Err(error),
    };
    read.or_else(|error| match error {
        StoreError::Corrupt { cause } => {
            tracing::warn!(cause, "pending revocations are lost: their record is damaged");
            Ok(Revocations::default())
        }
        error => Err(error),
    })
}

/// Changes the list under its lock, and drops what has expired. An empty list is no record.
pub(super) async fn change<T>(
    scope: &AccountScope,
    change: impl FnOnce(&mut Revocations) -> T,
) -> Result<T, StoreError> {
    let key = scope.record_key(RecordKind::Revocations);
    let _lock = scope.store.lock(&key).await?;
    let mut list = read(scope).await?;
    let before = list.encode();
    list.prune(&scope.clock.reading());
    let changed = change(&mut list);
    if list.is_empty() {
        scope.store.remove(&key).await?;
    } else if list.encode().expose() != before.expose() {
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
    let mut list = read(scope).await?;
    list.prune(&scope.clock.reading());
    change(&mut list);
    scope.store.save_all(&[first, (key, record_of(&list), WriteCondition::Unconditional)]).await
}

/// The list belongs to no session.
fn record_of(list: &Revocations) -> Record {
    Record { session_id: SessionId(0), body: list.encode() }
}
