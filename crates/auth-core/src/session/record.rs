//! The session as a record of the store: tokens, their lifetimes, and the record's bytes.

use super::{
    RecordError, codec,
    refresh_history::{Backoff, RefreshHistory},
    sequence::{Sequence, SignInTime},
};
use crate::{
    ClockReading, Cookies, Elapsed, IssuedToken, Office, Timestamp, TokenPair,
    ports::StoreError,
    secret::{AccessToken, RefreshToken, SecretBytes},
    wire::{Json, Object, Value, object},
};
use std::{fmt, time::Duration};

/// A session as a store keeps it: the tokens, the account, when they were received by each clock, and what attempts to refresh
/// them have shown.
///
/// `Debug` leaves out `client_id`, which is unchecked text of the host.
#[derive(Clone)]
pub struct StoredSession {
    /// The office that was signed in to.
    pub office: Office,
    /// The e-mail that signed in.
    pub account: String,
    /// The host's id of the client, if an answer had one.
    pub client_id: Option<String>,
    /// The tokens.
    pub tokens: TokenPair,
    /// When the pair was received, by our clocks.
    pub received: ClockReading,
    /// When it was received, by the host's clock (its `Date` header).
    pub host_now: Option<Timestamp>,
    /// What attempts to refresh it have shown.
    pub refresh_history: RefreshHistory,
    /// Where this pair stands among those of the account.
    pub sequence: Sequence,
    /// What the host has set since the sign-in began; they go along with the requests of this session.
    pub cookies: Cookies,
    /// A sign-out of this session has begun: whoever finds the record brings it to its end.
    pub signing_out: bool,
}

impl From<RecordError> for StoreError {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Newer { found } => Self::Newer { found, supported: FORMAT },
            RecordError::Malformed => Self::Corrupt { cause: "its content does not read" },
        }
    }
}

/// Format 1 has the wall clock only, and no refresh history.
const FORMAT: u32 = 2;
/// The capacity that is reserved for a record beside its tokens, in bytes.
const ROOM: usize = 512;

impl fmt::Debug for StoredSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            office,
            account,
            client_id: _,
            tokens,
            received,
            host_now,
            refresh_history,
            sequence,
            cookies,
            signing_out,
        } = self;
        f.debug_struct("StoredSession")
            .field("office", office)
            .field("account", account)
            .field("tokens", tokens)
            .field("received", received)
            .field("host_now", host_now)
            .field("refresh_history", refresh_history)
            .field("sequence", sequence)
            .field("cookies", cookies)
            .field("signing_out", signing_out)
            .finish_non_exhaustive()
    }
}

impl StoredSession {
    /// How long the access token is valid from its issue on. `None` if the host did not say.
    pub fn access_token_lifetime(&self) -> Option<Duration> {
        self.tokens.access.lifetime(self.host_now)
    }

    /// How long the refresh token is valid from its issue on. `None` if the host did not say.
    pub fn refresh_token_lifetime(&self) -> Option<Duration> {
        self.tokens.refresh.lifetime(self.host_now)
    }

    /// When the access token expires by our wall clock: the time of its receipt plus its lifetime. `None` if the lifetime is
    /// not known.
    pub fn access_token_expires_at(&self) -> Option<Timestamp> {
        self.received.wall.checked_add(self.access_token_lifetime()?).ok()
    }

    /// When the refresh token expires by our wall clock. `None` if its lifetime is not known.
    pub fn refresh_token_expires_at(&self) -> Option<Timestamp> {
        self.received.wall.checked_add(self.refresh_token_lifetime()?).ok()
    }

    /// True if both tokens have expired, as far as our clocks can tell. False if a lifetime is not known.
    pub fn is_expired(&self, now: &ClockReading) -> bool {
        let elapsed = now.since(&self.received);
        let past = |life: Option<Duration>| {
            life.is_some_and(|life| elapsed != Elapsed::Unknown && elapsed.remaining(life).is_zero())
        };
        past(self.access_token_lifetime()) && past(self.refresh_token_lifetime())
    }

    /// True if both have the same tokens, received at the same time. The time counts since a host may issue the same token
    /// again, with a new lifetime.
    pub fn has_same_pair(&self, other: &Self) -> bool {
        // To the millisecond, as a snapshot keeps it.
        self.has_same_tokens(other)
            && self.received.wall.as_millisecond() == other.received.wall.as_millisecond()
    }

    /// True if both have the same tokens, whenever they were received.
    pub fn has_same_tokens(&self, other: &Self) -> bool {
        let (ours, theirs) = (&self.tokens, &other.tokens);
        ours.refresh.token.expose() == theirs.refresh.token.expose()
            && ours.access.token.expose() == theirs.access.token.expose()
    }

