//! Around every request: the body is read, a fault may act, the answer is dated, and the log is written.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body as HttpBody, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};
use tokio::time::timeout;

use super::call::{Body, RawBody};
use super::gate::{admit, too_slow};
use super::page::is_page;
use crate::connections::Seat;
use crate::faults::{Fault, Spot, Takeover, is_live, office, play};
use crate::host::Host;
use crate::log::LoggedRequest;
use crate::render::time::http_date;

/// Bodies above this size are refused unread.
const LARGEST_BODY: usize = 128 * 1024;
/// How long a body may take to arrive, in real time.
const PATIENCE: Duration = Duration::from_secs(20);
/// How many names of a body the log keeps, and how long each of its texts may be, in bytes.
const MAX_NAMES: usize = 32;
const LONGEST_NAME: usize = 64;
const LONGEST_TEXT: usize = 256;

pub(super) async fn observe(State(host): State<Arc<Host>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let inner = path.strip_prefix(&host.base_path).unwrap_or(&path);
    if let Err(refused) = admit(&host, &parts, &path, inner) {
        return refused.into_response();
    }
    let Ok(bytes) = timeout(PATIENCE, to_bytes(body, LARGEST_BODY)).await else { return too_slow() };
    let bytes = bytes.ok();
    if let Some(seat) = parts.extensions.get::<Seat>() {
        seat.works();
    }
    let body = read(bytes.as_ref());
    if let Some(bytes) = bytes.filter(|_| is_live(inner)) {
        parts.extensions.insert(RawBody(bytes));
    }
    let is_vendors = !ours(inner) && !ours(&path) && !is_page(&parts, inner);
    let query = parts.uri.query().unwrap_or_default();
    let spot = Spot::of(&parts.method, inner, query);
    let fault = if is_vendors { host.faults().next(spot) } else { None };
    // Noted before it is answered: a client may leave before that, and the sandbox never hear of it.
    let entry = is_vendors.then(|| {
        let entry = entry(&host, &parts, inner, &body, fault.as_ref());
        host.tables().log.push(entry)
    });
    parts.extensions.insert(body);
    let work = next.run(Request::from_parts(parts, HttpBody::empty()));
    let mut response = match &fault {
        Some(fault) => play(fault.act(), &host, work).await,
        None => work.await,
    };
    if let Some(date) = http_date(host.now()).and_then(|date| HeaderValue::try_from(date).ok()) {
        response.headers_mut().insert(header::DATE, date);
    }
    let status = match response.extensions().get::<Takeover>() {
        Some(Takeover::Close | Takeover::Bytes(_)) => 0,
        Some(Takeover::Cut(_)) | None => response.status().as_u16(),
    };
    tracing::debug!(path, status, "answered");
    if let Some(entry) = entry {
        host.tables().log.answered(entry, status);
    }
    response
}

fn entry(host: &Host, parts: &Parts, inner: &str, body: &Body, fault: Option<&Fault>) -> LoggedRequest {
    let correlation_id = parts.headers.get("x-correlation-id");
    LoggedRequest {
        method: short(parts.method.as_str(), LONGEST_NAME),
        path: short(parts.uri.path(), LONGEST_TEXT),
        status: 0,
        correlation_id: correlation_id
            .map(|value| short(&String::from_utf8_lossy(value.as_bytes()), LONGEST_TEXT)),
        body_fields: names(body),
        office: office(inner),
        fault: fault.map(Fault::to_string),
        time: host.now(),
    }
}

fn read(bytes: Option<&Bytes>) -> Body {
    let Some(bytes) = bytes else { return Body::TooLarge };
    if bytes.trim_ascii().is_empty() {
        return Body::Object(Map::new());
    }
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => Body::Object(object),
        _ => Body::NotAnObject,
    }
}

fn names(body: &Body) -> Vec<String> {
    match body {
        Body::Object(object) => object.keys().take(MAX_NAMES).map(|name| short(name, LONGEST_NAME)).collect(),
        _ => Vec::new(),
    }
}

/// A text, or its beginning with a mark.
fn short(text: &str, longest: usize) -> String {
    if text.len() <= longest {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(longest)])
}

/// Paths that the vendor's hosts do not have.
fn ours(path: &str) -> bool {
    path.starts_with("/_sandbox/") || path.starts_with("/_page/") || path.starts_with("/.well-known/")
}
