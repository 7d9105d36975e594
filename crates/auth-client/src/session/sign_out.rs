//! Signing out: here at once, at the host as soon as it can be reached.
//!
//! 1. [`remove_locally`] waits shortly for a refresh under way, removes the pending step, queues the revocation in one write with a
//!    mark on the session's record, and removes that record, in this order. If another record is there by then, it begins anew.
//!    Whoever finds the mark after this process has died goes on from there
//!    ([`session_record::read_session`](super::session_record::read_session)).
//! 2. The host is asked to revoke the tokens: from the queue ([`revocations::deliver_one_of`]), or at once if nothing could be queued.
//!
//! A refresh that does not end in time may still bring a pair. Whoever makes it finds the session gone, and revokes that pair; until
//! then nobody can say that the session is revoked.
//!
//! The work is done to its end whatever becomes of the caller.

use super::{
    account_state::AccountState,
    auth_state::StateReason,
    ended_sessions,
    handle::Session,
    last_pair::last_pair,
    revocation_attempt::Delivery,
    revocations, session_ends,
    session_record::{SessionRecord, is_later},
    single_flight::unavailable,
};
use crate::{RequestError, pending_step, run_to_completion::run_to_completion};
use auth_core::{
    CallError,
    ports::{Record, RecordKind, SessionId, StoreError, WriteCondition},
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
    /// The host has not confirmed yet: it could not be reached, or a refresh is under way that may bring another pair. The
    /// revocation is kept, sealed, and delivered by the next refresh, sign-out or
    /// [`deliver_pending_revocations`](crate::AuthClient::deliver_pending_revocations), as long as the refresh token lives, but
    /// not for more than four weeks in which the host does not take it.
    Pending,
    /// The host has not confirmed, and nothing more can be sent: the revocation could not be kept, or the tokens of a refresh whose
    /// answer was lost are not known. Tokens may be good until they expire.
    NotRevoked,
}

/// Which session is signed out.
pub(crate) enum SignOutTarget {
    /// Whichever is kept, and every sign-in that was begun.
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
            None => {
                if !self.account_state.never_saved.end(&self.initial.session) {
                    return Err(RequestError::here(SessionError::NotSignedIn));
                }
                SignOutTarget::Unsaved(Box::new(self.initial.session.clone()))
            }
        };
        sign_out(&self.account_state, target).await
    }
}

pub(crate) async fn sign_out(
    account: &Arc<AccountState>,
    target: SignOutTarget,
) -> Result<SignedOut, RequestError<SessionError>> {
    let runtime = &account.scope.runtime;
    let span = account.scope.span("sign_out", None);
    let account = account.clone();
    let work = async move {
        let removed = match target {
            SignOutTarget::Any => {
                account.abandon_sign_ins();
                remove_locally(&account, None).await
            }
            SignOutTarget::Saved(session_id) => remove_locally(&account, Some(session_id)).await,
            SignOutTarget::Unsaved(session) => {
                remove_what_landed_late(&account, &session).await;
                Ok(Removed::Session { session_id: SessionId(0), session, is_queued: false })
            }
        };
        let nothing =
            |account| SignedOut { account, revocation: RevocationStatus::NothingToRevoke, cause: None };
        let (session_id, session, is_queued) = match removed.map_err(RequestError::here)? {
            Removed::Session { session_id, session, is_queued } => (session_id, session, is_queued),
            Removed::PendingStepOnly => return Ok(nothing(None)),
            // It was damaged, so nobody knows its tokens.
            Removed::Unreadable => {
                return Ok(SignedOut { revocation: RevocationStatus::NotRevoked, ..nothing(None) });
            }
        };
        let (delivery, cause) = if is_queued {
            match revocations::deliver_one_of(&account, session_id, &session).await {
                Ok((list, delivery)) => (delivery.unwrap_or(by_somebody_else(&session)), list.cause),
                Err(_) => (Delivery::Waits, None),
            }
        } else {
            // It cannot be kept for later, so it is now or never.
            match revocations::revoke_once(&account, &session).await {
                (Delivery::Waits, cause) => (Delivery::Abandoned, cause),
                done => done,
            }
        };
        let revocation = match delivery {
            Delivery::Revoked => RevocationStatus::Revoked,
            Delivery::Waits => RevocationStatus::Pending,
            Delivery::Abandoned => RevocationStatus::NotRevoked,
        };
        Ok(SignedOut { account: Some(session.account.clone()), revocation, cause })
    };
    let done = run_to_completion(runtime, work.instrument(span)).await;
    done.unwrap_or_else(|| Err(unavailable("the program is shutting down")))
}

/// A write that was given up may have been made all the same: nobody is to be signed in by it.
async fn remove_what_landed_late(account: &AccountState, session: &StoredSession) {
    let scope = &account.scope;
    let key = scope.record_key(RecordKind::Session);
    let Ok(Some(record)) = scope.store.load(&key).await else { return };
    if StoredSession::decode(record.body.expose()).is_ok_and(|there| there.has_same_tokens(session)) {
        ended_sessions::remember(record.session_id, StateReason::SignedOut);
        if let Err(error) = scope.store.remove_unchanged(&key, Some(&record)).await {
            tracing::warn!(error = error.kind(), "a session that was saved late could not be removed");
        }
    }
}

/// Another process or task has taken the revocation off the list meanwhile.
fn by_somebody_else(session: &StoredSession) -> Delivery {
    if session.refresh_history.in_flight_or_lost { Delivery::Abandoned } else { Delivery::Revoked }
}

enum Removed {
    PendingStepOnly,
    /// A session was removed, and what it was does not read.
    Unreadable,
    Session {
        session_id: SessionId,
        session: Box<StoredSession>,
        /// What is needed to revoke it is kept.
        is_queued: bool,
    },
}