    /// True if both have the same access token, or the same refresh token: a host may give out one again.
    pub fn shares_a_token_with(&self, other: &Self) -> bool {
        let (ours, theirs) = (&self.tokens, &other.tokens);
        ours.refresh.token.expose() == theirs.refresh.token.expose()
            || ours.access.token.expose() == theirs.access.token.expose()
    }

    /// Where the host did not say what time it is and gives out an access token that this program knows: with the host's time
    /// as it is known from the first receipt, so that the token does not seem to live longer.
    #[must_use]
    pub fn dated_by(self, earlier: &Self) -> Self {
        let by_earlier = || earlier.host_now_by_same_token(&self.tokens, &self.received);
        Self { host_now: self.host_now.or_else(by_earlier), ..self }
    }

    /// The same session with a new pair, and an empty refresh history.
    #[must_use]
    pub fn with_tokens(
        &self,
        tokens: TokenPair,
        received: ClockReading,
        host_now: Option<Timestamp>,
    ) -> Self {
        let host_now = host_now.or_else(|| self.host_now_by_same_token(&tokens, &received));
        let (refresh_history, sequence) = (RefreshHistory::default(), Sequence::after(self));
        Self { tokens, received, host_now, refresh_history, sequence, ..self.clone() }
    }

    /// The refresh token for another pair of the same session, issued when it is as old as it is now.
    pub(super) fn refresh_token_as_of(&self, now: &ClockReading) -> IssuedToken<RefreshToken> {
        let mut token = self.tokens.refresh.clone();
        if let Elapsed::Certain(elapsed) | Elapsed::Likely(elapsed) = now.since(&self.received) {
            let received = token.created_at.max(self.host_now);
            token.created_at = received.and_then(|at| at.checked_add(elapsed).ok()).or(token.created_at);
        }
        token
    }

    /// The time by the host's clock, if an answer without a date gives the same access token again: as much later than the token's
    /// first receipt as has passed since by ours.
    fn host_now_by_same_token(&self, again: &TokenPair, received: &ClockReading) -> Option<Timestamp> {
        let (ours, theirs) = (&self.tokens.access, &again.access);
        let same = ours.token.expose() == theirs.token.expose() && ours.expires_at == theirs.expires_at;
        match received.since(&self.received) {
            Elapsed::Certain(elapsed) | Elapsed::Likely(elapsed) if same => {
                self.host_now.or(ours.created_at)?.checked_add(elapsed).ok()
            }
            _ => None,
        }
    }

    /// The session as bytes for a store. Intermediate copies of the tokens are zeroized.
    pub fn encode(&self) -> SecretBytes {
        let Self {
            office,
            account,
            client_id,
            tokens,
            received,
            host_now,
            refresh_history,
            sequence,
            cookies,
            signing_out,
        } = self;
        let room = tokens.access.token.expose().len() + tokens.refresh.token.expose().len() + ROOM;
        object(room, |to| {
            to.put("v", FORMAT);
            to.put("office", office.as_str());
            to.put("account", account.as_str());
            to.put("client_id", client_id.as_deref());
            codec::put_issued_token(to, "access", &tokens.access, AccessToken::expose);
            codec::put_issued_token(to, "refresh", &tokens.refresh, RefreshToken::expose);
            codec::put_clock_reading(to, "received_at", "received_since_boot", received);
            to.put("host_now", *host_now);
            if *refresh_history != RefreshHistory::default() {
                to.object("standing", |to| put_refresh_history(to, refresh_history));
            }
            to.object("sequence", |to| put_sequence(to, sequence));
            cookies.put(to);
            if *signing_out {
                to.put("signing_out", true);
            }
        })
    }

    /// The session from the bytes of a store.
    ///
    /// # Errors
    /// [`RecordError::Newer`] for a newer format, [`RecordError::Malformed`] for damage.
    pub fn decode(bytes: &[u8]) -> Result<Self, RecordError> {
        let json = codec::read(bytes, FORMAT)?;
        Self::from_json(&json).ok_or(RecordError::Malformed)
    }

    /// Checks that a record may be replaced by one of ours. It reads no more than the format.
    ///
    /// # Errors
    /// As [`decode`](Self::decode), but damage behind the format is not found.
    pub fn check_format(bytes: &[u8]) -> Result<(), RecordError> {
        codec::check(bytes, FORMAT)
    }

    fn from_json(json: &Json<'_>) -> Option<Self> {
        let value = json.value();
        Some(Self {
            office: codec::text(value, "office")?.parse().ok()?,
            account: codec::text(value, "account")?.to_owned(),
            client_id: codec::text(value, "client_id").map(str::to_owned),
            tokens: TokenPair {
                access: codec::read_issued_token(value.get("access")?, |text| AccessToken::new(text))?,
                refresh: codec::read_issued_token(value.get("refresh")?, |text| RefreshToken::new(text))?,
            },
            received: codec::read_clock_reading(value, "received_at", "received_since_boot")?,
            host_now: codec::date(value, "host_now")?,
            refresh_history: value
                .get("standing")
                .map_or(Some(RefreshHistory::default()), read_refresh_history)?,
            sequence: value.get("sequence").map_or(Some(Sequence::UNKNOWN), read_sequence)?,
            cookies: Cookies::from_record(value),
            signing_out: value.get("signing_out").and_then(Value::as_bool).unwrap_or(false),
        })
    }
}

