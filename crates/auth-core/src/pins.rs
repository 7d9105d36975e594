//! Certificate pins: the keys of which one has to be in a host's chain of certificates, and until when that holds.

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use std::{fmt, str::FromStr, sync::Arc};

/// One pin: the SHA-256 of a certificate's public key, that is of its `SubjectPublicKeyInfo` in DER.
///
/// It is written `sha256/BASE64`, as OkHttp writes it; curl's `sha256//BASE64` and the bare `pin-sha256="BASE64"` of RFC 7469 are read
/// too. It is no secret.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pin([u8; 32]);

impl Pin {
    /// The pin of a key with this SHA-256.
    pub fn of_sha256(sha256: [u8; 32]) -> Self {
        Self(sha256)
    }
}

impl FromStr for Pin {
    type Err = PinsError;

    fn from_str(text: &str) -> Result<Self, PinsError> {
        let text = text.trim();
        let value = match text.strip_prefix("pin-sha256=") {
            Some(value) => value.trim_matches('"'),
            None => text.strip_prefix("sha256/").ok_or(PinsError::NotAPin)?,
        };
        // A value of 32 bytes has 44 letters, of which a slash may be the first: it takes one more to be curl's second slash.
        let value = value.strip_prefix('/').filter(|rest| rest.len() >= 44).unwrap_or(value);
        let bytes = STANDARD.decode(value).map_err(|_| PinsError::NotBase64)?;
        Ok(Self(bytes.try_into().map_err(|_| PinsError::WrongLength)?))
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256/{}", STANDARD.encode(self.0))
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What becomes of pins that have expired. A program that is not updated any more meets a host that has changed its keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AfterExpiry {
    /// They are ignored: the host's certificate is checked as without pins. An old program keeps working.
    #[default]
    Ignore,
    /// The host is refused until the program has newer pins.
    Refuse,
}

/// Whether pins hold at a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinsNow {
    /// One of the pinned keys has to be in the chain.
    InForce,
    /// They have expired and count for nothing.
    Ignored,
    /// They have expired, and no certificate is accepted.
    Refused,
}

/// Pins of one host: at least two, so that a host can change its key without locking out the programs that are in use.
///
/// They only ever narrow: the certificate is first checked as without pins (issuer, name, date).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificatePins {
    pins: Arc<[Pin]>,
    expires_at: Option<Timestamp>,
    after_expiry: AfterExpiry,
}

/// The pins cannot be used.
///
/// `Display` is [for developers](crate#texts-for-people-and-texts-for-developers).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PinsError {
    /// Fewer than two different pins: without a second one, kept aside for the day on which the first key is lost, nobody can connect then.
    #[error("at least two different pins are needed, one of them of a key kept in reserve")]
    TooFew,
    /// A text is no pin.
    #[error("a pin is written sha256/BASE64")]
    NotAPin,
    /// What follows `sha256/` is not Base64.
    #[error("a pin is not valid Base64")]
    NotBase64,
    /// It is not 32 bytes long, so that it is no SHA-256.
    #[error("a pin is not 32 bytes long, so it is no SHA-256")]
    WrongLength,
}

impl PinsError {
    /// A stable name for programs.
    pub fn kind(self) -> &'static str {
        match self {
            Self::TooFew => "pins_too_few",
            Self::NotAPin => "pin_format",
            Self::NotBase64 => "pin_base64",
            Self::WrongLength => "pin_length",
        }
    }
}

