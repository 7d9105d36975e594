//! From a status and bytes to one of five kinds of answer.

use super::{Json, hints};
use crate::{CallError, HttpResponse, ServerText, Timestamp};
use serde_json::{Map, Value};
use std::time::Duration;

/// What an answer is, before anyone looks at what it is about.
pub(crate) enum Reply {
    /// The host did what was asked. No body (HTTP 204) is `null`.
    Answer(Json),
    /// The host understood and said no.
    Refused(Refusal),
    /// Too many attempts; the wait, if the host told it.
    LockedOut(Option<Duration>),
    /// No usable answer.
    Failed(CallError),
}

/// A refusal and what it says of itself.
pub(crate) struct Refusal {
    /// The status, from HTTP or from inside a 2xx body.
    pub(crate) status: u16,
    /// True if the body is B2Core's own error envelope, `{"error":{…}}`.
    pub(crate) enveloped: bool,
    /// The host's texts.
    pub(crate) said: ServerText,
    /// Names of the fields that the host complains about.
    pub(crate) fields: Vec<String>,
}

impl Refusal {
    pub(crate) fn complains_about(&self, field: &str) -> bool {
        self.fields.iter().any(|f| f.eq_ignore_ascii_case(field))
    }

    /// The uuid is unknown, expired, spent, or not good for this step: the sign-in has to begin anew. A text about a
    /// code or a password is taken for the ordinary refusal, which keeps the step.
    pub(crate) fn wizard_is_dead(&self) -> bool {
        let ordinary = self.said.mentions(&["code", "password", "credential"]);
        let gone = matches!(self.status, 404 | 409 | 410 | 419) || hints::says_wizard_is_dead(&self.said);
        self.complains_about("uuid") || (gone && !ordinary)
    }

    /// The same for the back office's 2FA token.
    pub(crate) fn token_is_dead(&self) -> bool {
        let ordinary = self.said.mentions(&["code"]);
        let gone = matches!(self.status, 404 | 409 | 410 | 419) || hints::says_token_is_dead(&self.said);
        self.complains_about("token") || (gone && !ordinary)
    }

    pub(crate) fn is_about_recaptcha(&self) -> bool {
        self.complains_about("recaptchaResponse") || hints::says_recaptcha(&self.said)
    }
}

/// Reads an answer in any known dialect.
pub(crate) fn read(response: &HttpResponse, now: Timestamp) -> Reply {
    let status = response.status;
    let wait = response.retry_after(now);
    match status {
        423 | 429 => return Reply::LockedOut(wait),
        300..=399 => return Reply::Failed(CallError::Redirected { status }),
        408 | 425 | 500.. => return Reply::Failed(CallError::HostFailed { status, retry_after: wait }),
        200..=299 | 400..=499 => {}
        _ => return not_b2core("an HTTP status that no answer has", status),
    }
    let body = match parse(response.body.expose()) {
        Body::Object(body) => body,
        Body::Empty if status == 204 => return Reply::Answer(Json::null()),
        Body::Empty if matches!(status, 400 | 401 | 403 | 422) => return refused(status, &Map::new(), wait),
        Body::Empty => return not_b2core("an empty answer", status),
        Body::Html => return not_b2core("a web page", status),
        Body::Garbage => return not_b2core("not JSON", status),
    };
    if status >= 400 {
        return refused(status, &body, wait);
    }
    match inner_status(&body) {
        Some(inner @ 500..) => Reply::Failed(CallError::HostFailed { status: inner, retry_after: wait }),
        Some(429 | 423) => Reply::LockedOut(wait),
        Some(inner) => refused(inner, &body, wait),
        None => Reply::Answer(Json::new(Value::Object(body))),
    }
}

fn not_b2core(what: &'static str, status: u16) -> Reply {
    Reply::Failed(CallError::NotB2Core { what, status })
}

/// A 2xx answer that is a refusal all the same: v1's `status`, a wizard's `code`, or an `error` object.
fn inner_status(body: &Map<String, Value>) -> Option<u16> {
    let number = |name| body.get(name).and_then(Value::as_u64).and_then(|n| u16::try_from(n).ok());
    let bad = |n: &u16| (400..=599).contains(n);
    let v1 = body.contains_key("meta") || body.contains_key("data");
    number("status").filter(bad).filter(|_| v1).or_else(|| number("code").filter(bad)).or_else(|| {
        let error = body.get("error").filter(|e| e.is_object())?;
        let code = error.get("code").and_then(Value::as_u64).and_then(|n| u16::try_from(n).ok());
        Some(code.filter(bad).unwrap_or(400))
    })
}

fn refused(status: u16, body: &Map<String, Value>, wait: Option<Duration>) -> Reply {
    let (said, fields) = complaints(body);
    if wait.is_some() || hints::says_locked_out(&said) {
        return Reply::LockedOut(wait);
    }
    let shaped = ["error", "errors", "message", "meta", "workflow"].iter().any(|key| body.contains_key(*key));
    // 400, 401, 403 and 422 are how a refusal looks; any other status needs the host's own form to be believed.
    if !shaped && !matches!(status, 400 | 401 | 403 | 422) {
        return not_b2core("an address that B2Core does not have", status);
    }
    let enveloped = body.get("error").is_some_and(Value::is_object);
    Reply::Refused(Refusal { status, enveloped, said, fields })
}

/// Texts and field names from `{"error":{message,details:[{issue,…}]}}` and from `{"message","errors":{field:[…]}}`.
fn complaints(body: &Map<String, Value>) -> (ServerText, Vec<String>) {
    let mut texts = Vec::new();
    let mut fields = Vec::new();
    let mut add = |value: Option<&Value>| texts.extend(value.and_then(Value::as_str).map(str::to_owned));
    let error = body.get("error");
    for detail in error.and_then(|e| e.get("details")).and_then(Value::as_array).into_iter().flatten() {
        add(detail.get("issue").or(Some(detail)));
        // Which key names the field is not documented.
        for key in ["field", "property", "path", "param", "name"] {
            fields.extend(detail.get(key).and_then(Value::as_str).map(str::to_owned));
        }
    }
    for (field, complaint) in body.get("errors").and_then(Value::as_object).into_iter().flatten() {
        fields.push(field.clone());
        match complaint {
            Value::Array(items) => items.iter().for_each(|item| add(Some(item))),
            other => add(Some(other)),
        }
    }
    add(error.and_then(|e| e.get("message")).or(error));
    add(body.get("message"));
    (ServerText::new(texts), fields)
}

enum Body {
    Object(Map<String, Value>),
    Empty,
    Html,
    Garbage,
}

fn parse(bytes: &[u8]) -> Body {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii();
    if bytes.is_empty() {
        return Body::Empty;
    }
    match serde_json::from_slice::<Value>(bytes) {
        Ok(Value::Object(map)) => Body::Object(map),
        // PHP writes an empty object as a list.
        Ok(Value::Array(items)) if items.is_empty() => Body::Object(Map::new()),
        Ok(Value::Null) => Body::Empty,
        Ok(_) => Body::Garbage,
        Err(_) if bytes.starts_with(b"<") => Body::Html,
        Err(_) => Body::Garbage,
    }
}

#[cfg(test)]
mod tests;
