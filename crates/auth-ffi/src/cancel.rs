//! Cancelling a call, in languages whose own cancel does not get here.

use crate::{
    AuthError,
    runtime::{inside, runtime},
};
use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
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

impl CancelToken {
    /// Done once the token was used.
    fn cancelled(self: Arc<Self>) -> Boxed<'static, ()> {
        Box::pin(async move {
            let mut cancelled = self.cancelled.subscribe();
            drop(cancelled.wait_for(|cancelled| *cancelled).await);
        })
    }
}

/// Any future of this result. What is exported is built around this type, so that the machinery is in the library once for each
/// result and not for each call.
pub(crate) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Runs a call until it ends or is cancelled. The result is always one of the two. It is polled on the caller's thread in the
/// context of our runtime, where its timers and tasks then run. That saves a thread switch.
pub(crate) struct Call<'a, T> {
    cancelled: Option<Boxed<'static, ()>>,
    call: Option<Boxed<'a, Result<T, AuthError>>>,
}

pub(crate) fn until_cancelled<'a, T>(
    cancel: Option<Arc<CancelToken>>,
    call: impl Future<Output = Result<T, AuthError>> + Send + 'a,
) -> Call<'a, T> {
    Call::new(cancel, Box::pin(call))
}

impl<'a, T> Call<'a, T> {
    fn new(cancel: Option<Arc<CancelToken>>, call: Boxed<'a, Result<T, AuthError>>) -> Self {
        Self { cancelled: cancel.map(CancelToken::cancelled), call: Some(call) }
    }
}

impl<T> Future for Call<'_, T> {
    type Output = Result<T, AuthError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let _inside = match runtime() {
            Ok(runtime) => runtime.enter(),
            Err(error) => return Poll::Ready(Err(error)),
        };
        if let Some(cancelled) = &mut self.cancelled
            && cancelled.as_mut().poll(context).is_ready()
        {
            return Poll::Ready(Err(AuthError::Cancelled));
        }
        self.call.as_mut().expect("it is there until it is dropped").as_mut().poll(context)
    }
}

impl<T> Drop for Call<'_, T> {
    fn drop(&mut self) {
        let _inside = inside();
        self.call = None;
    }
}
