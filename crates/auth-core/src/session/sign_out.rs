//! The sign-out request, which revokes a session's tokens at the host (RFC 7009), and its answer.

use super::StoredSession;
use crate::{
    ApiRequest, CallError, Endpoint, HttpResponse, LockedOut, Timestamp,
    attempts::Limits,
    ports::TransportError,
    wire::{self, Reply},
};

/// A sign-out whose request was handed out.
#[must_use = "resume it with the answer to the request"]
pub struct SignOutInFlight(());

/// `POST /my/signout` or `POST /signout`, with the access token. An expired access token cannot revoke: refresh first.
pub fn sign_out(session: &StoredSession) -> (ApiRequest, SignOutInFlight) {
    let endpoint = Endpoint::SignOut(session.office);
    (ApiRequest::with_bearer(endpoint, session.tokens.access.token.clone()), SignOutInFlight(()))
}

/// What the host has answered to a sign-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum SignOutAnswer {
    /// The tokens are revoked.
    Revoked,
    /// The host does not take this access token (a 401 in its own form): it has expired or was replaced. The refresh token may
    /// live on.
    AccessTokenRejected,
}

impl SignOutInFlight {
    /// What the host has answered. A success needs no body.
    ///
    /// # Errors
    /// If the host did not revoke the tokens, or may not have. A 401 that is not in B2Core's form is such an error: a proxy or a
    /// gateway may have sent it.
    pub fn resume(
        self,
        outcome: Result<HttpResponse, TransportError>,
        now: Timestamp,
        limits: &Limits,
    ) -> Result<SignOutAnswer, CallError> {
        let mut response = outcome?;
        let is_success = (200..=299).contains(&response.status);
        let body = response.body.expose();
        // Some servers write a byte order mark before nothing.
        let is_empty = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).trim_ascii().is_empty();
        match wire::read(&mut response, now) {
            Reply::Answer(_) => Ok(SignOutAnswer::Revoked),
            Reply::Refused(refusal) if refusal.status == 401 && refusal.is_documented => {
                Ok(SignOutAnswer::AccessTokenRejected)
            }
            Reply::Refused(refusal) if refusal.status == 401 => {
                Err(CallError::NotB2Core { what: "a 401 that is not in its form", status: 401 })
            }
            Reply::Refused(_) => Err(CallError::Protocol { what: "the host did not take the sign-out" }),
            Reply::LockedOut(wait) => Err(CallError::LockedOut(LockedOut::by_host(wait, limits))),
            Reply::Failed(_) if is_success && is_empty => Ok(SignOutAnswer::Revoked),
            Reply::Failed(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::SecretBytes;

    fn answer(status: u16, body: &str) -> Result<SignOutAnswer, CallError> {
        let body = SecretBytes::new(body.as_bytes().to_vec());
        let response = HttpResponse { status, headers: Vec::new(), body };
        SignOutInFlight(()).resume(Ok(response), Timestamp::UNIX_EPOCH, &Limits::default())
    }

    #[test]
    fn only_the_hosts_own_answer_is_one() {
        for (status, body) in [(200, ""), (204, ""), (200, "{}"), (200, "[]"), (200, r#"{"status":200}"#)] {
            assert!(matches!(answer(status, body), Ok(SignOutAnswer::Revoked)), "{status} {body}");
        }
        let own = r#"{"error":{"code":0,"message":"Unauthenticated"}}"#;
        assert!(matches!(answer(401, own), Ok(SignOutAnswer::AccessTokenRejected)));
        for (status, body) in [
            (401, ""),
            (401, "<html>proxy</html>"),
            (401, r#"{"message":"Unauthorized"}"#),
            (200, "<html>Sign in to the hotel</html>"),
            (200, "\u{feff}<!DOCTYPE html><title>Sign in to the hotel</title>"),
            (200, "Please sign in to the hotel's network."),
            (200, r#"{"status":401,"meta":{"behaviours":[],"status":401},"data":{}}"#),
            (302, ""),
            (403, own),
            (404, ""),
            (429, ""),
            (503, ""),
        ] {
            assert!(answer(status, body).is_err(), "{status} {body}");
        }
    }
}
