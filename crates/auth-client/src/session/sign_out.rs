//! Signing out: here at once, at the host as soon as it can be reached.
//!
//! 1. [`remove_locally`] waits shortly for a refresh under way, removes the pending step, queues the revocation and removes the
//!    session, in this order.
//! 2. The host is asked to revoke the tokens: from the queue ([`revocations::deliver`]), or at once if nothing could be queued.
//!
//! The work is done to its end whatever becomes of the caller.

use super::{
    account_state::{AccountState, EndReason},
    auth_state::StateReason,
    handle::Session,
    revocations::{self, PendingRevocations},
    single_flight::unavailable,
};
use crate::{RequestError, pending_step, run_to_completion::join};
use auth_core::{
    CallError,
    ports::{RecordKind, SessionId, StoreError},
    session::{SessionError, StoredSession},
};
use std::{sync::Arc, time::Duration};
use tracing::Instrument;

/// Nobody is signed in here any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedOut {
    /// The e-mail whose session it was; `None` if only a sign-in was pending.
    pub account: Option<String>,
    /// Whether the host has revoked the tokens.
    pub revocation: RevocationStatus,
    /// What kept the host from it, if a request was made.
    pub cause: Option<CallError>,
}

/// Whether the host has revoked the tokens of a session that was signed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RevocationStatus {
    /// It has.
    Revoked,
    /// There were no tokens to revoke.
    NothingToRevoke,
    /// The host could not be reached. The revocation is kept, sealed, and delivered by the next refresh, sign-out or
    /// [`deliver_pending_revocations`](crate::AuthClient::deliver_pending_revocations), as long as the refresh token lives.
    Pending,
    /// The host could not be reached, and the revocation could not be kept: the tokens are good until they expire.
    NotRevoked,
}

/// Which session is signed out.
pub(crate) enum SignOutTarget {
    /// Whichever is kept, and a sign-in that is pending.
    Any,
    /// Only the one with this id.
    Saved(SessionId),
    /// One that was never saved.
    Unsaved(Box<StoredSession>),
}

/// How long a sign-out or a sign-in waits for a refresh that is under way.
pub(crate) const REFRESH_WAIT: Duration = Duration::from_secs(5);

impl Session {
    /// Signs out: tokens, pending step and quarantined records are removed here first, then the host is asked to revoke the
    /// tokens. What is needed to revoke them later is kept, sealed, for as long as the refresh token lives.
    ///
    /// # Errors
    /// [`SessionError::NotSignedIn`] if it was signed out before, [`StoreError::SessionReplaced`] if somebody else has signed in:
    /// that session is left alone. Or the store refused, and nobody was signed out. A host that cannot be reached is no error:
    /// see [`SignedOut`].
    pub async fn sign_out(self) -> Result<SignedOut, RequestError<SessionError>> {
        let target = match self.initial.session_id {
            Some(session_id) => SignOutTarget::Saved(session_id),
            None => SignOutTarget::Unsaved(Box::new(self.initial.session.clone())),
        };
        sign_out(&self.account_state, target).await
    }
}

pub(crate) async fn sign_out(
    account: &Arc<AccountState>,
    target: SignOutTarget,
) -> Result<SignedOut, RequestError<SessionError>> {
    let account = account.clone();
    let span = account.scope.span("sign_out", None);
    let work = async move {
        let removed = match target {
            SignOutTarget::Any => remove_locally(&account, None).await,
            SignOutTarget::Saved(session_id) => remove_locally(&account, Some(session_id)).await,
            SignOutTarget::Unsaved(session) => Ok(Removed::of(*session, false)),
        };
        let Removed::Session { account: email, queued, unqueued } = removed.map_err(RequestError::here)?
        else {
            let revocation = RevocationStatus::NothingToRevoke;
            return Ok(SignedOut { account: None, revocation, cause: None });
        };
        if let Some(session) = unqueued {
            // It cannot be kept for later, so it is now or never.
            let revoked = revocations::revoke_once(&account, &session).await;
            let revocation = match &revoked {
                Ok(()) => RevocationStatus::Revoked,
                Err(_) => RevocationStatus::NotRevoked,
            };
            return Ok(SignedOut { account: email, revocation, cause: revoked.err().flatten() });
        }
        let delivered = revocations::deliver(&account).await;
        let revocation = match &delivered {
            Ok(PendingRevocations { pending: 0, .. }) if queued => RevocationStatus::Revoked,
            _ if queued => RevocationStatus::Pending,
            _ => RevocationStatus::NotRevoked,
        };
        Ok(SignedOut { account: email, revocation, cause: delivered.ok().and_then(|list| list.cause) })
    };
    let done = join(tokio::spawn(work.instrument(span))).await;
    done.unwrap_or_else(|| Err(unavailable("the program is shutting down")))
}

enum Removed {
    PendingStepOnly,
    Session {
        /// The e-mail.
        account: Option<String>,
        queued: bool,
        /// What has to be revoked and could not be queued.
        unqueued: Option<Box<StoredSession>>,
    },
}

impl Removed {
    fn of(session: StoredSession, queued: bool) -> Self {
        let account = Some(session.account.clone());
        Self::Session { account, queued, unqueued: (!queued).then(|| Box::new(session)) }
    }
}

/// Removes everything, and queues what is needed to revoke it. With an id, only if that session is the one there.
async fn remove_locally(account: &AccountState, only: Option<SessionId>) -> Result<Removed, SessionError> {
    let scope = &account.scope;
    let key = scope.record_key(RecordKind::Session);
    // A refresh under way would leave tokens that nobody revokes, so it is waited for; but a holder that does not let
    // go cannot keep anybody signed in.
    let lock = tokio::time::timeout(REFRESH_WAIT, scope.store.lock(&key)).await;
    let _lock = lock.ok().and_then(Result::ok);
    // A record that does not read cannot be revoked, but it is removed all the same.
    let (found, stored) = match scope.store.load(&key).await {
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
        // A step that is pending now is another sign-in's.
        account.clear(only, EndReason::SignedOut, StateReason::SignedOutElsewhere);
        return Err(SessionError::NotSignedIn);
    }
    let had_pending_step = pending_step::may_exist(scope).await;
    pending_step::remove(scope).await?;
    let active = account.active();
    let mut removed = Removed::Session { account: None, queued: false, unqueued: None };
    let mut queued = None;
    if let Some((session_id, stored)) = stored {
        // What is in memory may be newer than what could be saved.
        let newer = active.as_ref().filter(|active| active.unsaved && active.session_id == Some(session_id));
        let session = newer.map_or(stored, |active| active.session.clone());
        let is_queued = revocations::queue(account, session_id, session.clone()).await;
        queued = is_queued.then_some(session_id);
        removed = Removed::of(session, is_queued);
    }
    // Also if there is no record: what was quarantined goes too.
    if let Err(error) = scope.store.remove(&key).await {
        // Nobody was signed out, so the host must not revoke the tokens either.
        if let Some(session_id) = queued {
            revocations::unqueue(account, session_id).await;
        }
        return Err(error.into());
    }
    if active.is_some() || found {
        let session_id = active.and_then(|active| active.session_id);
        account.clear(session_id, EndReason::SignedOut, StateReason::SignedOut);
    }
    match (found, had_pending_step) {
        (true, _) => Ok(removed),
        (false, true) => Ok(Removed::PendingStepOnly),
        (false, false) => Err(SessionError::NotSignedIn),
    }
}
