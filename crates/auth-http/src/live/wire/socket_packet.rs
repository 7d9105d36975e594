//! Packets of socket.io 2: the messages of engine.io.

/// A packet's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SocketPacketKind {
    /// `0`: the namespace is connected.
    Connect,
    /// `1`: the server ends the namespace.
    Disconnect,
    /// `2`: an event.
    Event,
    /// `3`: the acknowledgement of one of ours, for which we never ask.
    Ack,
    /// `4`: the namespace is refused.
    Error,
    /// `5` and `6`: with binary parts, which may never come.
    Binary,
}

/// A packet: `KIND [ATTACHMENTS-] [/NAMESPACE,] [ACK ID] JSON`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SocketPacket<'a> {
    /// The type.
    pub kind: SocketPacketKind,
    /// Whether it is about the root namespace, the only one that this client is in.
    pub root: bool,
    /// The rest: JSON, or nothing. Unchecked.
    pub data: &'a str,
}

impl<'a> SocketPacket<'a> {
    /// Reads the text of a message; nothing if there is no such type.
    pub fn read(text: &'a str) -> Option<Self> {
        let mut rest = text.chars();
        let kind = match rest.next()? {
            '0' => SocketPacketKind::Connect,
            '1' => SocketPacketKind::Disconnect,
            '2' => SocketPacketKind::Event,
            '3' => SocketPacketKind::Ack,
            '4' => SocketPacketKind::Error,
            '5' | '6' => SocketPacketKind::Binary,
            _ => return None,
        };
        let mut rest = rest.as_str();
        if kind == SocketPacketKind::Binary {
            let (attachments, after) = rest.split_once('-')?;
            if !attachments.bytes().all(|byte| byte.is_ascii_digit()) {
                return None;
            }
            rest = after;
        }
        let mut root = true;
        if rest.starts_with('/') {
            let (namespace, after) = rest.split_once(',').unwrap_or((rest, ""));
            root = namespace.split('?').next() == Some("/");
            rest = after;
        }
        let data = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        Some(Self { kind, root, data })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(SocketPacketKind, bool, &str)> {
        SocketPacket::read(text).map(|packet| (packet.kind, packet.root, packet.data))
    }

    #[test]
    fn each_type_is_known() {
        use SocketPacketKind::{Ack, Binary, Connect, Disconnect, Error, Event};
        assert_eq!(read("0"), Some((Connect, true, "")));
        assert_eq!(read("1"), Some((Disconnect, true, "")));
        assert_eq!(read("2[\"a\"]"), Some((Event, true, "[\"a\"]")));
        assert_eq!(read("31[]"), Some((Ack, true, "[]")));
        assert_eq!(read("4\"no\""), Some((Error, true, "\"no\"")));
        assert_eq!(read("51-[\"a\"]"), Some((Binary, true, "[\"a\"]")));
        assert_eq!(read("61-/,7[]"), Some((Binary, true, "[]")));
        for none in ["", "7", "x", "5", "5[]", "5x-[]", "ü"] {
            assert_eq!(read(none), None, "{none:?}");
        }
    }

    #[test]
    fn namespaces_and_acknowledgement_ids_are_taken_off() {
        use SocketPacketKind::{Connect, Disconnect, Event};
        assert_eq!(read("213[\"a\"]"), Some((Event, true, "[\"a\"]")));
        assert_eq!(read("2/,[\"a\"]"), Some((Event, true, "[\"a\"]")));
        assert_eq!(read("2/admin,12[\"a\"]"), Some((Event, false, "[\"a\"]")));
        assert_eq!(read("1/admin"), Some((Disconnect, false, "")));
        assert_eq!(read("0/?t=1"), Some((Connect, true, "")));
    }
}
