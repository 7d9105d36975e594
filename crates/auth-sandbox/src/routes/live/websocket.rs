//! WebSocket: from the start, or in place of polling once its probe has passed.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::{SinkExt, StreamExt};
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use tokio::time::timeout;
use tokio_websockets::{Limits, Message, ServerBuilder, WebSocketStream};

use super::open::begin;
use super::query::Fault;
use super::receive::receive;
use crate::host::Host;
use crate::live::{End, ForWebSocket, Packet, Session};
use crate::upgrade::{Stream, Upgrade};

/// The largest message of a client, in bytes.
const LARGEST_MESSAGE: usize = 100 * 1024;
/// How long a WebSocket that is to take over may take to do so, and how long a client may take to accept a packet; in real
/// time.
const PATIENCE: Duration = Duration::from_secs(10);
/// What RFC 6455 puts behind a client's key.
const KEY_SUFFIX: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// One WebSocket.
type Socket = WebSocketStream<Box<dyn Stream>>;

/// Answers 101 and hands the connection over.
pub(super) fn upgrade(
    host: &Arc<Host>,
    session: Option<Arc<Session>>,
    headers: &HeaderMap,
) -> Result<Response, Fault> {
    let has = |name: header::HeaderName, wanted: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        value.split(',').any(|word| word.trim().eq_ignore_ascii_case(wanted))
    };
    let key = headers.get(header::SEC_WEBSOCKET_KEY).ok_or(Fault::BadRequest)?;
    if !has(header::UPGRADE, "websocket")
        || !has(header::CONNECTION, "upgrade")
        || !has(header::SEC_WEBSOCKET_VERSION, "13")
        || session.as_ref().is_some_and(|session| session.is_websocket())
    {
        return Err(Fault::BadRequest);
    }
    let accept = HeaderValue::try_from(accept_key(key.as_bytes())).map_err(|_| Fault::Broken)?;
    let host = Arc::clone(host);
    let upgrade = Upgrade::new(move |stream, read| serve(host, session, stream, read));
    let headers = [
        (header::UPGRADE, HeaderValue::from_static("websocket")),
        (header::CONNECTION, HeaderValue::from_static("Upgrade")),
        (header::SEC_WEBSOCKET_ACCEPT, accept),
    ];
    let mut answer = (StatusCode::SWITCHING_PROTOCOLS, headers).into_response();
    answer.extensions_mut().insert(upgrade);
    Ok(answer)
}

async fn serve(host: Arc<Host>, session: Option<Arc<Session>>, stream: Box<dyn Stream>, read: Bytes) {
    if !read.is_empty() {
        // It has spoken before it had the answer, which no client may.
        return;
    }
    let limits = Limits::default().max_payload_len(Some(LARGEST_MESSAGE));
    let mut socket = ServerBuilder::new().limits(limits).serve(stream);
    let session = match session {
        None => begin(&host, true).ok(),
        Some(session) => {
            let mut has_passed = false;
            let taken = timeout(PATIENCE, take_over(&session, &mut socket, &mut has_passed)).await;
            let is_ours = matches!(taken, Ok(Some(())));
            if has_passed && !is_ours {
                session.forget_probe();
            }
            is_ours.then_some(session)
        }
    };
    if let Some(session) = session {
        // Whatever ended it: nobody else carries this session.
        let end = carry(&host, &session, &mut socket).await;
        session.end(End::Closed);
        if end == Some(End::Dropped) {
            return;
        }
    }
    let _ = timeout(PATIENCE, socket.close()).await;
}

/// The proof that a client's key was read.
fn accept_key(key: &[u8]) -> String {
    STANDARD.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &[key, KEY_SUFFIX].concat()))
}

/// The probe of a WebSocket beside a polling session, until it takes over. `None` if it does not.
async fn take_over(session: &Session, socket: &mut Socket, has_passed: &mut bool) -> Option<()> {
    loop {
        let message = socket.next().await?.ok()?;
        if message.is_close() {
            return None;
        }
        let Some(text) = message.as_text() else { continue };
        session.note_received();
        match Packet::read(text)? {
            Packet::Ping("probe") if !*has_passed => {
                socket.send(Message::text("3probe".to_owned())).await.ok()?;
                // Only then: the GET that hangs is let go by it.
                *has_passed = session.probe();
                if !*has_passed {
                    return None;
                }
            }
            Packet::Upgrade if *has_passed => {
                session.upgrade();
                return Some(());
            }
            _ => return None,
        }
    }
}

/// Carries packets both ways until the session or the connection ends.
async fn carry(host: &Host, session: &Session, socket: &mut Socket) -> Option<End> {
    let mut changes = session.changes();
    loop {
        match session.take_for_websocket() {
            ForWebSocket::Packets(packets) => {
                for packet in packets {
                    timeout(PATIENCE, socket.send(Message::text(packet))).await.ok()?.ok()?;
                }
            }
            ForWebSocket::Ended(end) => return Some(end),
            ForWebSocket::Wait => tokio::select! {
                message = socket.next() => {
                    let message = message?.ok()?;
                    if message.is_close() {
                        return None;
                    }
                    // Pings are answered by the library; of binary messages we have no use.
                    if let Some(text) = message.as_text() {
                        receive(host, session, text);
                    }
                }
                changed = changes.changed() => changed.ok()?,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_proof_is_that_of_the_standard_s_example() {
        assert_eq!(super::accept_key(b"dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }
}
