//! Handing a connection from HTTP over to another protocol.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Bytes;
use tokio::io::{AsyncRead, AsyncWrite};

/// A stream of bytes in both directions.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// What serves the stream from then on; it is given the bytes that were read too far.
type Serve = Box<dyn FnOnce(Box<dyn Stream>, Bytes) -> Pin<Box<dyn Future<Output = ()> + Send>> + Send>;

/// As an extension of an answer with status 101: who serves the connection after it.
#[derive(Clone)]
pub(crate) struct Upgrade(Arc<Mutex<Option<Serve>>>);

impl Upgrade {
    pub(crate) fn new<F, Fut>(serve: F) -> Self
    where
        F: FnOnce(Box<dyn Stream>, Bytes) -> Fut + Send + 'static,
        Fut: Future<Output = ()> + Send + 'static,
    {
        let serve: Serve = Box::new(move |stream, read| Box::pin(serve(stream, read)));
        Self(Arc::new(Mutex::new(Some(serve))))
    }

    /// Serves the stream to its end; only once.
    pub(crate) async fn serve(self, stream: Box<dyn Stream>, read: Bytes) {
        let serve = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(serve) = serve {
            serve(stream, read).await;
        }
    }
}
