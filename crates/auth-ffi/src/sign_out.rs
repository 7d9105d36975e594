//! What came of a sign-out.

use crate::print::redacted;
use auth_client as rust;

/// Nobody is signed in here any more.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct SignedOut {
    /// Whose session it was; none if only a sign-in was pending.
    pub account: Option<String>,
    /// What the host was told.
    pub revocation: RevocationStatus,
    /// The stable name of what kept the host from being told, such as `unreachable`, if anything did.
    pub cause: Option<String>,
}

redacted!(SignedOut, |out, f| write!(f, "SignedOut(host told: {:?})", out.revocation));

/// What the host knows of a sign-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum RevocationStatus {
    /// It has revoked the tokens.
    Revoked,
    /// There was nothing to tell.
    NothingToRevoke,
    /// It could not be told. It will be, with the next refresh, sign-out or `deliver_pending_revocations`, while the refresh token
    /// lives.
    Pending,
    /// It could not be told, and what is needed to tell it later could not be kept: the tokens expire by themselves.
    NotRevoked,
}

impl From<rust::RevocationStatus> for RevocationStatus {
    fn from(told: rust::RevocationStatus) -> Self {
        match told {
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

/// What became of the sign-outs that waited for the host.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PendingRevocations {
    /// So many were told, or were over by themselves.
    pub delivered: i32,
    /// So many still wait.
    pub pending: i32,
    /// The stable name of what keeps them waiting, such as `unreachable`, if anything came of asking.
    pub cause: Option<String>,
}

impl From<rust::PendingRevocations> for PendingRevocations {
    fn from(list: rust::PendingRevocations) -> Self {
        let rust::PendingRevocations { delivered, pending, cause } = list;
        let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        let cause = cause.map(|cause| cause.kind().to_owned());
        Self { delivered: count(delivered), pending: count(pending), cause }
    }
}
