//! One connection: HTTP/1.1 by hyper, until a fault takes it over.
//!
//! A fault that breaks HTTP makes the service fail. Hyper then ends the connection without having written anything, the
//! stream is taken back, and the fault's bytes are written as they are. After an answer with status 101 the stream is taken
//! back in the same way and goes to whoever the answer names.

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::header;
use axum::http::response::Parts;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::AsyncWriteExt;

use crate::connections::Seat;
use crate::faults::Takeover;
use crate::upgrade::{Stream, Upgrade};

/// How long a connection may take from one answer to the whole head of the next request, in real time.
const IDLE: Duration = Duration::from_secs(60);
/// The largest head, in bytes.
const LARGEST_HEAD: usize = 64 * 1024;

/// Who is at the other end, as an extension of every request.
#[derive(Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Serves one connection to its end. Failures are the client's, or a fault's: nobody needs to hear of them.
pub(crate) async fn serve<I>(stream: I, peer: SocketAddr, router: Router, seat: Seat)
where
    I: Stream + 'static,
{
    let service = Answering {
        router: TowerToHyperService::new(router),
        peer,
        seat,
        last_words: Arc::default(),
        upgrade: Arc::default(),
    };
    let last_words = Arc::clone(&service.last_words);
    let upgrade = Arc::clone(&service.upgrade);
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(IDLE).max_buf_size(LARGEST_HEAD);
    let mut connection = http.serve_connection(TokioIo::new(stream), service);
    let ended = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let parts = connection.into_parts();
    let mut stream = parts.io.into_inner();

    let upgrade = upgrade.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let (Some(upgrade), Ok(())) = (upgrade, &ended) {
        return upgrade.serve(Box::new(stream), parts.read_buf).await;
    }
    let last_words = last_words.lock().unwrap_or_else(PoisonError::into_inner).take();
    match last_words {
        // Closed as by a host that died: without the farewell of TLS.
        Some(bytes) if bytes.is_empty() => {}
        Some(bytes) => {
            let _ = stream.write_all(&bytes).await;
            let _ = stream.shutdown().await;
        }
        None if ended.is_ok() => {
            let _ = stream.shutdown().await;
        }
        None => {}
    }
}

/// The router as hyper calls it.
struct Answering {
    router: TowerToHyperService<Router>,
    peer: SocketAddr,
    seat: Seat,
    /// What is to be written to the bare stream before it is closed.
    last_words: Arc<Mutex<Option<Bytes>>>,
    /// Who serves the stream after HTTP.
    upgrade: Arc<Mutex<Option<Upgrade>>>,
}

/// A fault has the connection now.
#[derive(Debug, thiserror::Error)]
#[error("a fault took the connection over")]
struct TakenOver;

impl Service<Request<Incoming>> for Answering {
    type Response = Response;
    type Error = TakenOver;
    type Future = Pin<Box<dyn Future<Output = Result<Response, TakenOver>> + Send>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        let seat = self.seat.clone();
        request.extensions_mut().insert(Peer(self.peer));
        request.extensions_mut().insert(seat.clone());
        let answer = self.router.call(request);
        let last_words = Arc::clone(&self.last_words);
        let upgrade = Arc::clone(&self.upgrade);
        Box::pin(async move {
            let Ok(mut answer) = answer.await;
            let Some(how) = answer.extensions_mut().remove::<Takeover>() else {
                let next = answer.extensions_mut().remove::<Upgrade>();
                if next.is_none() {
                    seat.waits();
                }
                *upgrade.lock().unwrap_or_else(PoisonError::into_inner) = next;
                return Ok(answer);
            };
            let bytes = match how {
                Takeover::Close => Bytes::new(),
                Takeover::Bytes(bytes) => bytes,
                Takeover::Cut(at) => cut(answer, at).await,
            };
            *last_words.lock().unwrap_or_else(PoisonError::into_inner) = Some(bytes);
            Err(TakenOver)
        })
    }
}

/// An answer as bytes, broken off after `at` bytes of its body. The announced length is never reached.
async fn cut(answer: Response, at: usize) -> Bytes {
    let (parts, body) = answer.into_parts();
    let body = whole(body).await;
    let announced = body.len().max(at.saturating_add(1));
    let mut bytes = head(&parts, announced);
    bytes.extend_from_slice(&body[..at.min(body.len())]);
    bytes.into()
}

/// What an endpoint says is in memory already.
async fn whole(body: Body) -> Bytes {
    to_bytes(body, usize::MAX).await.unwrap_or_default()
}

fn head(parts: &Parts, length: usize) -> Vec<u8> {
    let reason = parts.status.canonical_reason().unwrap_or_default();
    let mut bytes = format!("HTTP/1.1 {} {reason}\r\n", parts.status.as_u16()).into_bytes();
    for (name, value) in parts.headers.iter().filter(|(name, _)| *name != header::CONTENT_LENGTH) {
        bytes.extend_from_slice(name.as_str().as_bytes());
        bytes.extend_from_slice(b": ");
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(format!("content-length: {length}\r\n\r\n").as_bytes());
    bytes
}
