//! Keys of records as text, and records as bytes: for stores that keep bytes by name.
//!
//! Both forms are stable: what was written once stays readable.

use super::{Record, RecordKey, RecordKind, SessionId, StoreError};
use crate::{AccountKey, Host, secret::SecretBytes};
use std::{fmt, str::FromStr};

/// The version of a record's bytes.
const FORMAT: u8 = 1;

/// The text does not name a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecordNameError {
    /// It has not the four parts of a name.
    #[error("a record's name has the form kind/office/profile/host")]
    Form,
    /// There is no such kind of record.
    #[error("there is no such kind of record")]
    Kind,
    /// There is no such office.
    #[error("there is no such office")]
    Office,
    /// The profile is not a valid name.
    #[error("the profile of a record's name is not valid")]
    Profile,
    /// The host is not a valid address.
    #[error("the host of a record's name is not valid")]
    Host,
}

impl FromStr for RecordKind {
    type Err = RecordNameError;

    /// The way back from [`as_str`](RecordKind::as_str).
    fn from_str(text: &str) -> Result<Self, RecordNameError> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(RecordNameError::Kind)
    }
}

/// The record's name, such as `session/front/default/https://broker.example`. It is unique and stable, and has slashes
/// and colons in it: it is no name of a file. The profile, often an e-mail address, can be read in it.
impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let AccountKey { profile, host, office } = &self.account;
        write!(f, "{}/{office}/{profile}/{host}", self.kind.as_str())
    }
}

impl FromStr for RecordKey {
    type Err = RecordNameError;

    /// The way back from a record's name. Other names in a shared store are told apart by the error.
    fn from_str(name: &str) -> Result<Self, RecordNameError> {
        let mut parts = name.splitn(4, '/');
        let mut next = || parts.next().ok_or(RecordNameError::Form);
        let (kind, office, profile, host) = (next()?, next()?, next()?, next()?);
        let kind = kind.parse()?;
        let office = office.parse().map_err(|_| RecordNameError::Office)?;
        let profile = profile.parse().map_err(|_| RecordNameError::Profile)?;
        // Plain http was allowed when the record was written, or the record would not be there.
        let host = Host::from_canonical(host).ok_or(RecordNameError::Host)?;
        Ok(Self { account: AccountKey { profile, host, office }, kind })
    }
}

impl Record {
    /// The record as bytes: a version, the session id, the body. They are not sealed, and hold tokens.
    pub fn to_bytes(&self) -> SecretBytes {
        let body = self.body.expose();
        let mut bytes = Vec::with_capacity(1 + size_of::<u64>() + body.len());
        bytes.push(FORMAT);
        bytes.extend_from_slice(&self.session_id.0.to_be_bytes());
        bytes.extend_from_slice(body);
        SecretBytes::new(bytes)
    }

    /// The way back from [`to_bytes`](Self::to_bytes).
    ///
    /// # Errors
    /// [`StoreError::Newer`] for bytes of a newer version, [`StoreError::Corrupt`] for others that are no record: what
    /// a store's [`load`](super::SessionStore::load) answers with. Whoever gets `Corrupt` sets the bytes aside first, or
    /// leaves them and finds no record there the next time.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        match bytes {
            [FORMAT, rest @ ..] => {
                let (session_id, body) =
                    rest.split_first_chunk().ok_or(StoreError::Corrupt { cause: "it is cut off" })?;
                Ok(Self {
                    session_id: SessionId(u64::from_be_bytes(*session_id)),
                    body: SecretBytes::new(body.to_vec()),
                })
            }
            // Any other bytes are somebody else's: they must not keep anybody from signing in.
            [newer, rest @ ..] if *newer > FORMAT && looks_like_a_record(rest) => {
                Err(StoreError::Newer { found: (*newer).into(), supported: FORMAT.into() })
            }
            _ => Err(StoreError::Corrupt { cause: "it has no format" }),
        }
    }
}

/// True if these bytes have a session id and a body in the form of every record so far.
fn looks_like_a_record(bytes: &[u8]) -> bool {
    bytes.get(size_of::<u64>()..).is_some_and(|body| body.starts_with(b"{\"v\":"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Office;

    fn key(kind: RecordKind, office: Office, profile: &str, host: &str) -> RecordKey {
        let host = Host::parse_with_plain_http_for_development(host).unwrap();
        RecordKey { account: AccountKey { profile: profile.parse().unwrap(), host, office }, kind }
    }

    #[test]
    fn names_of_records_are_stable_and_read_back() {
        for (key, name) in [
            (
                key(RecordKind::Session, Office::Front, "default", "https://broker.example"),
                "session/front/default/https://broker.example",
            ),
            (
                key(RecordKind::Pending, Office::Back, "ann@x.example", "http://dev.example:8443/base/path"),
                "pending/back/ann@x.example/http://dev.example:8443/base/path",
            ),
            (
                key(RecordKind::Revocations, Office::Front, "bot-eu_2", "https://[::1]:8443"),
                "revocations/front/bot-eu_2/https://[::1]:8443",
            ),
            (
                key(RecordKind::Attempts, Office::Back, "default", "https://broker.example"),
                "attempts/back/default/https://broker.example",
            ),
        ] {
            assert_eq!(key.to_string(), name);
            assert_eq!(name.parse(), Ok(key));
        }
    }

    #[test]
    fn other_names_are_refused_by_the_part_that_is_wrong() {
        for (name, error) in [
            ("", RecordNameError::Form),
            ("session/front/default", RecordNameError::Form),
            ("settings/front/default/https://broker.example", RecordNameError::Kind),
            ("Session/front/default/https://broker.example", RecordNameError::Kind),
            ("session/side/default/https://broker.example", RecordNameError::Office),
            ("session/front//https://broker.example", RecordNameError::Profile),
            ("session/front/default/broker.example", RecordNameError::Host),
        ] {
            assert_eq!(name.parse::<RecordKey>(), Err(error), "{name}");
        }
    }

    #[test]
    fn bytes_of_records_are_stable_and_read_back() {
        let record = Record { session_id: SessionId(0x0102), body: SecretBytes::new(b"body".to_vec()) };
        let bytes = record.to_bytes();
        assert_eq!(bytes.expose(), b"\x01\0\0\0\0\0\0\x01\x02body");
        let read = Record::from_bytes(bytes.expose()).unwrap();
        assert_eq!((read.session_id, read.body.expose()), (record.session_id, record.body.expose()));
    }

    #[test]
    fn other_bytes_are_refused_by_kind() {
        let newer = b"\x02\0\0\0\0\0\0\0\x07{\"v\":9}";
        assert!(matches!(Record::from_bytes(newer), Err(StoreError::Newer { found: 2, supported: 1 })));
        for bytes in [&[][..], &[0; 20], &[1, 0, 0], &[2, 0], b"somebody else's bytes"] {
            assert!(matches!(Record::from_bytes(bytes), Err(StoreError::Corrupt { .. })), "{bytes:?}");
        }
    }
}
