//! A JSON document as a tree that refers to its bytes, so that reading an answer copies no secret out of it.

use crate::secret::SecretBytes;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use std::{fmt, ops::Deref};
use zeroize::Zeroizing;

/// An answer's or a record's JSON. It may hold tokens and passwords: no `Debug`. Whoever owns the bytes wipes them.
pub(crate) struct Json<'a>(Value<'a>);

impl<'a> Json<'a> {
    /// Reads a document; nothing if the bytes are none.
    ///
    /// The parser puts a text with an escape together in memory that nobody wipes: see [`unescape_slashes`].
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        // Looked through once, not text by text.
        let text = std::str::from_utf8(bytes).ok()?;
        serde_json::from_str(text).ok().map(Self)
    }

    pub(crate) fn null() -> Self {
        Self(Value::Null)
    }

    pub(crate) fn empty() -> Self {
        Self(Value::Object(Vec::new()))
    }

    pub(crate) fn value(&self) -> &Value<'a> {
        &self.0
    }

    /// The `data` object of a wizard answer; `null` where there is none.
    pub(crate) fn data(&self) -> &Value<'a> {
        self.0.get("data").unwrap_or(&Value::Null)
    }

    /// A field at top level, or under `data` if it is not there.
    pub(crate) fn field(&self, name: &str) -> Option<&Value<'a>> {
        self.0.get(name).filter(|v| !v.is_null()).or_else(|| self.data().get(name)).filter(|v| !v.is_null())
    }
}

/// Writes `/` for every `\/` of a document, in place. It is the one escape that hosts use in what they write for machines:
/// PHP puts it into tokens.
pub(super) fn unescape_slashes(document: &mut SecretBytes) {
    let bytes = document.expose_mut();
    if !bytes.contains(&b'\\') {
        return;
    }
    let (mut from, mut to) = (0, 0);
    while let Some(&byte) = bytes.get(from) {
        let mut kept = byte;
        // A backslash and what it escapes stay together.
        if byte == b'\\'
            && let Some(&escaped) = bytes.get(from + 1)
        {
            if escaped != b'/' {
                bytes[to] = byte;
                to += 1;
            }
            kept = escaped;
            from += 1;
        }
        bytes[to] = kept;
        (from, to) = (from + 1, to + 1);
    }
    // What is behind the new end is wiped with the rest.
    bytes.truncate(to);
}

/// A JSON value. An object keeps its fields in the document's order; of several with one name the last counts.
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    Number(Number),
    String(Text<'a>),
    Array(Vec<Self>),
    Object(Vec<(Text<'a>, Self)>),
}

/// A text of a document.
pub(crate) enum Text<'a> {
    /// It stands in the document as it is.
    Borrowed(&'a str),
    /// Its escapes were undone.
    Unescaped(Zeroizing<String>),
}

impl<'a> Value<'a> {
    /// A field of an object.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        self.as_object()?.iter().rev().find_map(|(key, value)| (**key == *name).then_some(value))
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    pub(crate) fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(flag) = self { Some(*flag) } else { None }
    }

    pub(crate) fn as_u64(&self) -> Option<u64> {
        if let Self::Number(number) = self { number.as_u64() } else { None }
    }

    pub(crate) fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(items) = self { Some(items) } else { None }
    }

    pub(crate) fn as_object(&self) -> Option<&[(Text<'a>, Self)]> {
        if let Self::Object(fields) = self { Some(fields) } else { None }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Borrowed(text) => text,
            Self::Unescaped(text) => text,
        }
    }
}

impl<'de> Deserialize<'de> for Value<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Tree)
    }
}

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Words)
    }
}

struct Tree;

impl<'de> Visitor<'de> for Tree {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Value<'de>, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Value<'de>, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Value<'de>, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Value<'de>, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Value<'de>, E> {
        Words.visit_borrowed_str(text).map(Value::String)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value<'de>, E> {
        Words.visit_str(text).map(Value::String)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
        let mut fields = Vec::new();
        while let Some(name) = map.next_key::<Text<'de>>()? {
            let value = map.next_value()?;
            if *name == *NUMBER
                && let Value::String(digits) = &value
            {
                return Ok(number(digits).map_or(Value::Null, Value::Number));
            }
            fields.push((name, value));
        }
        Ok(Value::Object(fields))
    }
}

