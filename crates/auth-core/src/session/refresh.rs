//! The refresh (RFC 6749, section 6): the request that exchanges the refresh token for a new pair, and its answer.

use super::{RefreshOutcome, StoredSession};
use crate::{
    ApiRequest, CallError, ClockReading, Endpoint, HttpResponse, LockedOut, TokenPair,
    attempts::Limits,
    ports::TransportError,
    secret::RefreshToken,
    wire::{self, Json, Reply},
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
    /// Reads the answer: a complete pair at top level (as documented) or under `data`, or why there is none. After an access token
    /// alone the old refresh token stays in use (RFC 6749, section 6).
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
            Reply::Answer(json) => match self.pair(&json, now) {
                Some(pair) => {
                    RefreshOutcome::Refreshed(Box::new(self.from.with_tokens(pair, *now, host_now)))
                }
                None => RefreshOutcome::kept(CallError::Protocol {
                    what: "refreshed without an access token, or with half of a new pair",
                }),
            },
            Reply::Refused(refusal) => RefreshOutcome::of_refusal(refusal, &self.from),
            Reply::LockedOut(wait) => {
                RefreshOutcome::kept(CallError::LockedOut(LockedOut::by_host(wait, limits)))
            }
            Reply::Failed(error) => RefreshOutcome::kept(error),
        }
    }
    fn pair(&self, answer: &Json<'_>, now: &ClockReading) -> Option<TokenPair> {
        wire::pair(answer).or_else(|| {
            let access = wire::access_alone(answer)?;
            Some(TokenPair { access, refresh: self.from.refresh_token_as_of(now) })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Timestamp, secret::SecretBytes};

    fn after(body: &str) -> RefreshOutcome {
        let session = StoredSession::decode(
            br#"{"v":2,"office":"front","account":"ann@example.com",
                "access":{"token":"4ccess","created_at":null,"expires_at":null},
                "refresh":{"token":"r3fresh","created_at":"2026-01-01T00:00:00Z","expires_at":"2026-01-01T01:00:00Z"},
                "received_at":"2026-01-01T00:00:00Z","host_now":null}"#,
        );
        let body = SecretBytes::new(body.as_bytes().to_vec());
        let response = HttpResponse { status: 200, headers: Vec::new(), body };
        let later: Timestamp = "2026-01-01T00:20:00Z".parse().unwrap();
        let now = ClockReading::wall_clock_only(later);
        refresh(&session.unwrap()).1.resume(Ok(response), &now, &Limits::default())
    }

    #[test]
    fn the_old_refresh_token_stays_in_use_if_no_new_one_comes() {
        for none in
            ["", r#","refreshToken":null"#, r#","refreshToken":{}"#, r#","refreshToken":{"token":""}"#]
        {
            for body in [
                format!(r#"{{"accessToken":{{"token":"new"}}{none}}}"#),
                format!(r#"{{"data":{{"accessToken":{{"token":"new"}}{none}}}}}"#),
            ] {
                let RefreshOutcome::Refreshed(session) = after(&body) else { panic!("{body}") };
                let TokenPair { access, refresh } = &session.tokens;
                assert_eq!((access.token.expose(), refresh.token.expose()), ("new", "r3fresh"));
                let left = session.refresh_token_lifetime().map(|life| life.as_secs() / 60);
                assert_eq!(left, Some(40), "it does not live longer for having been used");
            }
        }
    }

    #[test]
    fn half_of_a_new_pair_is_none() {
        for body in [
            r#"{"accessToken":{"token":"new"},"refreshToken":{"token":"a\r\nb"}}"#,
            r#"{"accessToken":{"token":"new"},"refreshToken":7}"#,
            r#"{"accessToken":null,"refreshToken":{"token":"new"}}"#,
            "{}",
        ] {
            assert!(matches!(after(body), RefreshOutcome::Kept { was_not_sent: false, .. }), "{body}");
        }
    }
}
