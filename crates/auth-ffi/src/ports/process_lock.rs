//! A lock between processes, written in Kotlin or Swift.

use super::store::StoreError;
use async_trait::async_trait;

/// Locks records of a store of the app's own between the processes that share it, such as an app and its extension. The system has
/// to free a lock when its process dies: use a file lock in the shared container, not a record.
///
/// A lock is held during a refresh, which is as long as the host takes; at the end of a sign-in, when its session is saved; during
/// a sign-out, as far as the store is concerned; and for each change of the pending step, of the counted attempts and of the
/// pending revocations. It is not asked for twice by one process at a time. `wait_for_refresh` of the client returns when none is
/// held.
#[uniffi::export(foreign)]
#[async_trait]
pub trait ProcessLock: Send + Sync {
    /// Takes the lock of this name. False if another process holds it; it is then asked for again, every few milliseconds for a
    /// while. Throw `Unavailable` if nobody can say.
    async fn try_lock(&self, name: String) -> Result<bool, StoreError>;
    /// Gives the lock of this name back.
    async fn unlock(&self, name: String);
}
