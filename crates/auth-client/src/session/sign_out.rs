//! Signing out: here at once, at the host as soon as it can be told.

use super::{
    account::EndReason,
    flight,
    revoke::{self, PendingRevocations},
    state::StateReason,
};
use crate::{RequestError, context::Context, sign_in::pending};
use auth_core::{
    CallError, Office,
    ports::{RecordKind, SessionId, StoreError},
    session::{SessionError, StoredSession},
};
use std::{sync::Arc, time::Duration};
use tokio::task::JoinError;

/// Nobody is signed in here any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedOut {
    /// Whose session it was; none if only a sign-in was pending.
    pub account: Option<String>,
    /// What the host was told.
    pub revocation: RevocationStatus,
    /// Why it could not be told, if so and if anything came of asking.
    pub cause: Option<CallError>,
}

/// What the host knows of a sign-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationStatus {
    /// It has revoked the tokens.
    Revoked,
    /// There was nothing to tell.
    NothingToRevoke,
    /// It could not be told. It will be, by whichever process next finds it there, while the refresh token lives.
    Pending,
    /// It could not be told, and what is needed to tell it later could not be kept: the tokens expire by themselves.
    NotRevoked,
}

/// Which session is signed out.
pub(crate) enum SignOutTarget {
    /// Whichever is kept, and a sign-in that is pending.
    Anybodys,
    /// The one of this epoch only.
    Kept(SessionId),
    /// One that was never saved.
    Unsaved(Box<StoredSession>),
}

pub(crate) async fn sign_out(
    context: &Arc<Context>,
    office: Office,
    whose: SignOutTarget,
) -> Result<SignedOut, RequestError<SessionError>> {
    let context = context.clone();
    let work = async move {
        let wiped = match whose {
            SignOutTarget::Anybodys => wipe(&context, office, None).await,
            SignOutTarget::Kept(session_id) => wipe(&context, office, Some(session_id)).await,
            SignOutTarget::Unsaved(session) => Ok(Wiped::of(*session, false)),
        };
        let Wiped::Session { account, queued, unqueued } = wiped.map_err(RequestError::here)? else {
            return Ok(SignedOut {
                account: None,
                revocation: RevocationStatus::NothingToRevoke,
                cause: None,
            });
        };
        if let Some(session) = unqueued {
            // It cannot be kept for later, so it is now or never.
            let told = revoke::tell_once(&context, &session).await;
            let revocation =
                if told.is_ok() { RevocationStatus::Revoked } else { RevocationStatus::NotRevoked };
            return Ok(SignedOut { account, revocation, cause: told.err().flatten() });
        }
        let delivered = revoke::deliver(&context, office).await;
        let revocation = match &delivered {
            Ok(PendingRevocations { pending: 0, .. }) if queued => RevocationStatus::Revoked,
            _ if queued => RevocationStatus::Pending,
            _ => RevocationStatus::NotRevoked,
        };
        Ok(SignedOut { account, revocation, cause: delivered.ok().and_then(|delivered| delivered.cause) })
    };
    match tokio::spawn(work).await.map_err(JoinError::try_into_panic) {
        Ok(result) => result,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        Err(Err(_)) => Err(flight::cut_off("the program is shutting down")),
    }
}

/// How long a sign-out or a sign-in waits for a refresh that is under way.
pub(crate) const LOCK_WAIT: Duration = Duration::from_secs(5);

enum Wiped {
    PendingOnly,
    Session {
        account: Option<String>,
        queued: bool,
        /// What the host has to be told and could not be kept.
        unqueued: Option<Box<StoredSession>>,
    },
}

impl Wiped {
    fn of(session: StoredSession, queued: bool) -> Self {
        let account = Some(session.account.clone());
        Self::Session { account, queued, unqueued: (!queued).then(|| Box::new(session)) }
    }
}

/// Removes everything, and keeps what is needed to tell the host. With an epoch, only if that session is the one there.
async fn wipe(context: &Context, office: Office, only: Option<SessionId>) -> Result<Wiped, SessionError> {
    let key = context.key(office, RecordKind::Session);
    // A refresh under way would leave tokens that nobody revokes, so it is waited for; but a holder that does not let
    // go cannot keep anybody signed in.
    let lock = tokio::time::timeout(LOCK_WAIT, context.store.lock(&key)).await;
    let _lock = lock.ok().and_then(Result::ok);
    // A record that does not read cannot be revoked, but it is removed all the same.
    let (found, stored) = match context.store.load(&key).await {
        Ok(None) => (false, None),
        Ok(Some(record)) => {
            if only.is_some_and(|only| only != record.session_id) {
                return Err(StoreError::SessionReplaced.into());
            }
            let stored = StoredSession::decode(record.body.expose()).ok();
            (true, stored.map(|stored| (record.session_id, stored)))
        }
        Err(StoreError::Corrupt { .. }) => (true, None),
        Err(error) => return Err(error.into()),
    };
    if only.is_some() && !found {
        // What is pending now is somebody else's.
        context.account(office).clear(only, EndReason::SignedOut, StateReason::SignedOutElsewhere);
        return Err(SessionError::NotSignedIn);
    }
    let had_pending = match context.store.load(&context.key(office, RecordKind::Pending)).await {
        Ok(found) => found.is_some(),
        Err(_) => true,
    };
    pending::remove(context, office).await?;
    let active = context.account(office).active();
    let mut wiped = Wiped::Session { account: None, queued: false, unqueued: None };
    let mut queued = None;
    if let Some((session_id, stored)) = stored {
        // What is in memory may be newer than what could be saved.
        let newer = active.as_ref().filter(|active| active.unsaved && active.session_id == Some(session_id));
        let session = newer.map_or(stored, |active| active.session.clone());
        let is_queued = revoke::queue(context, office, session_id, session.clone()).await;
        queued = is_queued.then_some(session_id);
        wiped = Wiped::of(session, is_queued);
    }
    // Also with nothing there: what was set aside as damaged goes too.
    if let Err(error) = context.store.remove(&key).await {
        // Nobody was signed out, so the host must not be told either.
        if let Some(session_id) = queued {
            revoke::unqueue(context, office, session_id).await;
        }
        return Err(error.into());
    }
    if active.is_some() || found {
        let session_id = active.and_then(|active| active.session_id);
        context.account(office).clear(session_id, EndReason::SignedOut, StateReason::SignedOut);
    }
    match (found, had_pending) {
        (true, _) => Ok(wiped),
        (false, true) => Ok(Wiped::PendingOnly),
        (false, false) => Err(SessionError::NotSignedIn),
    }
}
