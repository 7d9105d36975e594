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
    /// Since when it is in the list, as far as that was noted.
    queued: Option<ClockReading>,
}

/// The revocations of one account that wait for the host, oldest first, at most 64.
///
/// An entry is kept until the host has revoked the tokens ([`remove`](Self::remove)), its refresh token has expired, or the host has
/// not taken it for four weeks, however long it dates its tokens ([`prune`](Self::prune)).
///
/// A host that does not take them is asked again at growing intervals: at once for the first tries, since a network can be back at any
/// time, then after 1, 2, 4 … 60 minutes ([`is_due`](Self::is_due)).
#[derive(Clone, Debug, Default)]
pub struct Revocations {
    entries: Vec<Revocation>,
    abandoned: u32,
    /// Tries in a row that left something in the list.
    failures: u32,
    /// When the last of them began.
    tried: Option<ClockReading>,
}

const FORMAT: u32 = 1;
/// The capacity that is reserved for an entry, in bytes.
const ENTRY: usize = 2048;
/// The largest number of entries. The oldest is dropped first.
const MAX_ENTRIES: usize = 64;
/// How long an entry is kept whose refresh token has no known lifetime.
const UNKNOWN_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
/// How long an entry is kept that the host does not take, whatever the lifetime of its refresh token.
const MAX_LIFETIME: Duration = Duration::from_secs(28 * 24 * 60 * 60);
/// After so many tries in a row the next one may follow at once.
const FREE_TRIES: u32 = 3;
/// How long the next try then waits, at first and at most.
const WAITS: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(60 * 60));

