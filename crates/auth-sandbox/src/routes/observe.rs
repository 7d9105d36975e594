//! Around every request: the body is read, a fault may act, the answer is dated, and the log is written.

use std::sync::Arc;

use axum::body::{Body as HttpBody, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::{Map, Value};

use super::call::{Body, RawBody};
use super::page::is_page;
use crate::faults::{Fault, Spot, Takeover, is_live, office, play};
use crate::host::Host;
use crate::log::LoggedRequest;
use crate::render::time::http_date;

/// Bodies above this size are refused unread.
const LARGEST_BODY: usize = 1024 * 1024;
/// How much of a body's names the log keeps.
const MAX_NAMES: usize = 64;

pub(super) async fn observe(State(host): State<Arc<Host>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();
    let inner = path.strip_prefix(&host.base_path).unwrap_or(&path);
    let bytes = to_bytes(body, LARGEST_BODY).await.ok();
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
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        status: 0,
        correlation_id: correlation_id.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
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
        Body::Object(object) => object.keys().take(MAX_NAMES).cloned().collect(),
        _ => Vec::new(),
    }
}

/// Paths that the vendor's hosts do not have.
fn ours(path: &str) -> bool {
    path.starts_with("/_sandbox/") || path.starts_with("/_page/") || path.starts_with("/.well-known/")
}
