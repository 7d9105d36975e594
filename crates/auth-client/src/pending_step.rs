//! The step of a sign-in that waits for its user, in the store, so that another process can go on from it.

use crate::host::{AccountScope, new_session_id};
use auth_core::{
    Cookies,
    ports::{Record, RecordKey, RecordKind, SessionId, StoreError, WriteCondition},
    sign_in::{CheckpointError, Step},
};

/// There is no sign-in to resume.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ResumeError {
    /// No sign-in waits for its user.
    #[error("no sign-in is pending; start one")]
    NothingPending,
    /// The pending sign-in has expired and was removed.
    #[error("the pending sign-in has expired; start again")]
    Expired,
    /// The store could not be read, or the record is damaged.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The newest format of a pending step that is understood.
const SUPPORTED_FORMAT: u32 = 1;

/// Reads the pending step, its cookies, and the id of the sign-in that saved it.
pub(crate) async fn load(scope: &AccountScope) -> Result<(Step, Cookies, SessionId), ResumeError> {
    let record = scope.store.load(&scope.record_key(RecordKind::Pending)).await?;
    let record = record.ok_or(ResumeError::NothingPending)?;
    match Step::from_checkpoint(record.body.expose(), scope.clock.now()) {
        Ok(step) => {
            scope.learn(&step);
            Ok((step, Cookies::of_checkpoint(record.body.expose()), record.session_id))
        }
        Err(CheckpointError::Expired) => {
            remove(scope).await?;
            Err(ResumeError::Expired)
        }
        Err(CheckpointError::Newer { found }) => {
            Err(StoreError::Newer { found, supported: SUPPORTED_FORMAT }.into())
        }
        Err(CheckpointError::Malformed) => {
            remove(scope).await?;
            Err(StoreError::Corrupt { cause: "the pending step does not read" }.into())
        }
    }
}

/// Saves a step and returns the id that it is saved under. The first save of a sign-in (`own` is `None`) replaces whatever
/// sign-in was pending; later ones write only while the record is still this sign-in's, and return `None` if it is not.
pub(crate) async fn save(
    scope: &AccountScope,
    step: &Step,
    cookies: &Cookies,
    own: Option<SessionId>,
) -> Result<Option<SessionId>, StoreError> {
    let (session_id, condition) = match own {
        Some(session_id) => (session_id, WriteCondition::SameSession),
        None => (new_session_id()?, WriteCondition::Unconditional),
    };
    let Some((key, record, condition)) = write_of(scope, step, cookies, session_id, condition) else {
        return Ok(own);
    };
    match scope.store.save(&key, &record, condition).await {
        // Another sign-in has replaced it, or a sign-out has removed it: it is not ours any more.
        Err(StoreError::SessionReplaced) => Ok(None),
        result => result.map(|()| Some(session_id)),
    }
}

/// The write that saves a step under this id. `None` where there is nothing to save.
pub(crate) fn write_of(
    scope: &AccountScope,
    step: &Step,
    cookies: &Cookies,
    session_id: SessionId,
    condition: WriteCondition,
) -> Option<(RecordKey, Record, WriteCondition)> {
    let body = step.checkpoint_with(cookies)?.bytes;
    Some((scope.record_key(RecordKind::Pending), Record { session_id, body }, condition))
}

/// Removes the pending step, whichever sign-in saved it.
pub(crate) async fn remove(scope: &AccountScope) -> Result<(), StoreError> {
    scope.store.remove(&scope.record_key(RecordKind::Pending)).await
}

/// Removes the pending step if it is still the one of this sign-in.
pub(crate) async fn remove_own(scope: &AccountScope, own: SessionId) -> Result<(), StoreError> {
    let key = scope.record_key(RecordKind::Pending);
    let _lock = scope.store.lock(&key).await?;
    match scope.store.load(&key).await? {
        Some(stored) if stored.session_id == own => scope.store.remove(&key).await,
        _ => Ok(()),
    }
}

/// True if a pending step is saved, or if the store cannot say so.
pub(crate) async fn may_exist(scope: &AccountScope) -> bool {
    match scope.store.load(&scope.record_key(RecordKind::Pending)).await {
        Ok(found) => found.is_some(),
        Err(_) => true,
    }
}

/// True once the host has accepted something that would have to be done again: such a step is saved without being asked to.
pub(crate) fn is_worth_saving(step: &Step) -> bool {
    match step {
        Step::NeedMethod(_)
        | Step::NeedCode(_)
        | Step::NeedMailedCode(_)
        | Step::NeedResetCode(_)
        | Step::NeedNewPassword(_) => true,
        Step::Start(start) => start.password_changed(),
        Step::NeedCredentials(form) => form.password_changed(),
        Step::SignedIn(_) | Step::Unsupported(_) => false,
    }
}
