//! Packets of engine.io 3.

/// A packet as text. A binary one is known only as such: no event of a channel needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnginePacket<'a> {
    /// `0`: the server's first packet, with a JSON object.
    Open(&'a str),
    /// `1`: the server closes the connection.
    Close,
    /// `2`: has to be answered with the same text.
    Ping(&'a str),
    /// `3`: the answer.
    Pong(&'a str),
    /// `4`: a packet of socket.io.
    Message(&'a str),
    /// `5`: only clients send it.
    Upgrade,
    /// `6`: answers a poll that has to end.
    Noop,
    /// `b`: the binary part of an event, in base64.
    Attachment,
}

impl<'a> EnginePacket<'a> {
    /// Reads a packet; nothing if there is no such type.
    pub fn read(text: &'a str) -> Option<Self> {
        let mut rest = text.chars();
        let kind = rest.next()?;
        let rest = rest.as_str();
        Some(match kind {
            '0' => Self::Open(rest),
            '1' => Self::Close,
            '2' => Self::Ping(rest),
            '3' => Self::Pong(rest),
            '4' => Self::Message(rest),
            '5' => Self::Upgrade,
            '6' => Self::Noop,
            'b' => Self::Attachment,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_type_is_known_and_others_are_not() {
        assert_eq!(EnginePacket::read("0{}"), Some(EnginePacket::Open("{}")));
        assert_eq!(EnginePacket::read("1"), Some(EnginePacket::Close));
        assert_eq!(EnginePacket::read("2probe"), Some(EnginePacket::Ping("probe")));
        assert_eq!(EnginePacket::read("3"), Some(EnginePacket::Pong("")));
        assert_eq!(EnginePacket::read("42[]"), Some(EnginePacket::Message("2[]")));
        assert_eq!(EnginePacket::read("5"), Some(EnginePacket::Upgrade));
        assert_eq!(EnginePacket::read("6"), Some(EnginePacket::Noop));
        assert_eq!(EnginePacket::read("b4AAA="), Some(EnginePacket::Attachment));
        for none in ["", "9", "7", "x", "ü", "\u{1b}[90m", " 1"] {
            assert_eq!(EnginePacket::read(none), None, "{none:?}");
        }
    }
}
