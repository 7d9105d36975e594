//! The cases of those errors that have several.

mod qr;

pub use qr::{ChannelProblem, QrProblem};

use auth_client::ports::TransportError;
use std::fmt;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum NetworkProblem {
    /// No connection. The request was not sent.
    Unreachable,
    /// The TLS handshake failed, for example because of the certificate. The request was not sent.
    Tls,
    /// The host's certificate is trusted, but has none of the pinned keys, or the pins have expired and are not to be ignored. The request
    /// was not sent.
    PinMismatch,
    /// The connection broke. The host may have processed the request.
    Interrupted,
    /// The request timed out. The host may have processed it.
    TimedOut,
    /// The answer is too large for one of B2Core's.
    TooLarge,
    /// The answer is not HTTP.
    NotHttp,
    /// The transport itself failed.
    Failed,
}

impl fmt::Display for NetworkProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        TransportError::from(*self).fmt(f)
    }
}

impl From<NetworkProblem> for TransportError {
    fn from(problem: NetworkProblem) -> Self {
        match problem {
            NetworkProblem::Unreachable => Self::Unreachable,
            NetworkProblem::Tls => Self::Tls,
            NetworkProblem::PinMismatch => Self::PinMismatch,
            NetworkProblem::Interrupted => Self::Interrupted,
            NetworkProblem::TimedOut => Self::TimedOut,
            NetworkProblem::TooLarge => Self::TooLarge,
            NetworkProblem::NotHttp => Self::NotHttp,
            NetworkProblem::Failed => Self::Failed,
        }
    }
}

impl From<TransportError> for NetworkProblem {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Unreachable => Self::Unreachable,
            TransportError::Tls => Self::Tls,
            TransportError::PinMismatch => Self::PinMismatch,
            TransportError::Interrupted => Self::Interrupted,
            TransportError::TimedOut => Self::TimedOut,
            TransportError::TooLarge => Self::TooLarge,
            TransportError::NotHttp => Self::NotHttp,
            TransportError::Failed => Self::Failed,
        }
    }
}

/// What is wrong with the user's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum InputProblem {
    /// The e-mail is empty.
    EmailNeeded,
    /// The text is not an e-mail address.
    NoEmail,
    /// The password is empty.
    PasswordNeeded,
    /// The new password is empty.
    NewPasswordNeeded,
    /// The code is empty.
    CodeNeeded,
    /// The code has characters that are not digits, or far too many.
    CodeNotDigits,
    /// The code has characters that are neither letters nor digits, or far too many.
    CodeNotLettersOrDigits,
}

impl fmt::Display for InputProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        auth_client::InputProblem::from(*self).fmt(f)
    }
}

impl From<InputProblem> for auth_client::InputProblem {
    fn from(problem: InputProblem) -> Self {
        match problem {
            InputProblem::EmailNeeded => Self::EmailNeeded,
            InputProblem::NoEmail => Self::NoEmail,
            InputProblem::PasswordNeeded => Self::PasswordNeeded,
            InputProblem::NewPasswordNeeded => Self::NewPasswordNeeded,
            InputProblem::CodeNeeded => Self::CodeNeeded,
            InputProblem::CodeNotDigits => Self::CodeNotDigits,
            InputProblem::CodeNotLettersOrDigits => Self::CodeNotLettersOrDigits,
        }
    }
}

impl From<auth_client::InputProblem> for InputProblem {
    fn from(problem: auth_client::InputProblem) -> Self {
        use auth_client::InputProblem as Core;
        match problem {
            Core::EmailNeeded => Self::EmailNeeded,
            Core::NoEmail => Self::NoEmail,
            Core::PasswordNeeded => Self::PasswordNeeded,
            Core::NewPasswordNeeded => Self::NewPasswordNeeded,
            Core::CodeNeeded => Self::CodeNeeded,
            Core::CodeNotDigits => Self::CodeNotDigits,
            Core::CodeNotLettersOrDigits => Self::CodeNotLettersOrDigits,
        }
    }
}
