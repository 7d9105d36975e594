//! The list of pending revocations in the store. Every change is made under the list's lock.

use crate::host::AccountScope;
use auth_core::{
    ports::{Record, RecordKind, SessionId, StoreError, WriteCondition},
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
        let record = Record { session_id: SessionId(0), body: list.encode() };
        scope.store.save(&key, &record, WriteCondition::Unconditional).await?;
    }
    Ok(changed)
}
