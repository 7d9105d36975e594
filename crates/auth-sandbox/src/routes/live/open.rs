//! A session begins, and ends when its client is silent for too long.

use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::http::{HeaderValue, header};
use axum::response::Response;
use tokio::time::sleep_until;

use super::polling::packets;
use super::query::Fault;
use crate::host::Host;
use crate::live::{End, ForPolling, Session};

/// The handshake over polling.
pub(super) fn by_polling(host: &Host) -> Result<Response, Fault> {
    let session = begin(host, false)?;
    let ForPolling::Packets(first) = session.take_for_polling() else { return Err(Fault::UnknownSession) };
    let mut answer = packets(first.iter().map(String::as_str));
    let cookie = format!("io={}; Path=/; HttpOnly", session.id);
    let cookie = HeaderValue::try_from(cookie).map_err(|_| Fault::Broken)?;
    answer.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(answer)
}

/// A session with somebody who watches it.
pub(super) fn begin(host: &Host, is_websocket: bool) -> Result<Arc<Session>, Fault> {
    let session = host.live.open(is_websocket).map_err(|_| Fault::Broken)?;
    let heartbeat = host.live.settings().heartbeat;
    tokio::spawn(watch(Arc::downgrade(&session), heartbeat.interval.saturating_add(heartbeat.timeout)));
    Ok(session)
}

/// Ends the session once its client has been silent for `most`.
async fn watch(session: Weak<Session>, most: Duration) {
    loop {
        let Some(deadline) = session.upgrade().and_then(|session| session.last_packet().checked_add(most))
        else {
            return;
        };
        sleep_until(deadline).await;
        let Some(session) = session.upgrade().filter(|session| !session.is_over()) else { return };
        if session.last_packet().elapsed() >= most {
            return session.end(End::Closed);
        }
    }
}
