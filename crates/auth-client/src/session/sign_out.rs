//! Signing out: here at once, at the host as soon as it can be told.

use super::{
    account::Over,
    revoke::{self, Delivered},
    state::StateReason,
};
use crate::{Failed, context::Context, sign_in::pending};
use auth_core::{
    CallError, Office,
    ports::{Slot, StoreError},
    session::{SessionError, StoredSession},
};
use std::{sync::Arc, time::Duration};

/// Nobody is signed in here any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedOut {
    /// Whose session it was; none if only a sign-in was pending.
    pub account: Option<String>,
    /// What the host was told.
    pub host: HostTold,
    /// Why it could not be told, if so and if anything came of asking.
    pub cause: Option<CallError>,
}

/// What the host knows of a sign-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostTold {
    /// It has revoked the tokens.
    Yes,
    /// There was nothing to tell.
    Nothing,
    /// It could not be told. It will be, by whichever process next finds it there, while the refresh token lives.
    Later,
    /// It could not be told, and what is needed to tell it later could not be kept: the tokens expire by themselves.
    Never,
}

pub(crate) async fn sign_out(
    context: &Arc<Context>,
    office: Office,
) -> Result<SignedOut, Failed<SessionError>> {
    let context = context.clone();
    let work = async move {
        let wiped = wipe(&context, office).await.map_err(Failed::here)?;
        let Wiped::Session { account, queued } = wiped else {
            return Ok(SignedOut { account: None, host: HostTold::Nothing, cause: None });
        };
        let delivered = revoke::deliver(&context, office).await;
        let host = match &delivered {
            Ok(Delivered { waiting: 0, .. }) if queued => HostTold::Yes,
            _ if queued => HostTold::Later,
            _ => HostTold::Never,
        };
        Ok(SignedOut { account, host, cause: delivered.ok().and_then(|delivered| delivered.cause) })
    };
    match tokio::spawn(work).await {
        Ok(result) => result,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}

/// How long a sign-out waits for a refresh that is under way.
const LEASE_WAIT: Duration = Duration::from_secs(5);

enum Wiped {
    PendingOnly,
    Session { account: Option<String>, queued: bool },
}

/// Removes everything, and keeps what is needed to tell the host.
async fn wipe(context: &Context, office: Office) -> Result<Wiped, SessionError> {
    let key = context.key(office, Slot::Session);
    // A refresh under way would leave tokens that nobody revokes, so it is waited for; but a holder that does not let
    // go cannot keep anybody signed in.
    let lease = tokio::time::timeout(LEASE_WAIT, context.store.lease(&key)).await;
    let _lease = lease.ok().and_then(Result::ok);
    let had_pending = match context.store.load(&context.key(office, Slot::Pending)).await {
        Ok(found) => found.is_some(),
        Err(_) => true,
    };
    // A record that does not read cannot be revoked, but it is removed all the same.
    let (found, stored) = match context.store.load(&key).await {
        Ok(None) => (false, None),
        Ok(Some(record)) => {
            let stored = StoredSession::decode(record.body.expose()).ok();
            (true, stored.map(|stored| (record.epoch, stored)))
        }
        Err(StoreError::Corrupt { .. }) => (true, None),
        Err(error) => return Err(error.into()),
    };
    // What is in memory may be newer than what could be saved.
    let live = context.account(office).live();
    let newer = live.as_ref().filter(|live| live.unsaved).map(|live| live.session.clone());
    let mut queued = false;
    let mut account = None;
    if let Some((epoch, stored)) = stored {
        account = Some(stored.account.clone());
        queued = revoke::queue(context, office, epoch, newer.unwrap_or(stored)).await;
    }
    // Also with nothing there: what was set aside as damaged goes too.
    context.store.remove(&key).await?;
    pending::remove(context, office).await?;
    if live.is_some() || found {
        let epoch = live.and_then(|live| live.epoch);
        context.account(office).clear(epoch, Over::SignedOut, StateReason::SignedOut);
    }
    match (found, had_pending) {
        (true, _) => Ok(Wiped::Session { account, queued }),
        (false, true) => Ok(Wiped::PendingOnly),
        (false, false) => Err(SessionError::NotSignedIn),
    }
}