/// So often another record may be in the place of the one that was read.
const MAX_READS: usize = 5;

/// Removes everything, and queues what is needed to revoke it. With an id, only if that session is the one there.
async fn remove_locally(
    account: &Arc<AccountState>,
    only: Option<SessionId>,
) -> Result<Removed, SessionError> {
    let scope = &account.scope;
    let key = scope.record_key(RecordKind::Session);
    // A refresh under way would leave tokens that nobody revokes, so it is waited for; but a holder that does not let
    // go cannot keep anybody signed in.
    let lock = tokio::time::timeout(REFRESH_WAIT, scope.store.lock(&key)).await;
    let lock = lock.ok().and_then(Result::ok);
    for _ in 0..MAX_READS {
        if let Some(removed) = remove_what_is_there(account, only, lock.is_none()).await? {
            return Ok(removed);
        }
    }
    Err(StoreError::unavailable("the session's record changes all the time").into())
}

/// The session goes on: its record is as it was read. Where the store does not take it, whoever finds the mark signs out.
async fn take_mark_off(account: &AccountState, record: Option<&Record>) {
    let Some(record) = record else { return };
    let key = account.scope.record_key(RecordKind::Session);
    if let Err(error) = account.scope.store.save(&key, record, WriteCondition::SameSession).await {
        tracing::warn!(error = error.kind(), "the mark of a sign-out that failed is still there");
    }
}

/// `None` if another record is there by now.
async fn remove_what_is_there(
    account: &Arc<AccountState>,
    only: Option<SessionId>,
    refresh_is_under_way: bool,
) -> Result<Option<Removed>, SessionError> {
    let scope = &account.scope;
    let key = scope.record_key(RecordKind::Session);
    // A record that does not read cannot be revoked, but it is removed all the same.
    let (record, is_damaged) = match scope.store.load(&key).await {
        Ok(record) => (record, false),
        Err(StoreError::Corrupt { .. }) => (None, true),
        Err(error) => return Err(error.into()),
    };
    let found = record.is_some() || is_damaged;
    if let Some(record) = &record {
        if let Some(session_id) =
            account.active().filter(|active| is_later(active, record.session_id)).and_then(|a| a.session_id)
        {
            // Of an earlier session that was brought back: the one in use is written again. Or of a later one, which is then in use.
            let in_use = SessionRecord { account: account.clone(), key: key.clone(), session_id };
            match in_use.read().await {
                Ok(_) | Err(SessionError::NotSignedIn) => return Ok(None),
                Err(SessionError::Store(StoreError::SessionReplaced)) => {}
                Err(error) => return Err(error),
            }
        }
        if only.is_some_and(|only| only != record.session_id) {
            return Err(StoreError::SessionReplaced.into());
        }
    }
    if only.is_some() && !found {
        // A step that is pending now is another sign-in's.
        account.clear(only, StateReason::SignedOutElsewhere);
        return Err(SessionError::NotSignedIn);
    }
    let had_pending_step = pending_step::may_exist(scope).await;
    pending_step::remove(scope).await?;
    let mut removed = Removed::Unreadable;
    let mut there = None;
    if let Some(record) = &record
        && let Ok(stored) = StoredSession::decode(record.body.expose())
    {
        let session_id = record.session_id;
        let session = last_pair(account, session_id, stored, refresh_is_under_way);
        let is_queued = if refresh_is_under_way {
            // Whoever refreshes may write at any time: a mark could overwrite the new pair. The removal looks at what is there.
            revocations::queue(account, session_id, session.clone()).await
        } else {
            let marked = StoredSession { signing_out: true, ..session.clone() };
            let marked = Record { session_id, body: marked.encode() };
            let write = (key.clone(), marked.clone(), WriteCondition::SameSession);
            match revocations::queue_with(account, write, session_id, session.clone()).await {
                Ok(()) => there = Some(marked),
                Err(StoreError::SessionReplaced) => return Ok(None),
                // That it cannot be kept is no reason to stay signed in.
                Err(_) => {}
            }
            there.is_some()
        };
        removed = Removed::Session { session_id, session: Box::new(session), is_queued };
    } else if found
        && let Some((session_id, active)) = account.in_use()
        && record.as_ref().is_none_or(|record| record.session_id == session_id)
    {
        // Its record does not read, and what is in use is known.
        let session = active.session.clone();
        let is_queued = revocations::queue(account, session_id, session.clone()).await;
        removed = Removed::Session { session_id, session: Box::new(session), is_queued };
    }
    // Also if there is no record: what was quarantined goes too.
    let removal = scope.store.remove_unchanged(&key, there.as_ref().or(record.as_ref())).await;
    if let Err(error) = removal {
        // Nobody was signed out, so the host must not revoke the tokens either.
        if let Removed::Session { session, is_queued: true, .. } = &removed {
            revocations::unqueue(account, session).await;
        }
        if matches!(error, StoreError::SessionReplaced) {
            return Ok(None);
        }
        if there.is_some() {
            take_mark_off(account, record.as_ref()).await;
        }
        return Err(error.into());
    }
    session_ends::forget(scope).await;
    let active_id = account.active().and_then(|active| active.session_id);
    let gone = only.or(record.map(|record| record.session_id)).or(active_id);
    if let Some(session_id) = gone {
        ended_sessions::remember(session_id, StateReason::SignedOut);
    }
    if gone.is_some() || found {
        account.clear(gone, StateReason::SignedOut);
    }
    match (found, had_pending_step) {
        (true, _) => Ok(Some(removed)),
        (false, true) => Ok(Some(Removed::PendingStepOnly)),
        (false, false) => Err(SessionError::NotSignedIn),
    }
}
