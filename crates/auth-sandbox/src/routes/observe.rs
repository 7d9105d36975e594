//! Around every request: the body is read, the answer is dated, and the log is written.

use std::sync::Arc;

use axum::body::{Body as HttpBody, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use serde_json::{Map, Value};

use super::call::Body;
use crate::host::Host;
use crate::log::LoggedRequest;
use crate::render::time::http_date;
use crate::users::Office;

/// Bodies above this size are refused unread.
const LARGEST_BODY: usize = 1024 * 1024;
/// How much of a body's names the log keeps.
const MOST_NAMES: usize = 64;

pub(super) async fn observe(State(host): State<Arc<Host>>, request: Request, next: Next) -> Response {
    let time = host.now();
    let (mut parts, body) = request.into_parts();
    let body = read(body).await;
    let mut entry = LoggedRequest {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        status: 0,
        correlation_id: parts
            .headers
            .get("x-correlation-id")
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
        body_fields: names(&body),
        office: None,
        time,
    };
    parts.extensions.insert(body);
    let mut response = next.run(Request::from_parts(parts, HttpBody::empty())).await;
    if let Some(date) = http_date(host.now()).and_then(|date| HeaderValue::try_from(date).ok()) {
        response.headers_mut().insert(header::DATE, date);
    }
    entry.status = response.status().as_u16();
    tracing::debug!(method = entry.method, path = entry.path, status = entry.status, "answered");
    let inner = entry.path.strip_prefix(&host.base_path).unwrap_or(&entry.path);
    if !ours(inner) && !ours(&entry.path) {
        entry.office = office(inner);
        host.tables().log.push(entry);
    }
    response
}

async fn read(body: HttpBody) -> Body {
    let Ok(bytes) = to_bytes(body, LARGEST_BODY).await else { return Body::TooLarge };
    if bytes.trim_ascii().is_empty() {
        return Body::Object(Map::new());
    }
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(object)) => Body::Object(object),
        _ => Body::NotAnObject,
    }
}

fn names(body: &Body) -> Vec<String> {
    match body {
        Body::Object(object) => object.keys().take(MOST_NAMES).cloned().collect(),
        _ => Vec::new(),
    }
}

/// Paths that the vendor's hosts do not have.
fn ours(path: &str) -> bool {
    path.starts_with("/_sandbox/") || path.starts_with("/.well-known/")
}

fn office(path: &str) -> Option<Office> {
    if path.starts_with("/api/v2/my/") {
        Some(Office::Front)
    } else if path.starts_with("/api/v2/") {
        Some(Office::Back)
    } else {
        None
    }
}