// The names in a record are those of its format; they stay when the code's names change.

fn put_refresh_history(to: &mut Object<'_>, refresh_history: &RefreshHistory) {
    let RefreshHistory { in_flight_or_lost, failures, unrecognized_401s, rejected, backoff } =
        refresh_history;
    to.put("asked", *in_flight_or_lost);
    to.put("failures", *failures);
    to.put("bare_401s", *unrecognized_401s);
    to.put("refused", *rejected);
    to.maybe_object("rest", *backoff, |to, Backoff { since, span, from_retry_after }| {
        codec::put_clock_reading(to, "since", "since_boot", &since);
        to.put("ms", codec::millis(span));
        to.put("told", from_retry_after);
    });
}

fn read_refresh_history(value: &Value<'_>) -> Option<RefreshHistory> {
    let count = |name: &str| u32::try_from(value.get(name)?.as_u64()?).ok();
    let flag = |name: &str| value.get(name)?.as_bool();
    let backoff = match value.get("rest") {
        None | Some(Value::Null) => None,
        Some(backoff) => Some(Backoff {
            since: codec::read_clock_reading(backoff, "since", "since_boot")?,
            span: Duration::from_millis(backoff.get("ms")?.as_u64()?),
            from_retry_after: backoff.get("told")?.as_bool()?,
        }),
    };
    Some(RefreshHistory {
        in_flight_or_lost: flag("asked")?,
        failures: count("failures")?,
        unrecognized_401s: count("bare_401s")?,
        rejected: flag("refused")?,
        backoff,
    })
}

fn put_sequence(to: &mut Object<'_>, Sequence { refresh_count, signed_in }: &Sequence) {
    match refresh_count {
        Some(count) => to.put("refreshes", *count),
        None => to.put("refreshes", ()),
    }
    to.maybe_object("signed_in", *signed_in, |to, SignInTime { received, host }| {
        codec::put_clock_reading(to, "at", "since_boot", &received);
        to.put("host", host);
    });
}

