//! The cases of the errors of QR sign-in.

use crate::error::Recovery;
use auth_client::ports::ChannelError;
use std::fmt;

/// Why a QR sign-in did not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum QrProblem {
    /// Approver: what was scanned is no sign-in code. Nothing was sent.
    NotACode,
    /// Approver: the code names another host than this session's. Nothing was sent.
    OtherHost,
    /// The host has no QR sign-in, or it is switched off.
    NotAvailable,
    /// The host does not know the code or the approval any more.
    Expired,
    /// Approver: the code was approved or declined before.
    AlreadyUsed,
    /// Approver: this request was approved or declined before.
    AlreadyDecided,
    /// Approver: the user did not confirm. Nothing was sent; the request can be approved again.
    NotConfirmed,
    /// Approver: the host did not take the access token, before it looked at the code.
    Unauthorized,
    /// Approver: the approval was sent and no answer came. The other screen may be signed in.
    Uncertain,
    /// Display: the approval was used before this display could. Somebody else may be signed in.
    AuthorizationUsed,
    /// Display: no code is shown that this approval could be of.
    NoCode,
}

impl fmt::Display for QrProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotACode => "this is not a sign-in code",
            Self::OtherHost => "this code belongs to another site",
            Self::NotAvailable => "the host has no QR sign-in",
            Self::Expired => "the code has expired; use a new one",
            Self::AlreadyUsed => "this code was used before; scan a new one",
            Self::AlreadyDecided => "this code was decided on before",
            Self::NotConfirmed => "the user did not confirm",
            Self::Unauthorized => "the host did not take the access token",
            Self::Uncertain => "no answer to the approval; look at the other screen",
            Self::AuthorizationUsed => "somebody else has used this approval; look at the account's devices",
            Self::NoCode => "no code is shown, or it has expired",
        })
    }
}

impl QrProblem {
    /// The core's `kind()`.
    pub(in crate::error) fn code(self) -> &'static str {
        match self {
            Self::NotACode => "not_a_qr_code",
            Self::OtherHost => "qr_other_host",
            Self::NotAvailable => "not_available",
            Self::Expired => "qr_expired",
            Self::AlreadyUsed => "qr_already_used",
            Self::AlreadyDecided => "qr_already_decided",
            Self::NotConfirmed => "qr_not_confirmed",
            Self::Unauthorized => "qr_unauthorized",
            Self::Uncertain => "qr_uncertain",
            Self::AuthorizationUsed => "qr_authorization_used",
            Self::NoCode => "qr_no_code",
        }
    }

    /// The core's `recovery()`.
    pub(in crate::error) fn recovery(self) -> Recovery {
        match self {
            Self::NotACode | Self::OtherHost | Self::NotConfirmed => Recovery::AskUser,
            Self::Expired | Self::AlreadyUsed | Self::AlreadyDecided | Self::Uncertain | Self::NoCode => {
                Recovery::Restart
            }
            Self::Unauthorized => Recovery::SignInAgain,
            Self::NotAvailable | Self::AuthorizationUsed => Recovery::Report,
        }
    }
}

/// Why a live channel cannot be watched, or not now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum ChannelProblem {
    /// Its server cannot be reached, or the connection to it broke.
    Unreachable,
    /// The TLS handshake failed, or the certificate is not trusted.
    Tls,
    /// The certificate is trusted, but has none of the pinned keys.
    PinMismatch,
    /// There is no live channel at this address.
    NotFound,
    /// What answers does not speak its protocol, or not now.
    Protocol,
    /// The host does not let this subscriber listen to the channel.
    Refused,
    /// What is watched with failed.
    Failed,
}

impl fmt::Display for ChannelProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        ChannelError::from(*self).fmt(f)
    }
}

impl From<ChannelProblem> for ChannelError {
    fn from(problem: ChannelProblem) -> Self {
        match problem {
            ChannelProblem::Unreachable => Self::Unreachable,
            ChannelProblem::Tls => Self::Tls,
            ChannelProblem::PinMismatch => Self::PinMismatch,
            ChannelProblem::NotFound => Self::NotFound,
            ChannelProblem::Protocol => Self::Protocol,
            ChannelProblem::Refused => Self::Refused,
            ChannelProblem::Failed => Self::Failed,
        }
    }
}

impl From<ChannelError> for ChannelProblem {
    fn from(error: ChannelError) -> Self {
        match error {
            ChannelError::Unreachable => Self::Unreachable,
            ChannelError::Tls => Self::Tls,
            ChannelError::PinMismatch => Self::PinMismatch,
            ChannelError::NotFound => Self::NotFound,
            ChannelError::Protocol => Self::Protocol,
            ChannelError::Refused => Self::Refused,
            ChannelError::Failed => Self::Failed,
        }
    }
}
