//! An error and the request that it came from.

use auth_core::{
    CorrelationId, Recovery,
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
}

impl<E> RequestError<E> {
    pub(crate) fn here(cause: impl Into<E>) -> Self {
        Self { cause: cause.into(), correlation_id: None }
    }

    pub(crate) fn at(cause: impl Into<E>, id: CorrelationId) -> Self {
        Self { cause: cause.into(), correlation_id: Some(id) }
    }
}

impl<E: fmt::Display> fmt::Display for RequestError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(f)
    }
}

impl<E: Error + 'static> Error for RequestError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.source()
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