fn read_sequence(value: &Value<'_>) -> Option<Sequence> {
    let signed_in = match value.get("signed_in") {
        None | Some(Value::Null) => None,
        Some(signed_in) => Some(SignInTime {
            received: codec::read_clock_reading(signed_in, "at", "since_boot")?,
            host: codec::date(signed_in, "host")?,
        }),
    };
    let refresh_count = match value.get("refreshes")? {
        Value::Null => None,
        count => Some(u32::try_from(count.as_u64()?).ok()?),
    };
    Some(Sequence { refresh_count, signed_in })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BootTime, IssuedToken};

    fn session(created: Option<&str>, expires: Option<&str>, host_now: Option<&str>) -> StoredSession {
        let at = |text: Option<&str>| text.map(|t| t.parse().unwrap());
        let (created_at, expires_at) = (at(created), at(expires));
        let access = IssuedToken { token: AccessToken::new("a"), created_at, expires_at };
        let refresh = IssuedToken { token: RefreshToken::new("r"), created_at, expires_at: None };
        StoredSession {
            office: Office::Front,
            account: "ann@example.com".into(),
            client_id: Some("87".into()),
            tokens: TokenPair { access, refresh },
            received: ClockReading {
                wall: "2030-06-01T12:00:00Z".parse().unwrap(),
                boot: Some(BootTime { id: 7, elapsed: Duration::from_millis(1234) }),
            },
            host_now: at(host_now),
            refresh_history: RefreshHistory::default(),
            sequence: Sequence::default(),
            cookies: Cookies::default(),
            signing_out: false,
        }
    }

    #[test]
    fn a_token_ends_by_our_clock_after_the_life_the_host_gave_it() {
        let ends = |s: StoredSession| s.access_token_expires_at().map(|t| t.to_string());
        let (start, end) = (Some("2024-04-22T11:07:24Z"), Some("2024-04-22T11:22:24Z"));
        assert_eq!(ends(session(start, end, None)).as_deref(), Some("2030-06-01T12:15:00Z"));
        let host_now = Some("2024-04-22T11:12:24Z");
        assert_eq!(ends(session(None, end, host_now)).as_deref(), Some("2030-06-01T12:10:00Z"));
        // The vendor's samples print one moment twice; such a token is used until the host says no.
        assert_eq!(ends(session(start, start, None)), None);
        assert_eq!(ends(session(None, None, host_now)), None);
    }

    #[test]
    fn the_same_access_token_given_again_does_not_live_longer() {
        let (created, expires) = (Some("2024-04-22T11:00:00Z"), Some("2024-04-22T11:15:00Z"));
        let first = session(created, expires, None);
        let mut later = first.received;
        later.wall += Duration::from_secs(540);
        later.boot =
            later.boot.map(|boot| BootTime { elapsed: boot.elapsed + Duration::from_secs(540), ..boot });
        let again = first.with_tokens(first.tokens.clone(), later, None);
        assert_eq!(again.access_token_lifetime(), Some(Duration::from_secs(360)));
        let mut other = first.tokens.clone();
        other.access.token = AccessToken::new("b");
        assert_eq!(
            first.with_tokens(other, later, None).access_token_lifetime(),
            Some(Duration::from_secs(900))
        );
    }

    #[test]
    fn a_session_survives_its_bytes() {
        let mut before = session(Some("2024-04-22T11:07:24Z"), None, Some("2024-04-22T11:07:25Z"));
        before.refresh_history =
            RefreshHistory { in_flight_or_lost: true, unrecognized_401s: 1, ..RefreshHistory::default() };
        before.refresh_history =
            before.refresh_history.after_failure(&before.received, Some(Duration::from_secs(7)), 0.5);
        let after = StoredSession::decode(before.encode().expose()).unwrap();
        assert_eq!(format!("{before:?}"), format!("{after:?}"));
        assert_eq!(before.client_id, after.client_id);
        assert_eq!(after.tokens.access.token.expose(), "a");
        assert_eq!(after.tokens.refresh.token.expose(), "r");
    }

    #[test]
    fn a_newer_format_is_told_apart_from_damage() {
        for newer in [&br#"{"v":3}"#[..], br#"{"v":3,"office":0}"#, br#"{ "v": 22 }"#] {
            let error = StoredSession::decode(newer).unwrap_err();
            assert!(matches!(error, RecordError::Newer { .. }));
            assert_eq!(StoredSession::check_format(newer), Err(error));
        }
        let ours = session(None, None, None).encode();
        assert_eq!(StoredSession::check_format(ours.expose()), Ok(()));
        assert!(StoredSession::check_format(b"{}").is_err());
        for damaged in [&b""[..], b"{}", br#"{"v":1}"#, br#"{"v":2}"#, b"\xff"] {
            assert_eq!(StoredSession::decode(damaged).unwrap_err(), RecordError::Malformed);
        }
    }

    #[test]
    fn format_1_stays_readable() {
        let kept = br#"{"v":1,"office":"back","account":"ann@example.com","client_id":null,
            "access":{"token":"a","created_at":"2026-01-01T00:00:00Z","expires_at":null},
            "refresh":{"token":"r","created_at":null,"expires_at":null},
            "received_at":"2026-01-01T00:00:00Z","host_now":null}"#;
        let session = StoredSession::decode(kept).unwrap();
        assert_eq!((session.office, session.refresh_history), (Office::Back, RefreshHistory::default()));
        assert_eq!(session.received.boot, None);
    }

    #[test]
    fn format_2_stays_readable() {
        let kept = br#"{"v":2,"office":"front","account":"ann@example.com","client_id":null,
            "access":{"token":"a","created_at":null,"expires_at":null},
            "refresh":{"token":"r","created_at":null,"expires_at":null},
            "received_at":"2026-01-01T00:00:00Z","received_since_boot":{"id":7,"ms":1000},"host_now":null,
            "standing":{"asked":true,"failures":3,"bare_401s":1,"refused":true,
                "rest":{"since":"2026-01-01T00:00:00Z","since_boot":{"id":7,"ms":2000},"ms":8000,"told":true}}}"#;
        let session = StoredSession::decode(kept).unwrap();
        let received = ClockReading { wall: "2026-01-01T00:00:00Z".parse().unwrap(), boot: boot(1000) };
        assert_eq!(session.received, received);
        let since = ClockReading { boot: boot(2000), ..received };
        let backoff = Backoff { since, span: Duration::from_secs(8), from_retry_after: true };
        let history = RefreshHistory {
            in_flight_or_lost: true,
            failures: 3,
            unrecognized_401s: 1,
            rejected: true,
            backoff: Some(backoff),
        };
        assert_eq!(session.refresh_history, history);
        let written = session.encode();
        for name in
            ["received_since_boot", "standing", "asked", "bare_401s", "refused", "rest", "since_boot", "told"]
        {
            let name = format!("\"{name}\":");
            assert!(written.expose().windows(name.len()).any(|part| part == name.as_bytes()), "{name}");
        }
    }

    fn boot(millis: u64) -> Option<BootTime> {
        Some(BootTime { id: 7, elapsed: Duration::from_millis(millis) })
    }
}
