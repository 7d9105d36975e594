//! An event as laravel-echo-server sends it: `["name","channel",data]`.

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, SeqAccess, Visitor},
};
use serde_json::value::RawValue;
use std::fmt;
use zeroize::Zeroizing;

/// An event of a channel. `Debug` shows nothing of it.
pub struct Event<'a> {
    /// Its name.
    pub name: String,
    /// The channel that it was published on.
    pub channel: Zeroizing<String>,
    /// Its data: any JSON value.
    pub data: &'a str,
}

impl fmt::Debug for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Event(..)")
    }
}

impl<'a> Event<'a> {
    /// Reads the data of an event packet; nothing if it has another form, such as a name that is not a text.
    pub fn read(json: &'a str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Event<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Parts)
    }
}

struct Parts;

impl<'de> Visitor<'de> for Parts {
    type Value = Event<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Self::Value, A::Error> {
        let missing = || A::Error::custom("missing");
        let name = parts.next_element::<String>()?.ok_or_else(missing)?;
        let channel = parts.next_element::<String>()?.map(Zeroizing::new).ok_or_else(missing)?;
        let data = parts.next_element::<&RawValue>()?.ok_or_else(missing)?.get();
        while parts.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Event { name, channel, data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<(String, String, &str)> {
        Event::read(json).map(|event| (event.name, event.channel.to_string(), event.data))
    }

    #[test]
    fn name_channel_and_data_of_any_type() {
        for data in ["{\"a\":[1, 2]}", "null", "5", "\"\\u001b[90m\"", "[]", "true"] {
            let json = format!("[\"approved\", \"qr.1\", {data}]");
            assert_eq!(read(&json), Some(("approved".into(), "qr.1".into(), data)));
        }
        let more = r#"["a\u00fc","qr.\"1\"",{},1,{"b":2}]"#;
        assert_eq!(read(more), Some(("aü".into(), "qr.\"1\"".into(), "{}")));
    }

    #[test]
    fn anything_else_is_no_event() {
        for json in [
            "",
            "[",
            "[]",
            "{}",
            "[\"ev\"",
            "[\"ev\"]",
            "[\"ev\",\"c\"]",
            "[\"ev\",\"c\",]",
            "[\"ev\",\"c\",{}",
            "[\"ev\",\"c\",{}]x",
            "[null,\"c\",{}]",
            "[5,\"c\",{}]",
            "[true,\"c\",{}]",
            "[{\"a\":1},\"c\",{}]",
            "[\"ev\",5,{}]",
            "[\"\\ud800\",\"c\",{}]",
            "\"\\u001b[90ms\\u001b[39m\"",
        ] {
            assert_eq!(read(json), None, "{json}");
        }
    }

    #[test]
    fn deep_data_is_no_trouble() {
        let deep = format!("[\"ev\",\"c\",{}{}]", "[".repeat(40_000), "]".repeat(40_000));
        assert_eq!(read(&deep).unwrap().2.len(), 80_000);
    }
}
