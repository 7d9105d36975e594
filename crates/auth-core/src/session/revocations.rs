//! The list of revocations that wait for the host, and its bytes: sessions that were signed out here, and at the host not yet.
//! `auth-client` keeps it in the store and delivers it (`src/session/revocations.rs`).
//!
//! An entry is known by its pair of tokens, not by its session: a refresh that was under way at the sign-out brings another pair
//! of the same session, which has to be revoked too.

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

/// The revocations of one account that wait for the host, oldest first, at most 64.
///
/// An entry is kept until the host has revoked the tokens ([`remove`](Self::remove)) or its refresh token has expired
/// ([`prune`](Self::prune)).
#[derive(Clone, Debug, Default)]
pub struct Revocations {
    entries: Vec<Revocation>,
    abandoned: u32,
}

const FORMAT: u32 = 1;
/// The capacity that is reserved for an entry, in bytes.
const ENTRY: usize = 2048;
/// The largest number of entries. The oldest is dropped first.
const MAX_ENTRIES: usize = 64;
/// How long an entry is kept whose refresh token has no known lifetime.
const UNKNOWN_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

impl Revocations {
    /// Adds a session that was signed out, in place of an entry with the same pair.
    pub fn push(&mut self, session_id: SessionId, session: StoredSession) {
        self.remove(&session);
        self.entries.push(Revocation { session_id, session });
        let excess = self.entries.len().saturating_sub(MAX_ENTRIES);
        self.entries.drain(..excess);
        self.count_abandoned(excess);
    }

    /// Removes the entry with this pair: the host has revoked it, or it has expired. False if there was none.
    pub fn remove(&mut self, session: &StoredSession) -> bool {
        let before = self.entries.len();
        self.entries.retain(|entry| !entry.session.has_same_pair(session));
        self.entries.len() < before
    }

    /// The entry with this pair, as it is now.
    pub fn get(&self, session: &StoredSession) -> Option<&StoredSession> {
        self.entries.iter().map(|entry| &entry.session).find(|entry| entry.has_same_pair(session))
    }

    /// Puts another pair, or the same with another refresh history, in the place of this one. If somebody has removed this one
    /// meanwhile, it is added: nobody else knows it.
    pub fn replace(&mut self, session_id: SessionId, session: &StoredSession, by: &StoredSession) {
        match self.entries.iter_mut().find(|entry| entry.session.has_same_pair(session)) {
            Some(entry) => entry.session = by.clone(),
            None => self.push(session_id, by.clone()),
        }
    }

    /// Removes the entry with this pair without knowing that it is revoked: nothing more can be done for it.
    pub fn abandon(&mut self, session: &StoredSession) {
        if self.remove(session) {
            self.count_abandoned(1);
        }
    }

    /// Removes the entries whose refresh token has expired for certain. Where only the wall clock says so, the host is asked: see
    /// [`Revocation::has_probably_expired`]. One of unknown lifetime is given up after a day.
    pub fn prune(&mut self, now: &ClockReading) {
        let mut of_unknown_lifetime = 0;
        self.entries.retain(|Revocation { session, .. }| {
            let elapsed = now.since(&session.received);
            let life = session.refresh_token_lifetime();
            let is_over = elapsed.has_definitely_passed(life.unwrap_or(UNKNOWN_LIFETIME));
            of_unknown_lifetime += usize::from(is_over && life.is_none());
            !is_over
        });
        self.count_abandoned(of_unknown_lifetime);
    }

    /// How many were removed without knowing that they are revoked, since this was last asked.
    pub fn take_abandoned(&mut self) -> usize {
        std::mem::take(&mut self.abandoned) as usize
    }

    fn count_abandoned(&mut self, entries: usize) {
        self.abandoned = self.abandoned.saturating_add(u32::try_from(entries).unwrap_or(u32::MAX));
    }

    /// The entries.
    pub fn entries(&self) -> &[Revocation] {
        &self.entries
    }