/// How serde_json hands out a number if any crate of the program turns on its feature `arbitrary_precision`: as an object with
/// this one field.
const NUMBER: &str = "$serde_json::private::Number";

fn number(digits: &str) -> Option<Number> {
    let whole = digits.parse::<u64>().map(Number::from).or_else(|_| digits.parse::<i64>().map(Number::from));
    whole.ok().or_else(|| Number::from_f64(digits.parse().ok()?))
}

struct Words;

impl<'de> Visitor<'de> for Words {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text::Unescaped(Zeroizing::new(text.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(document: &[u8]) -> SecretBytes {
        let mut bytes = SecretBytes::new(document.to_vec());
        unescape_slashes(&mut bytes);
        bytes
    }

    #[test]
    fn numbers_are_read_in_the_form_that_a_feature_of_serde_json_gives_them() {
        let read = |digits: &str| {
            let document = format!(r#"{{"n":{{"{NUMBER}":"{digits}"}}}}"#);
            let json = Json::read(document.as_bytes()).unwrap();
            match json.value().get("n").unwrap() {
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            }
        };
        for digits in ["0", "18446744073709551615", "-9223372036854775808", "0.05"] {
            assert_eq!(read(digits).as_deref(), Some(digits));
        }
        assert_eq!((read("soon"), read("1e999")), (None, None));
    }

    #[test]
    fn slashes_of_php_are_read_and_other_escapes_left() {
        let document = after(br#"{"a\/":"\/x\\\/\\/\"\u002f"}"#);
        assert_eq!(document.expose(), br#"{"a/":"/x\\/\\/\"\u002f"}"#);
        let json = Json::read(document.expose()).unwrap();
        assert_eq!(json.value().get("a/").and_then(Value::as_str), Some("/x\\/\\/\"/"));
        for whole in [&br#"["\\/"]"#[..], b"[]", b"\\", b""] {
            assert_eq!(after(whole).expose(), whole);
        }
        assert_eq!(after(br#"["\/","\"#).expose(), br#"["/","\"#);
    }

    #[test]
    fn texts_are_copied_only_where_an_escape_has_to_be_undone() {
        let json = Json::read(br#"{"plain":"t","escaped":"\u0074"}"#).unwrap();
        let text = |name| match json.value().get(name) {
            Some(Value::String(text)) => text,
            _ => panic!("{name}: no text"),
        };
        assert!(matches!(text("plain"), Text::Borrowed("t")));
        assert!(matches!(text("escaped"), Text::Unescaped(_)) && **text("escaped") == *"t");
    }

    #[test]
    fn every_kind_of_value_is_read() {
        let document =
            br#"{"null":null,"flag":true,"number":7,"below":-7,"part":1.5,"list":[1,{}],"n":1,"n":2}"#;
        let json = Json::read(document).unwrap();
        let get = |name| json.value().get(name);
        assert!(get("null").is_some_and(Value::is_null));
        assert_eq!(get("flag").and_then(Value::as_bool), Some(true));
        assert_eq!(get("number").and_then(Value::as_u64), Some(7));
        assert!(matches!(get("below"), Some(Value::Number(n)) if n.as_i64() == Some(-7)));
        assert!(matches!(get("part"), Some(Value::Number(n)) if n.as_f64() == Some(1.5)));
        assert_eq!(get("list").and_then(Value::as_array).map(<[_]>::len), Some(2));
        assert_eq!(get("n").and_then(Value::as_u64), Some(2), "the last of one name counts");
        for bad in [&b"{"[..], b"{} {}", b"{1:2}", br#"["\q"]"#, b"\xff", b""] {
            assert!(Json::read(bad).is_none());
        }
    }
}
