//! The result of a sign-out, and the revocations that are still pending.

use crate::{AuthError, print::redacted};
use auth_client::{self as rust, RequestError, SessionError};

/// The result of a sign-out. Nobody is signed in on this device any more.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct SignedOut {
    /// The e-mail of the account that was signed in; null if only a sign-in was pending, or nothing at all.
    pub account: Option<String>,
    /// Whether the host has revoked the tokens.
    pub revocation: RevocationStatus,
    /// The code of the error that prevented the revocation, such as `unreachable`; null if there was none.
    pub cause: Option<String>,
}

redacted!(SignedOut, |out, f| write!(f, "SignedOut(revocation: {:?})", out.revocation));

/// Whether the host has revoked the tokens of a session that was signed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum RevocationStatus {
    /// The host has revoked the tokens.
    Revoked,
    /// There were no tokens to revoke.
    NothingToRevoke,
    /// The host has not confirmed yet: it could not be reached, or a refresh is in flight that may bring other tokens. The request
    /// will be sent with the next refresh, sign-out or `deliver_pending_revocations`, until the refresh token expires.
    Pending,
    /// The host has not confirmed, and nothing can be sent later: the request could not be stored, or the answer to a refresh was
    /// lost together with its tokens. Tokens may stay valid until they expire.
    NotRevoked,
}

impl From<rust::RevocationStatus> for RevocationStatus {
    fn from(status: rust::RevocationStatus) -> Self {
        match status {
            rust::RevocationStatus::Revoked => Self::Revoked,
            rust::RevocationStatus::NothingToRevoke => Self::NothingToRevoke,
            rust::RevocationStatus::Pending => Self::Pending,
            rust::RevocationStatus::NotRevoked => Self::NotRevoked,
        }
    }
}

impl From<rust::SignedOut> for SignedOut {
    fn from(out: rust::SignedOut) -> Self {
        let rust::SignedOut { account, revocation, cause } = out;
        Self { account, revocation: revocation.into(), cause: cause.map(|cause| cause.kind().to_owned()) }
    }
}

/// What a sign-out came to. That nobody was signed in is no error: nothing was left to do.
pub(crate) fn signed_out(
    result: Result<rust::SignedOut, RequestError<SessionError>>,
) -> Result<SignedOut, AuthError> {
    match result {
        Err(RequestError { cause: SessionError::NotSignedIn, .. }) => {
            let revocation = RevocationStatus::NothingToRevoke;
            Ok(SignedOut { account: None, revocation, cause: None })
        }
        result => Ok(result?.into()),
    }
}

/// The result of sending the pending revocations.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PendingRevocations {
    /// How many were sent, or are not needed any more because the tokens have expired.
    pub delivered: i32,
    /// How many are still pending.
    pub pending: i32,
    /// The code of the error that prevented the rest, such as `unreachable`; null if there was none.
    pub cause: Option<String>,
    /// How many were given up since this was last asked: nothing more can be sent for them, and the host has not confirmed. Their
    /// tokens may stay valid until they expire.
    #[uniffi(default = 0)]
    pub abandoned: i32,
}

impl From<rust::PendingRevocations> for PendingRevocations {
    fn from(result: rust::PendingRevocations) -> Self {
        let rust::PendingRevocations { delivered, pending, abandoned, cause } = result;
        let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        let cause = cause.map(|cause| cause.kind().to_owned());
        Self { delivered: count(delivered), pending: count(pending), cause, abandoned: count(abandoned) }
    }
}
