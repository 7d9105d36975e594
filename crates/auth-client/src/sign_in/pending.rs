//! The step that waits for its user, in the store.

use crate::context::{Context, new_epoch};
use auth_core::{
    Office,
    ports::{Guard, Record, Slot, StoreError},
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

pub(crate) async fn load(context: &Context, office: Office) -> Result<Step, ResumeError> {
    let record =
        context.store.load(&context.key(office, Slot::Pending)).await?.ok_or(ResumeError::NothingPending)?;
    match Step::from_checkpoint(record.body.expose(), context.clock.now()) {
        Ok(step) => Ok(step),
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

/// Keeps a step; one that is not pending is not kept.
pub(super) async fn save(context: &Context, office: Office, step: &Step) -> Result<(), StoreError> {
    let Some(checkpoint) = step.checkpoint() else { return Ok(()) };
    let record = Record { epoch: new_epoch()?, body: checkpoint.bytes };
    context.store.save(&context.key(office, Slot::Pending), &record, Guard::Any).await
}

pub(crate) async fn remove(context: &Context, office: Office) -> Result<(), StoreError> {
    context.store.remove(&context.key(office, Slot::Pending)).await
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
