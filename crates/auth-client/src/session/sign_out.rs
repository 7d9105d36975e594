//! Signing out: here at once, at the host as soon as it can be told.

use crate::{Failed, context::Context, sign_in::pending};
use auth_core::{
    CallError, CorrelationId, Office,
    ports::Slot,
    session::{SessionError, StoredSession, sign_out as ask},
};
use std::{sync::Arc, time::Duration};

/// Nobody is signed in here any more.
#[derive(Clone, Debug)]
pub struct SignedOut {
    /// Whose session it was; none if only a sign-in was pending.
    pub account: Option<String>,
    /// Why the host could not be told, if so: its tokens then live on until they expire.
    pub not_revoked: Option<CallError>,
    /// The id of the request that told the host.
    pub correlation_id: Option<CorrelationId>,
}

pub(crate) async fn sign_out(
    context: &Arc<Context>,
    office: Office,
) -> Result<SignedOut, Failed<SessionError>> {
    let context = context.clone();
    let work = async move {
        let stored = wipe(&context, office).await.map_err(Failed::here)?;
        let Some(stored) = stored else {
            return Ok(SignedOut { account: None, not_revoked: None, correlation_id: None });
        };
        let (request, in_flight) = ask(&stored);
        let outcome = context.call(request).await;
        let told = in_flight.resume(outcome.result, outcome.at, &context.limits);
        let not_revoked = told.err();
        if let Some(error) = &not_revoked {
            tracing::warn!(correlation_id = %outcome.id, cause = error.kind(), "the host was not told of the sign-out");
        }
        Ok(SignedOut { account: Some(stored.account), not_revoked, correlation_id: Some(outcome.id) })
    };
    match tokio::spawn(work).await {
        Ok(result) => result,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}

/// How long a sign-out waits for a refresh that is under way.
const LEASE_WAIT: Duration = Duration::from_secs(5);

/// Removes everything, and gives back what is needed to tell the host.
async fn wipe(context: &Context, office: Office) -> Result<Option<StoredSession>, SessionError> {
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
        Ok(Some(record)) => (true, StoredSession::decode(record.body.expose()).ok()),
        Err(error) => match error {
            auth_core::ports::StoreError::Corrupt { .. } => (true, None),
            error => return Err(error.into()),
        },
    };
    // Also with nothing there: what was set aside as damaged goes too.
    context.store.remove(&key).await?;
    pending::remove(context, office).await?;
    if found || had_pending { Ok(stored) } else { Err(SessionError::NotSignedIn) }
}
