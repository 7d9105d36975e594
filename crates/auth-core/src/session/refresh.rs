//! Trading the refresh token for a new pair.

use super::StoredSession;
use crate::{
    ApiRequest, CallError, ClockReading, Endpoint, HttpResponse, LockedOut, ServerMessage, TokenPair,
    attempts::Limits,
    ports::TransportError,
    secret::RefreshToken,
    server_message::Secrets,
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

/// What came of a refresh.
#[derive(Clone, Debug)]
pub enum RefreshOutcome {
    /// A complete pair came.
    Refreshed(Box<StoredSession>),
    /// A 401 in the host's own form: the session is over.
    Ended,
    /// The host refused without saying that the session is over.
    Refused {
        /// The host's own words.
        server_message: ServerMessage,
    },
    /// A 401 without the host's form: it may be a proxy's.
    Unrecognized401,
    /// Nothing that says anything about the session.
    Kept {
        /// What came instead.
        error: CallError,
        /// The host cannot have seen the request.
        was_not_sent: bool,
    },
}

impl RefreshInFlight {
    /// Reads what came of the request: a complete pair at top level (as documented) or under `data`, or why there is
    /// none.
    pub fn resume(
        self,
        outcome: Result<HttpResponse, TransportError>,
        now: &ClockReading,
        limits: &Limits,
    ) -> RefreshOutcome {
        let mut response = match outcome {
            Ok(response) => response,
            Err(error) => {
                return RefreshOutcome::Kept { error: error.into(), was_not_sent: error.was_not_sent() };
            }
        };
        let kept = |error: CallError| RefreshOutcome::Kept { error, was_not_sent: false };
        let host_now = response.date();
        match wire::read(&mut response, now.wall) {
            Reply::Answer(json) => match wire::pair(&json) {
                Some(pair) => {
                    RefreshOutcome::Refreshed(Box::new(self.from.with_tokens(pair, *now, host_now)))
                }
                None => kept(CallError::Protocol { what: "refreshed without a complete pair of tokens" }),
            },
            Reply::Refused(refusal) if refusal.status == 401 && refusal.is_recognized => {
                RefreshOutcome::Ended
            }
            Reply::Refused(refusal) if refusal.status == 401 => RefreshOutcome::Unrecognized401,
            Reply::Refused(refusal) if refusal.is_gone() && !refusal.is_recognized => {
                kept(CallError::NotB2Core { what: "no refresh at this address", status: refusal.status })
            }
            Reply::Refused(mut refusal) => {
                let TokenPair { access, refresh } = &self.from.tokens;
                let secrets = Secrets::of([access.token.expose(), refresh.token.expose()]);
                refusal.cut(&secrets, &self.from.account);
                RefreshOutcome::Refused { server_message: refusal.server_message() }
            }
            Reply::LockedOut(wait) => kept(CallError::LockedOut(LockedOut::by_host(wait, limits))),
            Reply::Failed(error) => kept(error),
        }
    }
}
