//! What to do about each packet that comes.

use super::{EnginePacket, Event, Outgoing, SocketPacket, SocketPacketKind};
use auth_core::{
    ports::{ChannelError, ChannelSubscription},
    secret::{ChannelName, SecretBytes},
};
use std::fmt;

/// The event by which the server says that the host did not authorize the subscriber.
const SUBSCRIPTION_ERROR: &str = "subscription_error";

/// One connection, from the server's greeting to its end.
pub struct Conversation {
    channel: ChannelName,
    subscribe: Outgoing,
    connected: bool,
}

/// What a packet leads to. `Debug` shows no content.
pub enum Reaction {
    /// Nothing.
    None,
    /// The connection is alive.
    Alive,
    /// This has to be sent.
    Send(Outgoing),
    /// An event of the channel.
    Message {
        /// The event's name.
        name: String,
        /// Its data.
        data: SecretBytes,
    },
    /// The host refuses the subscriber; another attempt is of no use.
    Refused,
    /// The connection is over, for now.
    Over(ChannelError),
}

impl fmt::Debug for Reaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Alive => "Alive",
            Self::Send(_) => "Send(..)",
            Self::Message { .. } => "Message(..)",
            Self::Refused => "Refused",
            Self::Over(_) => "Over",
        })
    }
}

impl fmt::Debug for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Conversation {{ connected: {} }}", self.connected)
    }
}

impl Conversation {
    /// A new one. Nothing if the subscription cannot be sent, for a header that is none.
    pub fn begin(subscription: &ChannelSubscription) -> Option<Self> {
        let subscribe = Outgoing::subscribe(subscription)?;
        Some(Self { channel: subscription.channel.clone(), subscribe, connected: false })
    }

    /// Takes a packet of engine.io that came after the first one.
    pub fn receive(&mut self, packet: &str) -> Reaction {
        match EnginePacket::read(packet) {
            Some(EnginePacket::Ping(text)) => Reaction::Send(Outgoing::pong(text)),
            Some(EnginePacket::Pong(_)) => Reaction::Alive,
            Some(EnginePacket::Close) => Reaction::Over(ChannelError::Unreachable),
            Some(EnginePacket::Message(text)) => self.message(text),
            Some(
                EnginePacket::Open(_) | EnginePacket::Upgrade | EnginePacket::Noop | EnginePacket::Attachment,
            ) => Reaction::None,
            None => skipped("a packet of no known type"),
        }
    }

    fn message(&mut self, text: &str) -> Reaction {
        let Some(packet) = SocketPacket::read(text) else { return skipped("a message of no known type") };
        if !packet.root {
            return skipped("a message of another namespace");
        }
        match packet.kind {
            SocketPacketKind::Connect if self.connected => Reaction::None,
            SocketPacketKind::Connect => {
                self.connected = true;
                Reaction::Send(self.subscribe.clone())
            }
            SocketPacketKind::Disconnect => Reaction::Over(ChannelError::Unreachable),
            SocketPacketKind::Event if self.connected => self.event(packet.data),
            SocketPacketKind::Error if !self.connected => Reaction::Over(ChannelError::Protocol),
            SocketPacketKind::Binary => skipped("a binary message"),
            SocketPacketKind::Event | SocketPacketKind::Ack | SocketPacketKind::Error => {
                skipped("an unexpected message")
            }
        }
    }

    fn event(&self, json: &str) -> Reaction {
        let Some(event) = Event::read(json) else { return skipped("an event of another form") };
        if *event.channel != *self.channel.expose() {
            return skipped("an event of another channel");
        }
        let status = serde_json::from_str::<Option<f64>>(event.data);
        match status {
            Ok(status) if event.name == SUBSCRIPTION_ERROR => refusal(status.unwrap_or(0.0)),
            _ => {
                Reaction::Message { name: event.name, data: SecretBytes::new(event.data.as_bytes().to_vec()) }
            }
        }
    }
}

