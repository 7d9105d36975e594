//! Which QR channel a test means.

use percent_encoding::percent_decode_str;
use serde_json::Value;

/// The id of the channel: out of the text of a code, be it JSON or a link, or the text itself.
pub(crate) fn channel_id(text: &str) -> String {
    if let Ok(Value::Object(fields)) = serde_json::from_str(text) {
        return match fields.get("id") {
            Some(Value::String(id)) => id.clone(),
            Some(id) => id.to_string(),
            None => String::new(),
        };
    }
    match text.split_once("?id=") {
        Some((_, id)) => percent_decode_str(id).decode_utf8_lossy().into_owned(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_a_code_names_its_channel() {
        for text in [r#"{"id":"a b","host":"http://127.0.0.1"}"#, "http://127.0.0.1/qr?id=a%20b", "a b"] {
            assert_eq!(channel_id(text), "a b", "{text}");
        }
        assert_eq!(channel_id(r#"{"id":7}"#), "7");
        assert_eq!(channel_id("{}"), "");
    }
}
