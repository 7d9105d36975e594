//! Cancelling a call, in languages whose own cancel does not get here.

use crate::{AuthError, runtime::inline};
use std::{future::Future, pin::Pin, sync::Arc};
use tokio::sync::watch;

/// Cancels the one call that it was given to. It is latched: cancelling before the call begins counts too.
#[derive(uniffi::Object)]
pub struct CancelToken {
    cancelled: watch::Sender<bool>,
}

#[uniffi::export]
impl CancelToken {
    /// A token for one call.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::new(Self { cancelled: watch::Sender::new(false) })
    }

    /// The call throws `Cancelled`, unless it has already ended. The step that it was made on stays usable.
    pub fn cancel(&self) {
        self.cancelled.send_replace(true);
    }
}

/// Runs a call until it ends or is cancelled. The result is always one of the two.
pub(crate) async fn until_cancelled<T>(
    cancel: Option<Arc<CancelToken>>,
    call: impl Future<Output = Result<T, AuthError>> + Send,
) -> Result<T, AuthError> {
    // Boxed, so that `select` is compiled once for each result type and not for each call.
    let call: Pin<Box<dyn Future<Output = Result<T, AuthError>> + Send + '_>> = Box::pin(call);
    select(cancel, call).await
}

async fn select<T>(
    cancel: Option<Arc<CancelToken>>,
    call: Pin<Box<dyn Future<Output = Result<T, AuthError>> + Send + '_>>,
) -> Result<T, AuthError> {
    inline(async move {
        let Some(token) = cancel else { return call.await };
        let mut cancelled = token.cancelled.subscribe();
        tokio::select! {
            biased;
            _ = cancelled.wait_for(|cancelled| *cancelled) => Err(AuthError::Cancelled),
            result = call => result,
        }
    })
    .await
}
