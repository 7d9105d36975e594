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
    pub host_told: HostTold,
    /// The stable name of what kept the host from being told, such as `unreachable`, if anything did.
    pub cause: Option<String>,
}

redacted!(SignedOut, |out, f| write!(f, "SignedOut(host told: {:?})", out.host_told));

/// What the host knows of a sign-out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum HostTold {
    /// It has revoked the tokens.
    Yes,
    /// There was nothing to tell.
    Nothing,
    /// It could not be told. It will be, with the next renewal, sign-out or `deliver_sign_outs`, while the refresh token
    /// lives.
    Later,
    /// It could not be told, and what is needed to tell it later could not be kept: the tokens expire by themselves.
    Never,
}

impl From<rust::HostTold> for HostTold {
    fn from(told: rust::HostTold) -> Self {
        match told {
            rust::HostTold::Yes => Self::Yes,
            rust::HostTold::Nothing => Self::Nothing,
            rust::HostTold::Later => Self::Later,
            rust::HostTold::Never => Self::Never,
        }
    }
}

impl From<rust::SignedOut> for SignedOut {
    fn from(out: rust::SignedOut) -> Self {
        let rust::SignedOut { account, host, cause } = out;
        Self { account, host_told: host.into(), cause: cause.map(|cause| cause.kind().to_owned()) }
    }
}

/// What became of the sign-outs that waited for the host.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Delivered {
    /// So many were told, or were over by themselves.
    pub told: i32,
    /// So many still wait.
    pub waiting: i32,
    /// The stable name of what keeps them waiting, such as `unreachable`, if anything came of asking.
    pub cause: Option<String>,
}

impl From<rust::Delivered> for Delivered {
    fn from(delivered: rust::Delivered) -> Self {
        let rust::Delivered { told, waiting, cause } = delivered;
        let count = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        let cause = cause.map(|cause| cause.kind().to_owned());
        Self { told: count(told), waiting: count(waiting), cause }
    }
}
