//! The body of a polling answer: `LENGTH:PACKET`, one after the other.
//!
//! The original counts UTF-16 units. Other servers count characters or bytes; such a body is read too, if only one of these
//! ways fits.

/// Longer numbers are no lengths: a body is limited to 128 KiB.
const MAX_DIGITS: usize = 7;

/// The packets of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Payload<'a> {
    /// In their order; empty ones are left out.
    pub packets: Vec<&'a str>,
    /// False if something is left that does not read. The packets before it are good.
    pub complete: bool,
}

#[derive(Clone, Copy)]
enum Unit {
    Utf16,
    Char,
    Byte,
}

impl<'a> Payload<'a> {
    /// Reads a body.
    pub fn read(body: &'a str) -> Self {
        let usual = Self::read_by(body, Unit::Utf16);
        if usual.complete || body.is_ascii() {
            return usual;
        }
        let by =
            |unit| Some(Self::read_by(body, unit)).filter(|payload| payload.complete && payload.is_usual());
        match (by(Unit::Char), by(Unit::Byte)) {
            (Some(only), None) | (None, Some(only)) => only,
            (Some(one), Some(other)) if one == other => one,
            _ => usual,
        }
    }

    fn read_by(body: &'a str, unit: Unit) -> Self {
        let mut packets = Vec::new();
        let mut rest = body;
        while !rest.is_empty() {
            let Some((packet, after)) = split(rest, unit) else { return Self { packets, complete: false } };
            if !packet.is_empty() {
                packets.push(packet);
            }
            rest = after;
        }
        Self { complete: !packets.is_empty(), packets }
    }

    /// Whether every packet begins like one.
    fn is_usual(&self) -> bool {
        self.packets.iter().all(|packet| packet.starts_with(|first: char| matches!(first, '0'..='6' | 'b')))
    }
}

fn split(text: &str, unit: Unit) -> Option<(&str, &str)> {
    let digits = text.find(':').filter(|digits| (1..=MAX_DIGITS).contains(digits))?;
    let (length, rest) = (text.get(..digits)?, text.get(digits + 1..)?);
    if !length.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    rest.split_at_checked(bytes_of(rest, length.parse().ok()?, unit)?)
}

/// How many bytes so many units at the start of the text are.
fn bytes_of(text: &str, units: usize, unit: Unit) -> Option<usize> {
    if matches!(unit, Unit::Byte) {
        return Some(units);
    }
    let (mut left, mut bytes) = (units, 0);
    let mut chars = text.chars();
    while left > 0 {
        let next = chars.next()?;
        left = left.checked_sub(if matches!(unit, Unit::Utf16) { next.len_utf16() } else { 1 })?;
        bytes += next.len_utf8();
    }
    Some(bytes)
}

/// The body that brings one packet.
pub fn encode(packet: &str) -> String {
    format!("{}:{packet}", packet.encode_utf16().count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    fn packets(body: &str) -> Vec<&str> {
        let payload = Payload::read(body);
        assert!(payload.complete, "{body:?}");
        payload.packets
    }

    #[test]
    fn several_packets_in_one_body() {
        assert_eq!(packets("2:401:61:9"), ["40", "6", "9"]);
        assert_eq!(packets("0:2:40"), ["40"]);
        assert_eq!(packets("3:4:21:6"), ["4:2", "6"]);
    }

    #[test]
    fn lengths_count_units_of_utf_16() {
        assert_eq!(packets("4:4ü😀1:6"), ["4ü😀", "6"]);
    }

    #[test]
    fn lengths_in_characters_or_bytes_are_read_if_nothing_else_fits() {
        assert_eq!(packets("3:4ü😀1:6"), ["4ü😀", "6"]);
        assert_eq!(packets("7:4ü😀3:4ab"), ["4ü😀", "4ab"]);
        assert!(!Payload::read("5:4ü😀1:6").complete);
    }

    #[test]
    fn what_comes_before_a_broken_part_is_kept() {
        for rest in [
            "5:4",
            ":4",
            "x:4",
            "-1:4",
            "+1:4",
            " 1:4",
            "1",
            "99999999:4",
            "<html>",
            "18446744073709551616:4",
        ] {
            let body = format!("2:40{rest}");
            let payload = Payload::read(&body);
            assert_eq!((payload.packets, payload.complete), (vec!["40"], false), "{body}");
        }
        for body in ["", "0:", "<html>502</html>", "\u{0}\u{1}"] {
            assert!(!Payload::read(body).complete, "{body}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_the_same(written in vec("[0-6b]\\PC{0,40}", 1..6)) {
            let body: String = written.iter().map(|packet| encode(packet)).collect();
            prop_assert_eq!(packets(&body), written);
        }

        #[test]
        fn no_body_is_trouble(body in "([0-9]{1,3}:)?\\PC{0,20}([0-9]{1,3}:)?\\PC{0,20}") {
            let payload = Payload::read(&body);
            let read: usize = payload.packets.iter().map(|packet| packet.len()).sum();
            prop_assert!(read <= body.len());
        }
    }
}
