//! Events of socket.io 2, as laravel-echo-server and its clients write them.

use serde_json::{Map, Value, json};

/// The longest name of a channel.
const LONGEST_NAME: usize = 256;

/// What a client asks for.
pub(crate) enum ClientEvent {
    /// Events of this channel, please.
    Subscribe { channel: String, authorization: Authorization },
    /// No more events of this channel.
    Unsubscribe { channel: String },
    /// The client leaves the namespace: no more events at all.
    Leave,
    /// Something that needs no answer, broken texts too.
    Nothing,
}

/// What a subscription brings to prove that it is allowed.
pub(crate) enum Authorization {
    /// The bearer token of its headers, if they have one.
    Bearer(Option<String>),
    /// Its headers are no object.
    NoHeaders,
}

impl ClientEvent {
    /// Reads the text of a message packet.
    pub(crate) fn read(message: &str) -> Self {
        match message.as_bytes().first() {
            Some(b'1') => Self::Leave,
            Some(b'2') => Self::of(&message[1..]).unwrap_or(Self::Nothing),
            _ => Self::Nothing,
        }
    }

    /// Reads `[/namespace,][id of an acknowledgement]["name", {…}]`.
    fn of(text: &str) -> Option<Self> {
        let text = if text.starts_with('/') { text.split_once(',')?.1 } else { text };
        let text = text.trim_start_matches(|char: char| char.is_ascii_digit());
        let parts: Vec<Value> = serde_json::from_str(text).ok()?;
        let data = parts.get(1)?;
        let channel = data.get("channel")?.as_str().filter(|name| name.len() <= LONGEST_NAME)?.to_owned();
        match parts.first()?.as_str()? {
            "subscribe" => {
                let authorization = match data.pointer("/auth/headers") {
                    Some(Value::Object(headers)) => Authorization::Bearer(bearer(headers)),
                    _ => Authorization::NoHeaders,
                };
                Some(Self::Subscribe { channel, authorization })
            }
            "unsubscribe" => Some(Self::Unsubscribe { channel }),
            _ => None,
        }
    }
}

fn bearer(headers: &Map<String, Value>) -> Option<String> {
    let header = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("authorization"))?.1.as_str()?;
    let (scheme, token) = header.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// Whether subscribers of this channel have to prove that they may. The original does not anchor its patterns.
pub(crate) fn is_private(channel: &str) -> bool {
    channel.contains("private-") || channel.contains("presence-")
}

/// An event as a packet.
pub(crate) fn event(name: &Value, channel: &str, data: &Value) -> String {
    format!("42{}", json!([name, channel, data]))
}

/// The packet that refuses a subscription; without headers the original has no status to tell.
pub(crate) fn refused_subscription(channel: &str, authorization: &Authorization) -> String {
    let status = match authorization {
        Authorization::Bearer(_) => json!(403),
        Authorization::NoHeaders => Value::Null,
    };
    event(&json!("subscription_error"), channel, &status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscription_is_read_with_its_bearer() {
        for message in [
            r#"2["subscribe",{"channel":"c","auth":{"headers":{"authorization":"Bearer t"}}}]"#,
            r#"217["subscribe",{"channel":"c","auth":{"headers":{"Authorization":"bearer  t"}}}]"#,
            r#"2/x,["subscribe",{"channel":"c","auth":{"headers":{"Authorization":"Bearer t"}}}]"#,
        ] {
            let ClientEvent::Subscribe { channel, authorization: Authorization::Bearer(Some(token)) } =
                ClientEvent::read(message)
            else {
                panic!("{message}");
            };
            assert_eq!((channel.as_str(), token.as_str()), ("c", "t"));
        }
    }

    #[test]
    fn what_kills_the_original_is_nothing_here() {
        for message in [
            "",
            "2",
            r#"2["subscribe"]"#,
            r#"2["unsubscribe"]"#,
            r#"2["client event",null]"#,
            r#"2["subscribe",null]"#,
            r#"2["subscribe",{"channel":1}]"#,
            r#"2[null,{"channel":"c"}]"#,
            "2{}",
            "2/x",
            "2ü",
            "9",
            "51-[",
        ] {
            assert!(matches!(ClientEvent::read(message), ClientEvent::Nothing), "{message}");
        }
        let deep = format!("2{}", "[".repeat(100_000));
        assert!(matches!(ClientEvent::read(&deep), ClientEvent::Nothing));
    }

    #[test]
    fn privacy_is_anywhere_in_the_name() {
        assert!(is_private("private-qr.1") && is_private("x.presence-y"));
        assert!(!is_private("qr.1") && !is_private("privat-"));
    }
}
