//! The list of revocations that wait for the host, and its bytes: sessions that were signed out here, and at the host not yet.
//! `auth-client` keeps it in the store and delivers it (`src/session/revocations.rs`).

use super::{RecordError, StoredSession, codec};
use crate::{
    ClockReading, Elapsed,
    ports::SessionId,
    secret::SecretBytes,
    wire::{Value, object},
};
use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use std::time::Duration;
use zeroize::Zeroizing;

/// A session that has to be revoked at the host.
#[derive(Clone, Debug)]
pub struct Revocation {
    /// The session that was signed out.
    pub session_id: SessionId,
    /// Its tokens.
    pub session: StoredSession,
}

/// The revocations of one account that wait for the host, oldest first, at most 16.
///
/// An entry is kept until the host has revoked the session ([`remove`](Self::remove)) or its refresh token has expired
/// ([`prune`](Self::prune)).
#[derive(Clone, Debug, Default)]
pub struct Revocations {
    entries: Vec<Revocation>,
}

const FORMAT: u32 = 1;
/// The capacity that is reserved for an entry, in bytes.
const ENTRY: usize = 2048;
/// The largest number of entries. The oldest is dropped first.
const MAX_ENTRIES: usize = 16;
/// How long an entry is kept whose refresh token has no known lifetime.
const UNKNOWN_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

impl Revocations {
    /// Adds a session that was signed out, in place of an entry of the same id.
    pub fn push(&mut self, session_id: SessionId, session: StoredSession) {
        self.entries.retain(|entry| entry.session_id != session_id);
        self.entries.push(Revocation { session_id, session });
        let excess = self.entries.len().saturating_sub(MAX_ENTRIES);
        self.entries.drain(..excess);
    }

    /// Removes an entry: the host has revoked the session, or its tokens have expired.
    pub fn remove(&mut self, session_id: SessionId) {
        self.entries.retain(|entry| entry.session_id != session_id);
    }

    /// Removes the entries whose refresh token has expired by any clock, or whose age is not known: tokens are not kept longer
    /// than needed, even at the price of a revocation that is not delivered.
    pub fn prune(&mut self, now: &ClockReading) {
        self.entries.retain(|Revocation { session, .. }| {
            let life = session.refresh_token_lifetime().unwrap_or(UNKNOWN_LIFETIME);
            match now.since(&session.received) {
                Elapsed::Unknown => false,
                elapsed => !elapsed.remaining(life).is_zero(),
            }
        });
    }

    /// The entries.
    pub fn entries(&self) -> &[Revocation] {
        &self.entries
    }

    /// True if no revocation waits.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The record's bytes.
    pub fn encode(&self) -> SecretBytes {
        object(self.entries.len() * ENTRY + 32, |to| {
            to.put("v", FORMAT);
            to.list("entries", &self.entries, |to, Revocation { session_id, session }| {
                to.put("epoch", session_id.0);
                to.put("session", Zeroizing::new(BASE64.encode(session.encode().expose())).as_str());
            });
        })
    }

    /// The list from a record's bytes.
    ///
    /// # Errors
    /// [`RecordError::Newer`] for a newer format, [`RecordError::Malformed`] for damage.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let json = codec::read(bytes, FORMAT)?;
        let entries = json.value().get("entries").and_then(Value::as_array).ok_or(RecordError::Malformed)?;
        let entry = |value: &Value<'_>| {
            let session_id = value.get("epoch").and_then(Value::as_u64).ok_or(RecordError::Malformed)?;
            let text = codec::text(value, "session").ok_or(RecordError::Malformed)?;
            let bytes = BASE64.decode(text).map_err(|_| RecordError::Malformed)?;
            let session = StoredSession::decode(SecretBytes::new(bytes).expose())?;
            Ok(Revocation { session_id: SessionId(session_id), session })
        };
        Ok(Self { entries: entries.iter().map(entry).collect::<Result<_, _>>()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{IssuedToken, Office, Timestamp, TokenPair, secret::*, session::RefreshHistory};

    fn session(name: &str, received: i64) -> StoredSession {
        let at = |second: i64| Some(Timestamp::from_second(second).unwrap());
        StoredSession {
            office: Office::Front,
            account: "ann@example.com".into(),
            client_id: None,
            tokens: TokenPair {
                access: IssuedToken { token: AccessToken::new(name), created_at: at(0), expires_at: at(900) },
                refresh: IssuedToken {
                    token: RefreshToken::new(name),
                    created_at: at(0),
                    expires_at: at(3600),
                },
            },
            received: ClockReading::wall_clock_only(Timestamp::from_second(received).unwrap()),
            host_now: None,
            refresh_history: RefreshHistory::default(),
        }
    }

    fn now(second: i64) -> ClockReading {
        ClockReading::wall_clock_only(Timestamp::from_second(second).unwrap())
    }

    #[test]
    fn entries_survive_their_bytes_and_go_with_their_refresh_tokens() {
        let mut list = Revocations::default();
        list.push(SessionId(1), session("a", 1000));
        list.push(SessionId(u64::MAX), session("b", 3000));
        let mut list = Revocations::decode(list.encode().expose()).unwrap();
        assert_eq!(list.entries().iter().map(|e| e.session_id.0).collect::<Vec<_>>(), [1, u64::MAX]);
        assert_eq!(list.entries()[1].session.tokens.access.token.expose(), "b");
        list.prune(&now(4599));
        assert_eq!(list.entries().len(), 2);
        list.prune(&now(4600));
        assert_eq!(list.entries().len(), 1);
        list.remove(SessionId(u64::MAX));
        assert!(list.is_empty());
    }

    #[test]
    fn the_list_does_not_grow_without_end() {
        let mut list = Revocations::default();
        for session_id in 0..100 {
            list.push(SessionId(session_id), session("a", 0));
        }
        assert_eq!((list.entries().len(), list.entries()[0].session_id.0), (MAX_ENTRIES, 84));
    }

    #[test]
    fn damage_and_newer_formats_are_told_apart() {
        assert_eq!(Revocations::decode(br#"{"v":2}"#).unwrap_err(), RecordError::Newer { found: 2 });
        for damaged in [&b""[..], b"{}", br#"{"v":1}"#, br#"{"v":1,"entries":[{}]}"#] {
            assert_eq!(Revocations::decode(damaged).unwrap_err(), RecordError::Malformed);
        }
    }
}
