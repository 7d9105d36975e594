//! From bytes to answers of a host.
//!
//! Bytes that begin with `{`, `[` or `<` are a body with status 200, so that a sample of the vendor is an input as it
//! stands. Anything else has a status in its first line, header lines, an empty line, and the body. The byte 0x1E, which
//! JSON cannot hold, parts several answers.

use auth_core::{HttpResponse, secret::SecretBytes};
use serde_json::Value;

const PARTS: u8 = 0x1E;
const MAX_ANSWERS: usize = 6;

/// The answers, at least one.
pub(crate) fn answers(data: &[u8]) -> Vec<HttpResponse> {
    data.split(|byte| *byte == PARTS).take(MAX_ANSWERS).map(answer).collect()
}

fn answer(data: &[u8]) -> HttpResponse {
    let (status, headers, body) = match data.first() {
        Some(b'{' | b'[' | b'<') => (200, Vec::new(), data),
        _ => with_head(data),
    };
    HttpResponse { status, headers, body: SecretBytes::new(body.to_vec()) }
}

fn with_head(data: &[u8]) -> (u16, Vec<(String, String)>, &[u8]) {
    let end = data.windows(2).position(|two| two == b"\n\n");
    let (head, body) = end.map_or((data, &[][..]), |end| (&data[..end], &data[end + 2..]));
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.trim().parse().ok()).unwrap_or(200);
    let header = |line: &str| line.split_once(':').map(|(name, value)| (name.to_owned(), value.to_owned()));
    (status, lines.filter_map(header).collect(), body)
}

/// Whether the host did what was asked and gave a complete pair, by this crate's own reading of the documents.
pub(crate) fn issues_a_pair(response: &HttpResponse) -> bool {
    places(response).iter().any(|place| is_token(place, "accessToken") && is_token(place, "refreshToken"))
}

/// Whether the host gave what a session goes on with: a pair, or an access token and, wherever a refresh token could be, none.
pub(crate) fn goes_on(response: &HttpResponse) -> bool {
    let places = places(response);
    let alone = places.iter().all(|place| place.get("refreshToken").is_none_or(is_nothing));
    issues_a_pair(response) || (alone && places.iter().any(|place| is_token(place, "accessToken")))
}

/// Where tokens can be, in the answer of a host that did what was asked. Bytes that are not UTF-8 do not hide the rest.
fn places(response: &HttpResponse) -> Vec<Value> {
    let body = String::from_utf8_lossy(response.body.expose());
    let body = body.strip_prefix('\u{FEFF}').unwrap_or(&body);
    let Ok(body @ Value::Object(_)) = serde_json::from_str::<Value>(body.trim_ascii()) else {
        return Vec::new();
    };
    if !(200..300).contains(&response.status) {
        return Vec::new();
    }
    ["", "/data", "/tokens", "/data/tokens"].iter().filter_map(|place| body.pointer(place).cloned()).collect()
}

fn is_token(place: &Value, name: &str) -> bool {
    let text = place.get(name).and_then(|token| token.get("token")).and_then(Value::as_str);
    text.is_some_and(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()))
}

/// The ways to write "no token".
fn is_nothing(value: &Value) -> bool {
    [Value::Null, false.into(), "".into(), Value::Array(Vec::new())].contains(value)
        || value.as_object().is_some_and(|fields| fields.get("token").is_none_or(is_nothing))
}
