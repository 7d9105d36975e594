//! A JSON document that wipes its texts when it goes.

use crate::secret::{SecretBuffer, SecretBytes};
use serde_json::{Map, Value};
use zeroize::Zeroize;

/// An answer's or a request's JSON. It may hold tokens and passwords: no `Debug`, and every text is zeroized on drop.
pub(crate) struct Json(Value);

impl Json {
    #[cfg(test)]
    pub(crate) fn new(value: Value) -> Self {
        Self(value)
    }

    /// Reads a document; nothing if the bytes are none.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        // The parser puts a text with an escape together in memory that nobody wipes. The one escape that hosts use in what
        // they write for machines, PHP's `\/`, is undone here.
        let plain = plain_slashes(bytes);
        let bytes = plain.as_ref().map_or(bytes, SecretBytes::expose);
        serde_json::from_slice(bytes).ok().map(Self)
    }

    pub(crate) fn null() -> Self {
        Self(Value::Null)
    }

    pub(crate) fn empty() -> Self {
        Self(Value::Object(Map::new()))
    }

    pub(crate) fn value(&self) -> &Value {
        &self.0
    }

    /// The `data` object of a wizard answer; `null` where there is none.
    pub(crate) fn data(&self) -> &Value {
        self.0.get("data").unwrap_or(&Value::Null)
    }

    /// A field at top level, or under `data` if it is not there.
    pub(crate) fn field(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|v| !v.is_null()).or_else(|| self.data().get(name)).filter(|v| !v.is_null())
    }
}

/// The document with `/` for every `\/`; nothing if there is none.
fn plain_slashes(bytes: &[u8]) -> Option<SecretBytes> {
    if !bytes.windows(2).any(|pair| pair == br"\/") {
        return None;
    }
    let mut plain = SecretBuffer::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        // A backslash and what it escapes stay together.
        let (before, escape) = rest.split_at(at);
        let (escape, after) = escape.split_at(escape.len().min(2));
        plain.extend(before);
        plain.extend(if escape == br"\/" { b"/" } else { escape });
        rest = after;
    }
    plain.extend(rest);
    Some(plain.finish())
}

impl Drop for Json {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slashes_of_php_are_read_and_other_escapes_left() {
        let json = Json::read(br#"{"a\/":"\/x\\\/\\/\"\u002f"}"#).unwrap();
        assert_eq!(json.value().get("a/").and_then(Value::as_str), Some("/x\\/\\/\"/"));
        assert!(Json::read(br#"{"a":"\/"#).is_none() && Json::read(br#"["\/","\"#).is_none());
    }
}