/// The host's answer to the server's question. It is no status of HTTP if the server could not ask.
fn refusal(status: f64) -> Reaction {
    let for_now = [408.0, 425.0, 429.0].contains(&status);
    tracing::debug!(status, "the subscription failed");
    if (400.0..500.0).contains(&status) && !for_now {
        Reaction::Refused
    } else {
        Reaction::Over(ChannelError::Protocol)
    }
}

fn skipped(what: &'static str) -> Reaction {
    tracing::debug!(what, "skipped");
    Reaction::None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new() -> Conversation {
        Conversation::begin(&ChannelSubscription::new("http://localhost/", ChannelName::new("private-qr.1")))
            .unwrap()
    }

    fn connected() -> Conversation {
        let mut conversation = new();
        let Reaction::Send(packet) = conversation.receive("40") else { panic!("no subscription") };
        assert!(packet.text().starts_with("42[\"subscribe\",{\"channel\":\"private-qr.1\""));
        conversation
    }

    #[test]
    fn an_event_of_the_channel_is_handed_on_and_others_are_not() {
        let mut conversation = connected();
        let reaction = conversation.receive(r#"42["approved","private-qr.1",{"token":"t"}]"#);
        let Reaction::Message { name, data } = reaction else { panic!("{reaction:?}") };
        assert_eq!((name.as_str(), data.expose()), ("approved", &br#"{"token":"t"}"#[..]));
        for other in [
            r#"42["approved","private-qr.2",{}]"#,
            r#"42["approved","laravel_database_private-qr.1",{}]"#,
            r#"42/admin,["approved","private-qr.1",{}]"#,
            r#"451-["approved","private-qr.1",{"_placeholder":true,"num":0}]"#,
            r#"42["ev""#,
            "9",
            "",
            "4",
            "49",
            r#"42[null,"private-qr.1",{}]"#,
            r#"42[{"a":1},"private-qr.1",{}]"#,
            r#"42["approved","private-qr.1"]"#,
            "42\"\\u001b[90ms\\u001b[39m\"",
            "43[]",
            "44\"no\"",
            "40",
            "0{}",
            "6",
            "b4AAA=",
        ] {
            assert!(matches!(conversation.receive(other), Reaction::None), "{other}");
        }
        let again = conversation.receive(r#"42["approved","private-qr.1",null]"#);
        assert!(matches!(again, Reaction::Message { .. }), "it is not deaf now");
    }

    #[test]
    fn nothing_arrives_before_the_subscription() {
        assert!(matches!(new().receive(r#"42["approved","private-qr.1",{}]"#), Reaction::None));
    }

    #[test]
    fn the_server_can_end_it() {
        for packet in ["1", "41"] {
            assert!(matches!(connected().receive(packet), Reaction::Over(ChannelError::Unreachable)));
        }
        assert!(matches!(connected().receive("41/admin"), Reaction::None));
        assert!(matches!(new().receive("44\"no\""), Reaction::Over(ChannelError::Protocol)));
    }

    #[test]
    fn a_refusal_is_final_if_the_host_made_it() {
        let answer = |status: &str| {
            connected().receive(&format!(r#"42["subscription_error","private-qr.1",{status}]"#))
        };
        for status in ["400", "401", "403", "404", "419", "403.0"] {
            assert!(matches!(answer(status), Reaction::Refused), "{status}");
        }
        for status in ["0", "null", "500", "502", "200", "429", "-1", "1e300"] {
            assert!(matches!(answer(status), Reaction::Over(ChannelError::Protocol)), "{status}");
        }
        assert!(matches!(answer("{}"), Reaction::Message { .. }), "somebody published it");
        let other = connected().receive(r#"42["subscription_error","private-qr.2",403]"#);
        assert!(matches!(other, Reaction::None));
    }

    #[test]
    fn a_ping_is_answered() {
        let reaction = connected().receive("2x");
        assert!(matches!(&reaction, Reaction::Send(packet) if packet.text() == "3x"), "{reaction:?}");
        assert!(matches!(connected().receive("3"), Reaction::Alive));
    }
}
