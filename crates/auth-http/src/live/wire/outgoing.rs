//! What a client may send. One packet that a laravel-echo-server does not expect, such as a subscription without data, ends that
//! server for everybody; so there is no way to send any text but these.

use auth_core::ports::ChannelSubscription;
use reqwest::header::{HeaderName, HeaderValue};
use serde::{Serialize, Serializer, ser::SerializeMap};
use std::fmt;
use zeroize::Zeroizing;

/// The longest text of a server's ping that is sent back.
const MAX_ECHO: usize = 64;

/// What a packet is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Asks for the events of the channel.
    Subscribe,
    /// Asks whether the connection is alive.
    Ping,
    /// Answers the server's ping.
    Pong,
    /// Tries a websocket out.
    Probe,
    /// Goes on by the websocket.
    Upgrade,
    /// Leaves.
    Leave,
}

/// A packet of engine.io. `Debug` shows its purpose only.
#[derive(Clone)]
pub struct Outgoing {
    purpose: Purpose,
    text: Zeroizing<String>,
}

impl fmt::Debug for Outgoing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}(..)", self.purpose)
    }
}

impl Outgoing {
    fn fixed(purpose: Purpose, text: &str) -> Self {
        Self { purpose, text: Zeroizing::new(text.to_owned()) }
    }

    /// The subscription of this channel. Nothing if a header is none: the server would hand it on as it is.
    pub fn subscribe(subscription: &ChannelSubscription) -> Option<Self> {
        let usable = subscription.headers.iter().all(|header| {
            let value = HeaderValue::from_str(&header.value);
            HeaderName::from_bytes(header.name.as_bytes()).is_ok()
                && value.is_ok_and(|value| value.to_str().is_ok())
        });
        let data = SubscriptionData {
            channel: subscription.channel.expose(),
            auth: Auth { headers: Headers(subscription) },
        };
        let json = serde_json::to_string(&data).ok().filter(|_| usable).map(Zeroizing::new)?;
        let text = Zeroizing::new(format!("42[\"subscribe\",{}]", *json));
        Some(Self { purpose: Purpose::Subscribe, text })
    }

    /// A heartbeat.
    pub fn ping() -> Self {
        Self::fixed(Purpose::Ping, "2")
    }

    /// The answer to the server's heartbeat with this text.
    pub fn pong(text: &str) -> Self {
        let echo = if text.len() <= MAX_ECHO { text } else { "" };
        Self { purpose: Purpose::Pong, text: Zeroizing::new(format!("3{echo}")) }
    }

    /// The first packet on a websocket that a polling connection may go on by.
    pub fn probe() -> Self {
        Self::fixed(Purpose::Probe, "2probe")
    }

    /// The second, after the server's answer.
    pub fn upgrade() -> Self {
        Self::fixed(Purpose::Upgrade, "5")
    }

    /// The last packet.
    pub fn leave() -> Self {
        Self::fixed(Purpose::Leave, "41")
    }

    /// What it is for.
    pub fn purpose(&self) -> Purpose {
        self.purpose
    }

    /// The packet.
    pub fn text(&self) -> &str {
        &self.text
    }
}

#[derive(Serialize)]
struct SubscriptionData<'a> {
    channel: &'a str,
    auth: Auth<'a>,
}

#[derive(Serialize)]
struct Auth<'a> {
    headers: Headers<'a>,
}

/// Always an object: with anything else the server would not ask the host.
struct Headers<'a>(&'a ChannelSubscription);

impl Serialize for Headers<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let headers = &self.0.headers;
        let mut map = serializer.serialize_map(Some(headers.len()))?;
        for header in headers {
            map.serialize_entry(&header.name, header.value.as_str())?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auth_core::{ports::ChannelHeader, secret::ChannelName};

    fn with(name: &str, value: &str) -> ChannelSubscription {
        let mut subscription =
            ChannelSubscription::new("http://localhost/", ChannelName::new("private-\"1\""));
        subscription.headers = vec![ChannelHeader { name: name.to_owned(), value: value.to_owned().into() }];
        subscription
    }

    #[test]
    fn a_subscription_has_its_channel_and_an_object_of_headers() {
        let plain = ChannelSubscription::new("http://localhost/", ChannelName::new("qr.1"));
        let packet = Outgoing::subscribe(&plain).unwrap();
        assert_eq!(packet.text(), r#"42["subscribe",{"channel":"qr.1","auth":{"headers":{}}}]"#);
        let packet = Outgoing::subscribe(&with("Authorization", "Bearer \"x\"")).unwrap();
        let expected = r#"42["subscribe",{"channel":"private-\"1\"","auth":{"headers":{"Authorization":"Bearer \"x\""}}}]"#;
        assert_eq!(packet.text(), expected);
        assert_eq!(format!("{packet:?}"), "Subscribe(..)");
    }

    #[test]
    fn what_is_no_header_is_not_handed_to_the_server() {
        for (name, value) in [("", "x"), ("A B", "x"), ("A", "x\r\nB: y"), ("A", "ü"), ("A\n", "x")] {
            assert!(Outgoing::subscribe(&with(name, value)).is_none(), "{name:?} {value:?}");
        }
    }

    #[test]
    fn a_ping_is_answered_with_its_text_unless_that_is_long() {
        assert_eq!(Outgoing::pong("probe").text(), "3probe");
        assert_eq!(Outgoing::pong(&"a".repeat(1000)).text(), "3");
    }
}
