//! Polling: a GET that hangs until there is something, and POSTs for what the client has to say.

use std::sync::Arc;

use axum::http::{Extensions, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::query::Fault;
use super::receive::receive as receive_packet;
use crate::faults::Takeover;
use crate::host::Host;
use crate::live::{End, ForPolling, Session, payload, split};
use crate::routes::call::RawBody;

/// Waits for packets. A second GET at a time ends the session, as with the original.
pub(super) async fn send(session: Arc<Session>) -> Result<Response, Fault> {
    if session.is_websocket() {
        return Err(Fault::BadRequest);
    }
    if !session.begin_poll() {
        session.end(End::Closed);
        return Ok(StatusCode::INTERNAL_SERVER_ERROR.into_response());
    }
    let mut poll = Poll { session: &session, is_answered: false };
    let mut changes = session.changes();
    let answer = loop {
        match session.take_for_polling() {
            ForPolling::Packets(waiting) => break packets(waiting.iter().map(String::as_str)),
            ForPolling::Noop => break packets(["6"]),
            ForPolling::Ended(End::Closed) => break packets(["1"]),
            ForPolling::Ended(End::Dropped) => {
                let mut answer = StatusCode::OK.into_response();
                answer.extensions_mut().insert(Takeover::Close);
                break answer;
            }
            ForPolling::Wait => {
                if changes.changed().await.is_err() {
                    break packets(["1"]);
                }
            }
        }
    };
    poll.is_answered = true;
    Ok(answer)
}

/// A GET that hangs. If the client leaves it unanswered, the session is over: what was meant for it could be lost.
struct Poll<'a> {
    session: &'a Session,
    is_answered: bool,
}

impl Drop for Poll<'_> {
    fn drop(&mut self) {
        self.session.end_poll();
        if !self.is_answered {
            self.session.end(End::Closed);
        }
    }
}

/// Takes what the client says.
pub(super) fn receive(host: &Host, session: &Session, request: &Extensions) -> Result<Response, Fault> {
    if session.is_websocket() {
        return Err(Fault::BadRequest);
    }
    let body = request.get::<RawBody>().and_then(|body| std::str::from_utf8(&body.0).ok());
    let Some(packets) = body.and_then(split) else {
        session.end(End::Closed);
        return Err(Fault::BadRequest);
    };
    for packet in packets {
        receive_packet(host, session, packet);
    }
    Ok(([(header::CONTENT_TYPE, "text/html")], "ok").into_response())
}

/// Packets as an answer.
pub(super) fn packets<'a>(packets: impl IntoIterator<Item = &'a str>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=UTF-8")], payload(packets)).into_response()
}
