//! A polling answer of the live channel.

use auth_http::wire::{Payload, encode};

/// Its packets are parts of it, one after the other, and what is written is read again.
pub fn check(data: &[u8]) {
    let body = String::from_utf8_lossy(data);
    let payload = Payload::read(&body);
    let mut rest: &str = &body;
    for packet in &payload.packets {
        assert!(!packet.is_empty());
        let at = packet.as_ptr() as usize - rest.as_ptr() as usize;
        assert_eq!(rest.get(at..at + packet.len()), Some(*packet));
        assert!(
            rest[..at].ends_with(':') && rest[..at].bytes().all(|byte| byte.is_ascii_digit() || byte == b':')
        );
        rest = &rest[at + packet.len()..];
    }
    if payload.complete {
        assert!(rest.bytes().all(|byte| byte == b'0' || byte == b':'), "{rest:?}");
        let written: String = payload.packets.iter().map(|packet| encode(packet)).collect();
        assert!(Payload::read(&written).complete);
    }
    if !body.is_empty() {
        assert_eq!(Payload::read(&encode(&body)), Payload { packets: vec![&body], complete: true });
    }
}
