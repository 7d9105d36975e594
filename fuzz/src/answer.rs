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
    let body = response.body.expose();
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let Ok(Value::Object(body)) = serde_json::from_slice::<Value>(body.trim_ascii()) else { return false };
    let body = Value::Object(body);
    let is_token = |token: Option<&Value>| {
        let text = token.and_then(|token| token.get("token")).and_then(Value::as_str).unwrap_or_default();
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let is_pair = |place: &Value| is_token(place.get("accessToken")) && is_token(place.get("refreshToken"));
    (200..300).contains(&response.status) && (is_pair(&body) || body.get("data").is_some_and(is_pair))
}
