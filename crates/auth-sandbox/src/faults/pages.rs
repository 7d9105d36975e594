//! Answers that the host did not mean to give.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::Value;

use super::bodies::Repeated;
use super::{Framing, RetryAfter, bomb};
use crate::render::time::http_date;

const JSON: &str = "application/json";
/// JSON but for two bytes that UTF-8 never has.
const NOT_UTF8: &[u8] = b"{\"code\":200,\"data\":{\"message\":\"caf\xff\xfe\"},\"done\":false}";

pub(super) fn status(number: u16, retry_after: Option<RetryAfter>, body: Option<&str>) -> Response {
    let mut response = match body {
        None => code(number).into_response(),
        Some(text) => {
            let is_json = serde_json::from_str::<Value>(text).is_ok();
            let kind = if is_json { JSON } else { "text/plain; charset=utf-8" };
            (code(number), [(header::CONTENT_TYPE, kind)], text.to_owned()).into_response()
        }
    };
    let when = retry_after.and_then(|when| match when {
        RetryAfter::Seconds(seconds) => Some(HeaderValue::from(seconds)),
        RetryAfter::At(time) => http_date(time).and_then(|date| HeaderValue::try_from(date).ok()),
    });
    if let Some(when) = when {
        response.headers_mut().insert(header::RETRY_AFTER, when);
    }
    response
}

pub(super) fn html(number: u16) -> Response {
    let title = match code(number).canonical_reason() {
        Some(reason) => format!("{number} {reason}"),
        None => number.to_string(),
    };
    let page = format!(
        "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n\
         </body>\r\n</html>\r\n"
    );
    (code(number), Html(page)).into_response()
}

pub(super) fn redirect(number: u16, to: &str) -> Response {
    let to: String = to.chars().filter(|char| !char.is_control()).collect();
    let mut response = code(number).into_response();
    if let Ok(to) = HeaderValue::from_bytes(to.as_bytes()) {
        response.headers_mut().insert(header::LOCATION, to);
    }
    response
}

pub(super) fn huge(size: u64, framing: Framing) -> Response {
    json(Body::new(Repeated::huge(size, framing)))
}

pub(super) fn bomb(size: u64) -> Response {
    let Some(body) = bomb::body(size) else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let mut response = json(Body::new(body));
    response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    response
}

pub(super) fn not_utf8() -> Response {
    json(Body::from(NOT_UTF8))
}

pub(super) fn garbage_body() -> Response {
    json(Body::from(garbage()))
}

/// Random bytes that begin neither an HTTP answer nor a JSON text.
pub(super) fn garbage() -> Bytes {
    let mut bytes = [0; 512];
    // Without random numbers zeros have to do.
    let _ = getrandom::fill(&mut bytes);
    bytes[0] = 0xff;
    Bytes::copy_from_slice(&bytes)
}

fn json(body: Body) -> Response {
    ([(header::CONTENT_TYPE, JSON)], body).into_response()
}

fn code(number: u16) -> StatusCode {
    let code = StatusCode::from_u16(number).ok().filter(|code| !code.is_informational());
    code.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
