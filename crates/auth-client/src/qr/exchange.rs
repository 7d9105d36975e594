//! From an approval to a saved session, or to revoked tokens if the sign-in was given up meanwhile.

use super::{retry::Retries, state::QrState, state_log::StateLog};
use crate::{
    RequestError, Session,
    host::CookieJar,
    session::{AccountState, keep_new_session},
};
use auth_core::{
    qr::{ApprovedCode, ExchangeFailed, QrSignInError},
    session::StoredSession,
};
use std::sync::Arc;

/// The host drops an approval after some time: it is not tried for longer.
const MAX_TRIES: u32 = 5;

/// Exchanges the approval, and saves the session. It is sent again only if the host cannot have seen it. Once the sign-in was
/// given up (`log` is closed) nothing is saved any more, and tokens that still come are revoked.
pub(super) async fn exchange_and_save(
    account: Arc<AccountState>,
    log: Arc<StateLog>,
    jar: Arc<CookieJar>,
    mut approved: ApprovedCode,
) -> Result<(), RequestError<QrSignInError>> {
    let scope = &account.scope;
    let begun_after = account.sign_outs();
    let mut retries = Retries::default();
    for tries in 1.. {
        let (request, in_flight) = approved.exchange(&scope.fingerprint);
        let exchange = scope.call(request, &jar).await;
        let trace = exchange.trace;
        match in_flight.resume(exchange.result, &scope.clock.reading(), &scope.limits) {
            Ok(session) => {
                let session = StoredSession { cookies: jar.cookies(), ..session };
                // Somebody may have signed out whoever is here while the host was asked.
                let is_wanted = || !log.is_closed() && account.sign_outs() == begun_after;
                let kept = keep_new_session(&account, session, is_wanted).await;
                let kept =
                    kept.map_err(|error| RequestError::at(QrSignInError::NotSaved(error), trace.clone()))?;
                let Some(active) = kept else { return Ok(()) };
                tracing::info!(correlation_id = %trace, "signed in by QR code");
                log.push(Ok(QrState::SignedIn(Session::new(account.clone(), active))));
                return Ok(());
            }
            Err(ExchangeFailed { cause, approved: again }) => {
                let wait = retries.next(&cause).filter(|_| tries < MAX_TRIES && !log.is_closed());
                let (Some(again), Some(wait)) = (again, wait) else {
                    return Err(RequestError::at(cause, trace));
                };
                scope.clock.sleep(wait).await;
                if log.is_closed() {
                    return Err(RequestError::at(cause, trace));
                }
                approved = again;
            }
        }
    }
    unreachable!("the last try returns")
}
