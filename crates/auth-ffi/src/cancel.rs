//! Cancelling a call, in languages whose own cancel does not get here.

use crate::{AuthError, runtime::inline};
use std::{future::Future, pin::Pin, sync::Arc};
use tokio::sync::watch;

/// Cancels the one call that it was given to. It is latched: a cancel before the call began counts too.
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

    /// The call throws `Cancelled` unless it has just ended. The step that it was made on stays usable.
    pub fn cancel(&self) {
        self.cancelled.send_replace(true);
    }
}

/// Runs a call to its end or to its cancel; the outcome is always one of both.
pub(crate) async fn until_cancelled<T>(
    cancel: Option<Arc<CancelToken>>,
    call: impl Future<Output = Result<T, AuthError>> + Send,
) -> Result<T, AuthError> {
    // Behind one type, so that the machinery is built once for each result and not for each call.
    let call: Pin<Box<dyn Future<Output = Result<T, AuthError>> + Send + '_>> = Box::pin(call);
    either(cancel, call).await
}

async fn either<T>(
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