    /// True if no revocation waits, and nothing is left to report.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.abandoned == 0
    }

    /// The record's bytes.
    pub fn encode(&self) -> SecretBytes {
        object(self.entries.len() * ENTRY + 32, |to| {
            to.put("v", FORMAT);
            to.put("abandoned", self.abandoned);
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
        let abandoned = json.value().get("abandoned").and_then(Value::as_u64).unwrap_or(0);
        Ok(Self {
            entries: entries.iter().map(entry).collect::<Result<_, _>>()?,
            abandoned: u32::try_from(abandoned).unwrap_or(u32::MAX),
        })
    }
}

impl Revocation {
    /// True if the refresh token has expired by the wall clock, or its lifetime is not known and a day has passed: the host is
    /// asked once more before the entry is given up.
    #[must_use]
    pub fn has_probably_expired(&self, now: &ClockReading) -> bool {
        let life = self.session.refresh_token_lifetime().unwrap_or(UNKNOWN_LIFETIME);
        match now.since(&self.session.received) {
            // A clock was set back: nobody knows.
            Elapsed::Unknown => false,
            elapsed => elapsed.remaining(life).is_zero(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Cookies, IssuedToken, Office, Timestamp, TokenPair,
        secret::*,
        session::{RefreshHistory, Sequence},
    };

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
            sequence: Sequence::default(),
            cookies: Cookies::default(),
            signing_out: false,
        }
    }

    fn wall(second: i64) -> ClockReading {
        ClockReading::wall_clock_only(Timestamp::from_second(second).unwrap())
    }

    /// The same by a clock that nobody sets.
    fn boot(second: u64) -> ClockReading {
        let elapsed = std::time::Duration::from_secs(second);
        ClockReading { boot: Some(crate::BootTime { id: 1, elapsed }), ..wall(second as i64) }
    }

    fn names(list: &Revocations) -> Vec<&str> {
        list.entries().iter().map(|entry| entry.session.tokens.access.token.expose()).collect()
    }

    #[test]
    fn entries_survive_their_bytes_and_go_with_their_refresh_tokens() {
        let mut list = Revocations::default();
        list.push(SessionId(1), StoredSession { received: boot(1000), ..session("a", 0) });
        list.push(SessionId(u64::MAX), StoredSession { received: boot(3000), ..session("b", 0) });
        let mut list = Revocations::decode(list.encode().expose()).unwrap();
        assert_eq!(list.entries().iter().map(|e| e.session_id.0).collect::<Vec<_>>(), [1, u64::MAX]);
        assert_eq!(names(&list), ["a", "b"]);
        list.prune(&boot(4599));
        assert_eq!(list.entries().len(), 2);
        list.prune(&boot(4600));
        assert_eq!(names(&list), ["b"]);
        assert_eq!(list.take_abandoned(), 0, "what has expired needs no revocation");
        let session = list.entries()[0].session.clone();
        assert!(list.remove(&session) && list.is_empty());
    }

    #[test]
    fn a_wall_clock_that_is_off_drops_nothing() {
        let mut list = Revocations::default();
        list.push(SessionId(1), session("a", 1000));
        for (now, probably) in [(0, false), (1001, false), (999_999, true)] {
            list.prune(&wall(now));
            assert_eq!(list.entries().len(), 1, "{now}");
            assert_eq!(list.entries()[0].has_probably_expired(&wall(now)), probably, "{now}");
        }
    }

    #[test]
    fn another_pair_of_the_session_is_another_entry() {
        let mut list = Revocations::default();
        list.push(SessionId(1), session("old", 0));
        list.push(SessionId(1), session("new", 1));
        list.push(SessionId(1), session("old", 0));
        assert_eq!(names(&list), ["new", "old"]);
        assert!(list.remove(&session("old", 0)), "its own end leaves the other one");
        assert_eq!(names(&list), ["new"]);
        list.replace(SessionId(1), &session("new", 1), &session("newest", 2));
        assert_eq!(names(&list), ["newest"]);
        assert!(list.get(&session("new", 1)).is_none() && list.get(&session("newest", 2)).is_some());
        list.replace(SessionId(1), &session("gone", 0), &session("exchanged", 3));
        assert_eq!(names(&list), ["newest", "exchanged"]);
    }

    #[test]
    fn the_list_does_not_grow_without_end_and_says_what_it_dropped() {
        let mut list = Revocations::default();
        for session_id in 0..100 {
            list.push(SessionId(session_id), session(&session_id.to_string(), 0));
        }
        assert_eq!((list.entries().len(), list.entries()[0].session_id.0), (MAX_ENTRIES, 36));
        list.abandon(&session("99", 0));
        list.abandon(&session("nobody", 0));
        let mut list = Revocations::decode(list.encode().expose()).unwrap();
        assert_eq!((list.take_abandoned(), list.take_abandoned()), (37, 0));
    }

    #[test]
    fn damage_and_newer_formats_are_told_apart() {
        assert_eq!(Revocations::decode(br#"{"v":2}"#).unwrap_err(), RecordError::Newer { found: 2 });
        for damaged in [&b""[..], b"{}", br#"{"v":1}"#, br#"{"v":1,"entries":[{}]}"#] {
            assert_eq!(Revocations::decode(damaged).unwrap_err(), RecordError::Malformed);
        }
    }
}
