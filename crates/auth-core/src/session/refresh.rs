//! Trading the refresh token for a new pair.

use super::{SessionError, StoredSession};
use crate::{
    ApiRequest, CallError, Endpoint, HttpResponse, LockedOut, Timestamp, TokenPair,
    attempts::Limits,
    ports::TransportError,
    secret::RefreshToken,
    server_text::Secrets,
    wire::{self, Reply},
};

/// A refresh that was handed out.
#[must_use = "resume it with what came of the request"]
pub struct RefreshInFlight {
    from: StoredSession,
}

/// `POST /my/refresh` or `POST /refresh`. Many hosts spend the refresh token on it: send it once.
pub fn refresh(session: &StoredSession) -> (ApiRequest, RefreshInFlight) {
    let token: &RefreshToken = &session.tokens.refresh.token;
    let endpoint = Endpoint::Refresh(session.office);
    let request = ApiRequest::with_fields(endpoint, &[("refreshToken", token.expose())]);
    (request, RefreshInFlight { from: session.clone() })
}

impl RefreshInFlight {
    /// The renewed session, from a complete pair at top level (as documented) or under `data`.
    ///
    /// # Errors
    /// [`SessionError::Ended`] on a 401 in the host's own form; [`SessionError::NeedsSignIn`] on any other refusal;
    /// anything else says nothing about the session.
    pub fn resume(
        self,
        outcome: Result<HttpResponse, TransportError>,
        now: Timestamp,
        limits: &Limits,
    ) -> Result<StoredSession, SessionError> {
        let response = outcome.map_err(CallError::from)?;
        match wire::read(&response, now) {
            Reply::Answer(json) => {
                let pair = wire::pair(&json)
                    .ok_or(CallError::Protocol { what: "renewed without a complete pair of tokens" })?;
                Ok(self.from.renewed(pair, now, response.date()))
            }
            // A 401 without the host's form may be a proxy's: the record is kept.
            Reply::Refused(refusal) if refusal.status == 401 && refusal.shaped => Err(SessionError::Ended),
            Reply::Refused(refusal) if refusal.is_gone() && !refusal.shaped => {
                Err(CallError::NotB2Core { what: "no refresh at this address", status: refusal.status }
                    .into())
            }
            Reply::Refused(mut refusal) => {
                let TokenPair { access, refresh } = &self.from.tokens;
                let secrets = Secrets::of([access.token.expose(), refresh.token.expose()]);
                refusal.cut(&secrets, &self.from.account);
                Err(SessionError::NeedsSignIn { said: refusal.said() })
            }
            Reply::LockedOut(wait) => Err(CallError::LockedOut(LockedOut::by_host(wait, limits)).into()),
            Reply::Failed(error) => Err(error.into()),
        }
    }
}
