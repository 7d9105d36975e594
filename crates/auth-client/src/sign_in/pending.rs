//! The step that waits for its user, in the store.

use crate::context::{Context, new_session_id};
use auth_core::{
    Office,
    ports::{Record, RecordKind, SessionId, StoreError, WriteCondition},
    sign_in::{CheckpointError, Step},
};

/// There is nothing to go on from.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ResumeError {
    /// No sign-in waits for its user.
    #[error("no sign-in is pending; start one")]
    NothingPending,
    /// It has waited too long and was removed.
    #[error("the pending sign-in has expired; start again")]
    Expired,
    /// The store could not say.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The pending step and the epoch that it is kept under.
pub(crate) async fn load(context: &Context, office: Office) -> Result<(Step, SessionId), ResumeError> {
    let record = context
        .store
        .load(&context.key(office, RecordKind::Pending))
        .await?
        .ok_or(ResumeError::NothingPending)?;
    match Step::from_checkpoint(record.body.expose(), context.clock.now()) {
        Ok(step) => Ok((step, record.session_id)),
        Err(CheckpointError::Expired) => {
            remove(context, office).await?;
            Err(ResumeError::Expired)
        }
        Err(CheckpointError::Newer { found }) => Err(StoreError::Newer { found, supported: 1 }.into()),
        Err(CheckpointError::Malformed) => {
            remove(context, office).await?;
            Err(StoreError::Corrupt { cause: "the pending step does not read" }.into())
        }
    }
}

/// Keeps a step and gives the epoch that it is kept under. The first time a sign-in takes the place over, whoever's step
/// was there; from then on it writes only while the place is still its own.
pub(super) async fn save(
    context: &Context,
    office: Office,
    step: &Step,
    own: Option<SessionId>,
) -> Result<Option<SessionId>, StoreError> {
    let Some(checkpoint) = step.checkpoint() else { return Ok(own) };
    let (session_id, condition) = match own {
        Some(session_id) => (session_id, WriteCondition::SameSession),
        None => (new_session_id()?, WriteCondition::Unconditional),
    };
    let record = Record { session_id, body: checkpoint.bytes };
    match context.store.save(&context.key(office, RecordKind::Pending), &record, condition).await {
        // Another sign-in has taken the place, or a sign-out has emptied it: it is not ours any more.
        Err(StoreError::SessionReplaced) => Ok(None),
        result => result.map(|()| Some(session_id)),
    }
}

/// Removes the pending step, whoever's it is.
pub(crate) async fn remove(context: &Context, office: Office) -> Result<(), StoreError> {
    context.store.remove(&context.key(office, RecordKind::Pending)).await
}

/// Removes the pending step if it is still this sign-in's.
pub(super) async fn remove_own(context: &Context, office: Office, own: SessionId) -> Result<(), StoreError> {
    let key = context.key(office, RecordKind::Pending);
    let _lock = context.store.lock(&key).await?;
    match context.store.load(&key).await? {
        Some(there) if there.session_id == own => context.store.remove(&key).await,
        _ => Ok(()),
    }
}

/// True once the host has accepted something that would have to be done again: such a step is kept unasked.
pub(super) fn worth_keeping(step: &Step) -> bool {
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