impl CertificatePins {
    /// Pins that do not expire, from texts such as `sha256/BASE64`.
    ///
    /// # Errors
    /// A text is no pin, or there are fewer than two different ones.
    pub fn new<'a>(pins: impl IntoIterator<Item = &'a str>) -> Result<Self, PinsError> {
        Self::of(pins.into_iter().map(str::parse).collect::<Result<Vec<_>, _>>()?)
    }

    /// The same of pins that were read before.
    ///
    /// # Errors
    /// There are fewer than two different ones.
    pub fn of(pins: impl IntoIterator<Item = Pin>) -> Result<Self, PinsError> {
        let mut pins: Vec<Pin> = pins.into_iter().collect();
        pins.sort_unstable();
        pins.dedup();
        if pins.len() < 2 {
            return Err(PinsError::TooFew);
        }
        Ok(Self { pins: pins.into(), expires_at: None, after_expiry: AfterExpiry::default() })
    }

    /// They hold until then (by the wall clock), and not at that time any more.
    #[must_use]
    pub fn expiring(mut self, at: Timestamp, after_expiry: AfterExpiry) -> Self {
        (self.expires_at, self.after_expiry) = (Some(at), after_expiry);
        self
    }

    /// The pins, in an order of their own.
    pub fn pins(&self) -> &[Pin] {
        &self.pins
    }

    /// When they expire, if they do.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.expires_at
    }

    /// What becomes of them then.
    pub fn after_expiry(&self) -> AfterExpiry {
        self.after_expiry
    }

    /// Whether they hold now.
    pub fn at(&self, now: Timestamp) -> PinsNow {
        match (self.expires_at, self.after_expiry) {
            (Some(expires_at), AfterExpiry::Ignore) if now >= expires_at => PinsNow::Ignored,
            (Some(expires_at), AfterExpiry::Refuse) if now >= expires_at => PinsNow::Refused,
            _ => PinsNow::InForce,
        }
    }

    /// True if this key is one of them.
    pub fn contains(&self, pin: &Pin) -> bool {
        self.pins.contains(pin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "sha256/AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
    const TWO: &str = "sha256/AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";

    #[test]
    fn every_spelling_of_a_pin_is_read_and_one_is_written() {
        let value = &ONE["sha256/".len()..];
        for spelling in [
            ONE.to_owned(),
            format!("sha256//{value}"),
            format!("pin-sha256=\"{value}\""),
            format!(" {ONE}\n"),
        ] {
            assert_eq!(spelling.parse::<Pin>(), Ok(Pin::of_sha256([1; 32])), "{spelling}");
        }
        assert_eq!(Pin::of_sha256([1; 32]).to_string(), ONE);
    }

    #[test]
    fn a_value_that_begins_with_a_slash_keeps_it() {
        let pin = Pin::of_sha256([0xff; 32]);
        assert!(pin.to_string().starts_with("sha256//"));
        assert_eq!(pin.to_string().parse(), Ok(pin));
        assert_eq!(pin.to_string().replacen("sha256/", "sha256//", 1).parse(), Ok(pin));
    }

    #[test]
    fn what_is_no_pin_is_told_by_what_is_wrong_with_it() {
        for (text, expected) in [
            ("", PinsError::NotAPin),
            ("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", PinsError::NotAPin),
            ("sha1/AQEBAQEBAQEBAQEBAQEBAQEBAQE=", PinsError::NotAPin),
            ("sha256/", PinsError::WrongLength),
            ("sha256/AQEB", PinsError::WrongLength),
            ("sha256/AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", PinsError::WrongLength),
            ("sha256/not base64", PinsError::NotBase64),
        ] {
            assert_eq!(text.parse::<Pin>(), Err(expected), "{text:?}");
        }
    }

    #[test]
    fn a_pin_in_reserve_is_demanded() {
        let again = ONE.replacen('/', "//", 1);
        for few in [vec![], vec![ONE], vec![ONE, ONE], vec![ONE, &again]] {
            assert_eq!(CertificatePins::new(few), Err(PinsError::TooFew));
        }
        let pins = CertificatePins::new([ONE, TWO]).unwrap();
        assert!(pins.contains(&ONE.parse().unwrap()) && pins.contains(&TWO.parse().unwrap()));
        assert!(!pins.contains(&Pin::of_sha256([3; 32])));
    }

    #[test]
    fn pins_hold_until_they_expire() {
        let date = |text: &str| text.parse::<Timestamp>().unwrap();
        let (before, at) = (date("2026-12-31T23:59:59Z"), date("2027-01-01T00:00:00Z"));
        let pins = CertificatePins::new([ONE, TWO]).unwrap();
        assert_eq!(pins.at(at), PinsNow::InForce);
        for (then, expected) in
            [(AfterExpiry::Ignore, PinsNow::Ignored), (AfterExpiry::Refuse, PinsNow::Refused)]
        {
            let pins = pins.clone().expiring(at, then);
            assert_eq!((pins.at(before), pins.at(at)), (PinsNow::InForce, expected));
        }
    }
}
