//! The refresh (RFC 6749, section 6): the request that exchanges the refresh token for a new pair, and its answer.

use super::{RefreshOutcome, StoredSession};
use crate::{
    ApiRequest, CallError, ClockReading, Endpoint, HttpResponse, LockedOut,
    attempts::Limits,
    ports::TransportError,
    secret::RefreshToken,
    wire::{self, Reply},
};

/// A refresh whose request was handed out. Dropping it gives the outcome up; the host may have spent the refresh token.
#[must_use = "resume it with the answer to the request"]
pub struct RefreshInFlight {
    from: StoredSession,
}

/// `POST /my/refresh` or `POST /refresh`. Send the request once: many hosts accept a refresh token only once.
pub fn refresh(session: &StoredSession) -> (ApiRequest, RefreshInFlight) {
    let token: &RefreshToken = &session.tokens.refresh.token;
    let endpoint = Endpoint::Refresh(session.office);
    let request = ApiRequest::with_fields(endpoint, &[("refreshToken", token.expose())]);
    (request, RefreshInFlight { from: session.clone() })
}

impl RefreshInFlight {
    /// Reads the answer: a complete pair at top level (as documented) or under `data`, or why there is none.
    ///
    /// `now` is the time of the answer; `limits` say how long a block lasts if the host does not.
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
        let host_now = response.date();
        match wire::read(&mut response, now.wall) {
            Reply::Answer(json) => match wire::pair(&json) {
                Some(pair) => {
                    RefreshOutcome::Refreshed(Box::new(self.from.with_tokens(pair, *now, host_now)))
                }
                None => RefreshOutcome::kept(CallError::Protocol {
                    what: "refreshed without a complete pair of tokens",
                }),
            },
            Reply::Refused(refusal) => RefreshOutcome::of_refusal(refusal, &self.from),
            Reply::LockedOut(wait) => {
                RefreshOutcome::kept(CallError::LockedOut(LockedOut::by_host(wait, limits)))
            }
            Reply::Failed(error) => RefreshOutcome::kept(error),
        }
    }
}
