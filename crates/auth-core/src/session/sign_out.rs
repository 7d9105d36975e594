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

impl SignOutInFlight {
    /// Whether the host has revoked the tokens. A success needs no body. A 401 counts as success: the access token was invalid
    /// already.
    ///
    /// # Errors
    /// If the host did not revoke them, or may not have.
    pub fn resume(
        self,
        outcome: Result<HttpResponse, TransportError>,
        now: Timestamp,
        limits: &Limits,
    ) -> Result<(), CallError> {
        let mut response = outcome?;
        let is_page = response.body.expose().trim_ascii_start().starts_with(b"<");
        match response.status {
            401 => return Ok(()),
            200..=299 if !is_page => return Ok(()),
            _ => {}
        }
        match wire::read(&mut response, now) {
            Reply::Answer(_) => Ok(()),
            Reply::Refused(_) => Err(CallError::Protocol { what: "the host did not take the sign-out" }),
            Reply::LockedOut(wait) => Err(CallError::LockedOut(LockedOut::by_host(wait, limits))),
            Reply::Failed(error) => Err(error),
        }
    }
}
