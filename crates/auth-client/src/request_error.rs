//! An error and the request that it came from.

use crate::host::Trace;
use auth_core::{
    CorrelationId, Recovery,
    ports::{Cause, ChannelFailure},
    qr::{QrApprovalError, QrSignInError},
    session::SessionError,
    sign_in::SignInError,
};
use std::{error::Error, fmt};

/// What went wrong, with the correlation id of the request if one was sent.
#[derive(Clone, Debug)]
pub struct RequestError<E> {
    /// What went wrong.
    pub cause: E,
    /// The id under which the host's operator finds the request.
    pub correlation_id: Option<CorrelationId>,
    /// What lies behind it, as the transport told, the live channel, or who asks for the user: its [`source`](Error::source). What a
    /// store told is in its own error.
    pub origin: Option<Cause>,
}

impl<E> RequestError<E> {
    pub(crate) fn here(cause: impl Into<E>) -> Self {
        Self::from(cause.into())
    }

    pub(crate) fn at(cause: impl Into<E>, trace: impl Into<Trace>) -> Self {
        let Trace { id, source } = trace.into();
        Self { cause: cause.into(), correlation_id: Some(id), origin: source }
    }

    /// The same with another cause.
    pub fn map<F>(self, to: impl FnOnce(E) -> F) -> RequestError<F> {
        let Self { cause, correlation_id, origin } = self;
        RequestError { cause: to(cause), correlation_id, origin }
    }
}

/// An error for which nothing was sent.
impl<E> From<E> for RequestError<E> {
    fn from(cause: E) -> Self {
        Self { cause, correlation_id: None, origin: None }
    }
}

impl From<ChannelFailure> for RequestError<QrSignInError> {
    fn from(ChannelFailure { error, cause }: ChannelFailure) -> Self {
        Self { origin: cause, ..Self::here(error) }
    }
}

impl<E: fmt::Display> fmt::Display for RequestError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl<E: Error + 'static> Error for RequestError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.origin {
            Some(origin) => Some(&**origin),
            None => self.cause.source(),
        }
    }
}

macro_rules! recovery {
    ($($error:ty),*) => {$(
        impl RequestError<$error> {
            /// What the caller can do next.
            pub fn recovery(&self) -> Recovery {
                self.cause.recovery()
            }
        }
    )*};
}

recovery!(SignInError, SessionError, QrSignInError, QrApprovalError);
