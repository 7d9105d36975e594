//! What a request of the live channel asks for, and the refusals of engine.io.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// How the client wants to talk.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Transport {
    Polling,
    WebSocket,
    Unknown,
}

/// The query, as far as it matters. The revision (`EIO`) does not: the original answers 4 with 3's framing too.
pub(super) struct Asked {
    pub(super) transport: Transport,
    pub(super) session: Option<String>,
}

impl Asked {
    pub(super) fn read(query: &str) -> Self {
        let value = |name: &str| {
            query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)
        };
        let transport = match value("transport") {
            // JSONP is not served.
            Some((_, "polling")) if value("j").is_none() => Transport::Polling,
            Some((_, "websocket")) => Transport::WebSocket,
            _ => Transport::Unknown,
        };
        Self { transport, session: value("sid").map(|(_, id)| id.to_owned()) }
    }
}

/// Why a request is refused, with the numbers of engine.io.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    UnknownTransport,
    UnknownSession,
    BadMethod,
    BadRequest,
    /// The sandbox itself failed: no random numbers.
    Broken,
}

impl Fault {
    pub(super) fn response(self) -> Response {
        let (code, message) = match self {
            Self::UnknownTransport => (0, "Transport unknown"),
            Self::UnknownSession => (1, "Session ID unknown"),
            Self::BadMethod => (2, "Bad handshake method"),
            Self::BadRequest => (3, "Bad request"),
            Self::Broken => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        };
        (StatusCode::BAD_REQUEST, Json(json!({ "code": code, "message": message }))).into_response()
    }
}
