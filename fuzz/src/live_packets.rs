//! Packets of the live channel.

use auth_core::{ports::ChannelSubscription, secret::ChannelName};
use auth_http::wire::{Conversation, EnginePacket, Event, Open, Purpose, Reaction, SocketPacket};
use std::time::Duration;

const CHANNEL: &str = "qr.1";
const SUBSCRIBE: &str = r#"42["subscribe",{"channel":"qr.1","auth":{"headers":{}}}]"#;

/// Each line is a packet. Only events of the channel are handed on, after one subscription, and nothing but the known packets is
/// sent.
pub fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let subscription = ChannelSubscription::new("http://localhost/", ChannelName::new(CHANNEL));
    let mut conversation = Conversation::begin(&subscription).expect("it has no headers");
    let mut subscribed = false;
    for packet in text.split('\n') {
        let reaction = conversation.receive(packet);
        assert!(!format!("{reaction:?} {conversation:?}").contains(CHANNEL));
        match reaction {
            Reaction::Send(packet) if packet.purpose() == Purpose::Subscribe => {
                assert!(!subscribed, "one subscription a connection");
                assert_eq!(packet.text(), SUBSCRIBE);
                subscribed = true;
            }
            Reaction::Send(answer) => {
                assert_eq!(answer.purpose(), Purpose::Pong);
                assert!(
                    packet.starts_with('2') && answer.text().starts_with('3') && answer.text().len() <= 65
                );
            }
            Reaction::Message { name, data } => {
                assert!(subscribed && packet.starts_with("42"), "{packet:?}");
                let value: serde_json::Value = serde_json::from_slice(data.expose()).unwrap_or_default();
                if let Ok(whole) = serde_json::from_str::<serde_json::Value>(socket_data(packet)) {
                    assert_eq!((&whole[0], &whole[1]), (&name.into(), &CHANNEL.into()), "{packet:?}");
                    assert_eq!(whole[2], value, "{packet:?}");
                }
            }
            Reaction::Refused => assert!(subscribed && packet.contains("subscription_error"), "{packet:?}"),
            Reaction::None | Reaction::Alive | Reaction::Over(_) => {}
        }
        if let Some(EnginePacket::Open(json)) = EnginePacket::read(packet)
            && let Some(open) = Open::read(json)
        {
            assert!((1..=256).contains(&open.sid.len()));
            assert!(
                (Duration::from_secs(1)..=Duration::from_secs(120)).contains(&open.ping_interval),
                "{open:?}"
            );
            assert!(
                (Duration::from_secs(1)..=Duration::from_secs(60)).contains(&open.ping_timeout),
                "{open:?}"
            );
        }
        if let Some(event) = Event::read(packet) {
            assert!(packet.contains(event.data));
        }
    }
}

fn socket_data(packet: &str) -> &str {
    SocketPacket::read(&packet[1..]).map_or("", |packet| packet.data)
}
