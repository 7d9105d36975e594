//! Packets of engine.io 3, and payloads: how polling puts several into one body.

/// One packet of a client.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Packet<'a> {
    /// `1`: the client leaves.
    Close,
    /// `2`: a heartbeat, or with `probe` a try of another transport. Its text comes back.
    Ping(&'a str),
    /// `4`: something for the layer above.
    Message(&'a str),
    /// `5`: the tried transport takes over.
    Upgrade,
    /// `0`, `3`, `6` and binary messages: nothing that a client of ours has to say.
    Ignored,
}

/// The longest text of a ping that is sent back.
const LONGEST_PING: usize = 64;

impl<'a> Packet<'a> {
    /// Reads a packet; `None` if it is none.
    pub(crate) fn read(text: &'a str) -> Option<Self> {
        let rest = text.get(1..).unwrap_or_default();
        Some(match text.as_bytes().first()? {
            b'1' => Self::Close,
            b'2' if rest.len() <= LONGEST_PING => Self::Ping(rest),
            b'4' => Self::Message(rest),
            b'5' => Self::Upgrade,
            b'0' | b'3' | b'6' | b'b' => Self::Ignored,
            _ => return None,
        })
    }
}

/// Packets as one body: each with its length before it. The length counts UTF-16 units, as the original does.
pub(crate) fn payload<'a>(packets: impl IntoIterator<Item = &'a str>) -> String {
    let mut body = String::new();
    for packet in packets {
        body.push_str(&packet.encode_utf16().count().to_string());
        body.push(':');
        body.push_str(packet);
    }
    body
}

/// The packets of a body; `None` where the lengths do not fit.
pub(crate) fn split(mut body: &str) -> Option<Vec<&str>> {
    let mut packets = Vec::new();
    while !body.is_empty() {
        let (length, rest) = body.split_once(':')?;
        let plain =
            !length.is_empty() && length.len() <= 7 && length.bytes().all(|byte| byte.is_ascii_digit());
        let length: usize = if plain { length.parse().ok()? } else { return None };
        let (packet, rest) = rest.split_at(bytes_of(rest, length)?);
        packets.push(packet);
        body = rest;
    }
    Some(packets)
}

/// How many bytes the first `units` UTF-16 units of a text have.
fn bytes_of(text: &str, units: usize) -> Option<usize> {
    let mut left = units;
    for (at, char) in text.char_indices() {
        if left == 0 {
            return Some(at);
        }
        left = left.checked_sub(char.len_utf16())?;
    }
    (left == 0).then_some(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_count_utf16_units() {
        let packets = ["2", "42[\"ü\"]", "4😀"];
        let body = payload(packets);
        assert_eq!(body, "1:27:42[\"ü\"]3:4😀");
        assert_eq!(split(&body), Some(packets.to_vec()));
        assert_eq!(split(""), Some(vec![]));
    }

    #[test]
    fn lengths_that_do_not_fit_are_refused() {
        for body in ["2:2", "x", ":2", "-1:2", "1", "1:", "2:4😀", "99999999:2", "1:2x", "+1:2"] {
            assert_eq!(split(body), None, "{body}");
        }
    }

    #[test]
    fn packets_are_told_apart() {
        assert_eq!(Packet::read("2probe"), Some(Packet::Ping("probe")));
        assert_eq!(Packet::read("42[]"), Some(Packet::Message("2[]")));
        assert_eq!(Packet::read("5"), Some(Packet::Upgrade));
        assert_eq!(Packet::read("1"), Some(Packet::Close));
        assert_eq!(Packet::read("b4AA"), Some(Packet::Ignored));
        for bad in ["", "9", "ü", &"2".repeat(100)] {
            assert_eq!(Packet::read(bad), None, "{bad}");
        }
    }
}
