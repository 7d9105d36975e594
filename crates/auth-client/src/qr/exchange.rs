//! From an approval to a saved session, whatever becomes of whoever waits for it.

use super::retry::Retries;
use crate::{
    RequestError, Session, pending_step,
    session::{AccountState, keep_new_session},
};
use auth_core::qr::{ApprovedCode, ExchangeFailed, QrSignInError};
use std::sync::Arc;

/// The host drops an approval after some time: it is not tried for longer.
const MAX_TRIES: u32 = 5;

/// Exchanges the approval, and saves the session. It is sent again only if the host cannot have seen it.
pub(super) async fn exchange_and_save(
    account: Arc<AccountState>,
    mut approved: ApprovedCode,
) -> Result<Session, RequestError<QrSignInError>> {
    let scope = &account.scope;
    let mut retries = Retries::default();
    for tries in 1.. {
        let (request, in_flight) = approved.exchange(&scope.fingerprint);
        let exchange = scope.call(request).await;
        let id = exchange.id;
        match in_flight.resume(exchange.result, &scope.clock.reading(), &scope.limits) {
            Ok(session) => {
                let kept = keep_new_session(&account, session).await;
                let active =
                    kept.map_err(|error| RequestError::at(QrSignInError::NotSaved(error), id.clone()))?;
                tracing::info!(correlation_id = %id, "signed in by QR code");
                // Whichever sign-in was pending here, the account is signed in now.
                if let Err(error) = pending_step::remove(scope).await {
                    tracing::warn!(error = error.kind(), "a finished sign-in is still listed as pending");
                }
                return Ok(Session::new(account.clone(), active));
            }
            Err(ExchangeFailed { cause, approved: again }) => {
                let wait = retries.next(&cause).filter(|_| tries < MAX_TRIES);
                let (Some(again), Some(wait)) = (again, wait) else {
                    return Err(RequestError::at(cause, id));
                };
                scope.clock.sleep(wait).await;
                approved = again;
            }
        }
    }
    unreachable!("the last try returns")
}
