//! Sorts answers into four kinds: answer, refusal, block, failure.

use super::{
    Json, Refusal, Value, error_messages::ErrorMessages, gateway::gateway, hints, json::unescape_slashes,
    tokens, utf8::replace_bad_bytes,
};
use crate::{CallError, Host, HttpResponse, Timestamp, cookies::values_set_by};
use std::time::Duration;

/// The kind of an answer, whatever it is about.
pub(crate) enum Reply<'a> {
    /// The host processed the request. No body (HTTP 204) is `null`.
    Answer(Json<'a>),
    /// The host understood the request and refused it.
    Refused(Refusal),
    /// Too many attempts; the time to wait, if the host names it.
    LockedOut(Option<Duration>),
    /// No usable answer.
    Failed(CallError),
}

/// Reads an answer in any known dialect. The reply refers to the answer's body.
pub(crate) fn read(response: &mut HttpResponse, now: Timestamp) -> Reply<'_> {
    let cookies = values_set_by(response);
    match sort(response, now) {
        Reply::Refused(refusal) => Reply::Refused(refusal.beside_cookies(cookies)),
        reply => reply,
    }
}

fn sort(response: &mut HttpResponse, now: Timestamp) -> Reply<'_> {
    let status = response.status;
    let wait = response.retry_after(now);
    if let Some(by) = gateway(response) {
        return Reply::Failed(CallError::BlockedByGateway { by, status });
    }
    match status {
        423 | 429 => return Reply::LockedOut(wait.or_else(|| response.rate_limit_reset(now))),
        300..=399 => {
            let to = response.header("Location").and_then(Host::origin_of);
            return Reply::Failed(CallError::Redirected { status, to });
        }
        408 | 425 | 500.. => return Reply::Failed(CallError::HostFailed { status, retry_after: wait }),
        200..=299 | 400..=499 => {}
        _ => return not_b2core("an HTTP status that no answer has", status),
    }
    let was_not_utf8 = replace_bad_bytes(&mut response.body);
    unescape_slashes(&mut response.body);
    let body = match parse(response.body.expose()) {
        Body::Object(body) => body,
        Body::Empty if status == 204 => return Reply::Answer(Json::null()),
        Body::Empty if is_judgement(status) => return Reply::Refused(Refusal::bare(status)),
        // These statuses mean the same with any body.
        Body::Html | Body::Garbage if matches!(status, 410 | 419 | 440) => {
            return Reply::Refused(Refusal::bare(status));
        }
        Body::Empty => return not_b2core("an empty answer", status),
        Body::Html => return not_b2core("a web page", status),
        Body::Garbage => return not_b2core("not JSON", status),
    };
    if status >= 400 {
        return refused(status, &body, wait);
    }
    if tokens::has_pair(&body) {
        return Reply::Answer(body);
    }
    match inner_status(body.value()) {
        Some(inner @ 500..) => Reply::Failed(CallError::HostFailed { status: inner, retry_after: wait }),
        Some(inner) => refused(inner, &body, wait),
        None => {
            let error_messages = ErrorMessages::of(body.value());
            if !error_messages.about().is_empty() && hints::says_locked_out(error_messages.about()) {
                return Reply::LockedOut(wait.or_else(|| hints::wait(error_messages.about())));
            }
            // A verdict can do with U+FFFD in its words, and a token is plain ASCII; what leads on, such as an id, may be harmed.
            if was_not_utf8 && tokens::access_alone(&body).is_none() {
                return not_b2core("an answer that is not UTF-8", status);
            }
            Reply::Answer(body)
        }
    }
}

/// The statuses by which a host refuses what was sent, or whoever sent it. Any other 4xx is about the form of the request.
fn is_judgement(status: u16) -> bool {
    matches!(status, 400..=404 | 409 | 410 | 419 | 422 | 426 | 440 | 451)
}

fn not_b2core(what: &'static str, status: u16) -> Reply<'static> {
    Reply::Failed(CallError::NotB2Core { what, status })
}

/// A number, or a text of digits.
fn number(value: Option<&Value<'_>>) -> Option<u16> {
    let value = value?;
    let number = value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())?;
    u16::try_from(number).ok()
}

/// The status inside a 2xx answer that is a refusal: v1's `status`, a wizard's `code`, an `error`, or `success: false`.
fn inner_status(body: &Value<'_>) -> Option<u16> {
    let bad = |n: &u16| (400..=599).contains(n);
    let filled = |key: &str| match body.get(key) {
        Some(Value::Object(fields)) => !fields.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::String(text)) => !text.is_empty(),
        _ => false,
    };
    let v1 = body.get("meta").is_some() || body.get("data").is_some();
    let v1_status = number(body.get("status")).filter(bad).filter(|_| v1);
    v1_status.or_else(|| number(body.get("code")).filter(bad)).or_else(|| {
        let refuses = filled("error")
            || filled("errors")
            || body.get("success").and_then(Value::as_bool) == Some(false);
        refuses.then(|| number(body.get("error").and_then(|e| e.get("code"))).filter(bad).unwrap_or(400))
    })
}

fn refused(status: u16, body: &Json<'_>, wait: Option<Duration>) -> Reply<'static> {
    let error_messages = ErrorMessages::of(body.value());
    let about = error_messages.about();
    let code = number(body.value().get("error").and_then(|error| error.get("code")));
    if matches!(status, 423 | 429)
        || matches!(code, Some(423 | 429))
        || wait.is_some()
        || hints::says_locked_out(about)
    {
        return Reply::LockedOut(wait.or_else(|| hints::wait(about)));
    }
    let refusal = Refusal::of(status, body, error_messages);
    match (is_judgement(status), refusal.is_recognized) {
        (true, _) => Reply::Refused(refusal),
        (false, true) => {
            Reply::Failed(CallError::Protocol { what: "the host does not take this kind of request" })
        }
        (false, false) => not_b2core("an address that B2Core does not have", status),
    }
}

/// True for a success that says nothing more: no body, or a word such as `true` or `OK`. Where nothing is expected of an answer,
/// that is enough; a web page is not, and an object is read.
pub(crate) fn is_bare_success(response: &HttpResponse) -> bool {
    let body = response.body.expose().trim_ascii();
    let is_other = body.starts_with(b"<") || body.starts_with(b"{") || body == b"false";
    (200..=299).contains(&response.status) && !is_other
}

enum Body<'a> {
    Object(Json<'a>),
    Empty,
    Html,
    Garbage,
}

fn parse(bytes: &[u8]) -> Body<'_> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii();
    if bytes.is_empty() {
        return Body::Empty;
    }
    let Some(json) = Json::read(bytes) else {
        return if bytes.starts_with(b"<") { Body::Html } else { Body::Garbage };
    };
    match json.value() {
        Value::Object(_) => Body::Object(json),
        // PHP writes an empty object as a list.
        Value::Array(items) if items.is_empty() => Body::Object(Json::empty()),
        Value::Null => Body::Empty,
        _ => Body::Garbage,
    }
}

#[cfg(test)]
mod tests;