impl Revocations {
    /// Adds a session that was signed out, in place of an entry with the same pair. It need not wait for its first try.
    pub fn push(&mut self, session_id: SessionId, session: StoredSession) {
        self.remove(&session);
        self.entries.push(Revocation { session_id, session, queued: None });
        self.tried = None;
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
    /// [`Revocation::has_probably_expired`]. One of unknown lifetime is given up after a day, and any other after four weeks in which the
    /// host did not take it in more than a few tries.
    pub fn prune(&mut self, now: &ClockReading) {
        let mut given_up = 0;
        let is_tried = self.failures > FREE_TRIES;
        self.entries.retain_mut(|Revocation { session, queued, .. }| {
            let elapsed = now.since(&session.received);
            let life = session.refresh_token_lifetime();
            let is_over = elapsed.has_definitely_passed(life.unwrap_or(UNKNOWN_LIFETIME));
            let has_waited = match now.since(queued.get_or_insert(*now)) {
                Elapsed::Certain(waited) | Elapsed::Likely(waited) => is_tried && waited >= MAX_LIFETIME,
                // A clock was set back: its time begins anew.
                Elapsed::Unknown => {
                    *queued = Some(*now);
                    false
                }
            };
            given_up += usize::from((is_over && life.is_none()) || (has_waited && !is_over));
            !is_over && !has_waited
        });
        self.count_abandoned(given_up);
    }

    /// True if the host may be asked again now.
    #[must_use]
    pub fn is_due(&self, now: &ClockReading) -> bool {
        let Some(doublings) = self.failures.checked_sub(FREE_TRIES + 1) else { return true };
        let wait = WAITS.0.saturating_mul(1 << doublings.min(10)).min(WAITS.1);
        match self.tried.map(|tried| now.since(&tried)) {
            Some(Elapsed::Certain(elapsed) | Elapsed::Likely(elapsed)) => elapsed >= wait,
            // A clock was set back.
            Some(Elapsed::Unknown) | None => true,
        }
    }

    /// A try begins now, and has failed unless [`on_taken`](Self::on_taken) says otherwise: a process may end while it waits for the host.
    pub fn on_try(&mut self, now: &ClockReading) {
        self.failures = self.failures.saturating_add(1);
        self.tried = Some(*now);
    }

    /// The host has taken all that it was asked to.
    pub fn on_taken(&mut self) {
        (self.failures, self.tried) = (0, None);
    }

    /// A list that did not read is gone, with whatever it had.
    pub fn lose(&mut self) {
        self.count_abandoned(1);
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
            if let Some(tried) = &self.tried {
                codec::put_clock_reading(to, "tried", "tried_boot", tried);
            }
            to.put("failures", self.failures);
            to.list("entries", &self.entries, |to, Revocation { session_id, session, queued }| {
                to.put("epoch", session_id.0);
                if let Some(queued) = queued {
                    codec::put_clock_reading(to, "queued", "queued_boot", queued);
                }
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
            let queued = codec::read_clock_reading(value, "queued", "queued_boot");
            Ok(Revocation { session_id: SessionId(session_id), session, queued })
        };
        // An older program did not write all of it.
        let count = |name| {
            let count = json.value().get(name).and_then(Value::as_u64).unwrap_or(0);
            u32::try_from(count).unwrap_or(u32::MAX)
        };
        Ok(Self {
            entries: entries.iter().map(entry).collect::<Result<_, _>>()?,
            abandoned: count("abandoned"),
            failures: count("failures"),
            tried: codec::read_clock_reading(json.value(), "tried", "tried_boot"),
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
    fn a_host_that_takes_nothing_is_asked_at_growing_intervals() {
        let mut list = Revocations::default();
        list.push(SessionId(1), session("a", 0));
        let (mut now, mut waits) = (0, Vec::new());
        for _ in 0..12 {
            list.on_try(&wall(now));
            list = Revocations::decode(list.encode().expose()).unwrap();
            let minutes = (0..100).find(|minutes| list.is_due(&wall(now + 60 * minutes))).unwrap();
            assert!(minutes == 0 || !list.is_due(&wall(now + 60 * minutes - 1)));
            waits.push(minutes);
            now += 60 * minutes;
        }
        assert_eq!(waits, [0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert!(list.is_due(&wall(0)), "a clock was set back");
        list.push(SessionId(2), session("b", 0));
        assert!(list.is_due(&wall(now)), "a new one need not wait");
        list.on_try(&wall(now));
        assert!(!list.is_due(&wall(now + 3599)));
        list.on_taken();
        list.on_try(&wall(now));
        assert!(list.is_due(&wall(now)));
    }

    #[test]
    fn what_a_host_does_not_take_is_given_up_after_weeks_however_long_it_lives() {
        const WEEKS: i64 = 28 * 24 * 3600;
        let forever = |name| {
            let mut session = session(name, 1000);
            session.tokens.refresh.expires_at = Some(Timestamp::from_second(70 * 365 * 24 * 3600).unwrap());
            session
        };
        let mut list = Revocations::default();
        list.push(SessionId(1), forever("a"));
        list.prune(&wall(5000));
        list.push(SessionId(2), forever("b"));
        list.prune(&wall(6000));
        let mut list = Revocations::decode(list.encode().expose()).unwrap();
        list.prune(&wall(5000 + WEEKS));
        assert_eq!(names(&list), ["a", "b"], "nobody has asked the host");
        for _ in 0..=FREE_TRIES {
            list.on_try(&wall(7000));
        }
        list.prune(&wall(4999 + WEEKS));
        assert_eq!(names(&list), ["a", "b"]);
        list.prune(&wall(5000 + WEEKS));
        assert_eq!(names(&list), ["b"]);
        // The time of one whose clock was set back begins anew.
        list.prune(&wall(10));
        list.prune(&wall(6000 + WEEKS));
        assert_eq!(list.entries().len(), 0);
        assert_eq!(list.take_abandoned(), 2, "nobody knows that they are revoked");
    }

    #[test]
    fn a_list_of_an_older_program_is_due() {
        let session = BASE64.encode(session("a", 0).encode().expose());
        let old = format!(r#"{{"v":1,"abandoned":2,"entries":[{{"epoch":1,"session":"{session}"}}]}}"#);
        let mut list = Revocations::decode(old.as_bytes()).unwrap();
        assert!(list.is_due(&wall(0)) && names(&list) == ["a"]);
        list.prune(&wall(0));
        assert_eq!((list.entries().len(), list.take_abandoned()), (1, 2));
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
