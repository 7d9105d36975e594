//! The `name=value` parts of a fault's text, handed out one by one.

use std::time::Duration;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::FaultError;

/// What cannot stand in a value as it is.
const RESERVED: &AsciiSet = &CONTROLS.add(b'%').add(b',').add(b' ');

/// The parts of one fault that were not asked for yet.
pub(super) struct Options<'a> {
    act: &'static str,
    left: Vec<(&'a str, &'a str)>,
    known: Vec<&'static str>,
}

impl<'a> Options<'a> {
    pub(super) fn of(act: &'static str, parts: impl Iterator<Item = &'a str>) -> Self {
        let left = parts.filter(|part| !part.trim().is_empty()).map(split).collect();
        Self { act, left, known: Vec::new() }
    }

    /// Takes the option of this name.
    pub(super) fn take(&mut self, name: &'static str) -> Option<&'a str> {
        if !["times", "after"].contains(&name) {
            self.known.push(name);
        }
        let at = self.left.iter().position(|(key, _)| *key == name)?;
        Some(self.left.remove(at).1)
    }

    /// Takes a whole number.
    pub(super) fn number(&mut self, name: &'static str) -> Result<Option<u64>, FaultError> {
        self.take(name).map(|value| number(name, value)).transpose()
    }

    /// Takes a number of bytes.
    pub(super) fn size(&mut self, name: &'static str, default: u64) -> Result<u64, FaultError> {
        self.take(name).map_or(Ok(default), |value| size(name, value))
    }

    /// Refuses what was not asked for.
    pub(super) fn end(self) -> Result<(), FaultError> {
        let Some((name, _)) = self.left.first() else { return Ok(()) };
        let allowed = if self.known.is_empty() { "nothing".to_owned() } else { self.known.join(", ") };
        Err(FaultError::UnknownOption { act: self.act, name: (*name).to_owned(), allowed })
    }
}

/// `name=value`, or a name alone.
pub(super) fn split(part: &str) -> (&str, &str) {
    let (name, value) = part.split_once('=').unwrap_or((part, ""));
    (name.trim(), value)
}

pub(super) fn number(name: &'static str, value: &str) -> Result<u64, FaultError> {
    value.trim().parse().map_err(|_| FaultError::BadValue { name, expected: "a whole number" })
}

/// Bytes, or with `k`, `m`, `g` that many times 1024, 1024², 1024³ of them.
pub(super) fn size(name: &'static str, value: &str) -> Result<u64, FaultError> {
    let value = value.trim();
    let (digits, shift) = match value.as_bytes().last() {
        Some(b'k') => (&value[..value.len() - 1], 10),
        Some(b'm') => (&value[..value.len() - 1], 20),
        Some(b'g') => (&value[..value.len() - 1], 30),
        _ => (value, 0),
    };
    let size = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(1 << shift));
    size.ok_or(FaultError::BadValue { name, expected: "a number of bytes, such as 100, 64k, 5m or 4g" })
}

/// `250ms` or `2s`.
pub(super) fn time(name: &'static str, value: &str) -> Result<Duration, FaultError> {
    let bad = FaultError::BadValue { name, expected: "a time, such as 250ms or 2s" };
    let value = value.trim();
    let (digits, make): (_, fn(u64) -> Duration) = match value.strip_suffix("ms") {
        Some(digits) => (digits, Duration::from_millis),
        None => (value.strip_suffix('s').ok_or(bad.clone())?, Duration::from_secs),
    };
    digits.parse().map(make).map_err(|_| bad)
}

/// The shortest text of a time, to the millisecond.
pub(super) fn time_text(time: Duration) -> String {
    if time.subsec_millis() == 0 { format!("{}s", time.as_secs()) } else { format!("{}ms", time.as_millis()) }
}

/// Reads a value that may be any text: `%2C` is a comma.
pub(super) fn decode(value: &str) -> String {
    percent_decode_str(value).decode_utf8_lossy().into_owned()
}

/// Writes a value that may be any text.
pub(super) fn encode(text: &str) -> impl std::fmt::Display + '_ {
    utf8_percent_encode(text, RESERVED)
}
