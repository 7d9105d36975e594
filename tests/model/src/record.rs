//! A pair and a record in a few bytes, which a search can compare and hash, and as the core's own type, which decides. Nothing is
//! lost on the way from one to the other.

use auth_core::{
    BootTime, ClockReading, Cookies, IssuedToken, Office, Timestamp, TokenPair,
    ports::SessionId,
    secret::{AccessToken, RefreshToken},
    session::{RefreshHistory, Sequence, SignInTime, StoredSession},
};
use std::time::Duration;

/// Seconds from one [wait](crate::setup::Bounds::waits) to the next: longer than any backoff.
const ROUND: u64 = 600;

/// A pair of tokens as it was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pair {
    /// The sign-in, and the session id.
    pub session: u8,
    /// Counts all pairs of the host: a greater number was issued later.
    pub serial: u8,
    /// In which round it was received.
    pub round: u8,
    /// How often the tokens were refreshed before.
    pub refreshes: u8,
    /// Serial and round of the sign-in's own pair.
    pub first: (u8, u8),
}

/// What is known of refreshes of a pair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct History {
    /// A refresh is under way, or its answer was lost.
    pub in_flight_or_lost: bool,
    /// Failures in a row.
    pub failures: u8,
    /// The round in which a backoff began, and its seconds.
    pub backoff: Option<(u8, u8)>,
}

/// A session's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// The pair.
    pub pair: Pair,
    /// What is known of its refreshes.
    pub history: History,
}

impl Pair {
    /// The first pair of a sign-in.
    pub fn of_sign_in(session: u8, serial: u8, round: u8) -> Self {
        Self { session, serial, round, refreshes: 0, first: (serial, round) }
    }
}

impl Record {
    /// A pair of which nothing is known.
    pub fn new(pair: Pair) -> Self {
        Self { pair, history: History::default() }
    }

    /// The id that it is saved under.
    pub fn session_id(&self) -> SessionId {
        SessionId(self.pair.session.into())
    }

    /// As the core has it.
    pub fn session(&self) -> StoredSession {
        let Self { pair, history } = self;
        let received = reading(pair.round, pair.serial);
        let (serial, round) = pair.first;
        let first = reading(round, serial);
        let signed_in = SignInTime { received: first, host: Some(first.wall) };
        StoredSession {
            office: Office::Front,
            account: pair.session.to_string(),
            client_id: None,
            tokens: tokens(pair.serial, received.wall),
            received,
            host_now: None,
            refresh_history: refresh_history(history),
            sequence: Sequence {
                refresh_count: Some(pair.refreshes.into()),
                signed_in: (pair.refreshes > 0).then_some(signed_in),
            },
            cookies: Cookies::default(),
            signing_out: false,
        }
    }

    /// The core's answer in a few bytes.
    ///
    /// # Panics
    /// If it is not made of what [`session`](Self::session) gave.
    pub fn of(session: &StoredSession) -> Self {
        let (round, serial) = round_and_serial(&session.received);
        let first = round_and_serial(&session.signed_in().received);
        let history = &session.refresh_history;
        assert!(
            !history.rejected && history.unrecognized_401s == 0,
            "no host of the model answers like that"
        );
        Self {
            pair: Pair {
                session: session.account.parse().expect("the account is the session's number"),
                serial,
                round,
                refreshes: small(session.sequence.refresh_count.unwrap_or_default().into()),
                first: (first.1, first.0),
            },
            history: History {
                in_flight_or_lost: history.in_flight_or_lost,
                failures: small(history.failures.into()),
                backoff: history
                    .backoff
                    .map(|backoff| (round_and_serial(&backoff.since).0, small(backoff.span.as_secs()))),
            },
        }
    }

    /// This record's session with the pair that a refresh has brought, as the core makes it of the host's answer.
    pub fn refreshed(&self, serial: u8, round: u8) -> Self {
        let received = reading(round, serial);
        Self::of(&self.session().with_tokens(tokens(serial, received.wall), received, None))
    }
}

/// The clocks now, after everything that was received in this round.
pub fn now(round: u8) -> ClockReading {
    reading(round, 99)
}

fn reading(round: u8, serial: u8) -> ClockReading {
    let seconds = u64::from(round) * ROUND + u64::from(serial);
    let wall = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    ClockReading {
        wall: wall.expect("a few minutes after 1970"),
        boot: Some(BootTime { id: 1, elapsed: Duration::from_secs(seconds) }),
    }
}

fn round_and_serial(reading: &ClockReading) -> (u8, u8) {
    let seconds = reading.boot.expect("every reading has a boot time").elapsed.as_secs();
    (small(seconds / ROUND), small(seconds % ROUND))
}

fn small(number: u64) -> u8 {
    u8::try_from(number).expect("small numbers only")
}

fn tokens(serial: u8, issued: Timestamp) -> TokenPair {
    let (text, created_at) = (serial.to_string(), Some(issued));
    TokenPair {
        access: IssuedToken { token: AccessToken::new(text.as_str()), created_at, expires_at: None },
        refresh: IssuedToken { token: RefreshToken::new(text), created_at, expires_at: None },
    }
}

fn refresh_history(history: &History) -> RefreshHistory {
    let backoff = history.backoff.and_then(|(round, seconds)| {
        let span = Duration::from_secs(seconds.into());
        RefreshHistory::default().under_way(&now(round), span).backoff
    });
    RefreshHistory {
        in_flight_or_lost: history.in_flight_or_lost,
        failures: history.failures.into(),
        backoff,
        ..RefreshHistory::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_on_the_way_to_the_core_and_back() {
        let first = Record::new(Pair::of_sign_in(1, 3, 1));
        let second = first.refreshed(5, 2);
        assert_eq!(second.pair, Pair { session: 1, serial: 5, round: 2, refreshes: 1, first: (3, 1) });
        let history = History { in_flight_or_lost: true, failures: 2, backoff: Some((2, 60)) };
        for record in [first, second, Record { history, ..second }] {
            assert_eq!(Record::of(&record.session()), record);
            assert_eq!(record.session().access_token_lifetime(), None);
        }
        assert!(first.session().is_older_than(&second.session()));
    }
}
