//! Which of two records is the newer one. A store can bring back an old record: a folder that was restored or synchronised, a
//! write that came late. An older pair is never taken over, since its refresh token is spent.

use super::StoredSession;
use crate::{ClockReading, Elapsed, Timestamp};
use std::time::Duration;

/// Where a pair stands among all pairs of one account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// How often the tokens have been refreshed since the sign-in. `None` in records of a version that did not count.
    pub refresh_count: Option<u32>,
    /// When the account signed in. `None` as long as the tokens are those of the sign-in.
    pub signed_in: Option<SignInTime>,
}

/// When an account signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignInTime {
    /// By our clocks.
    pub received: ClockReading,
    /// By the host's clock.
    pub host: Option<Timestamp>,
}

/// Two sign-ins of different starts of a machine are told apart if they are further apart than this.
const MARGIN: Duration = Duration::from_secs(120);

impl Default for Sequence {
    /// The tokens of a sign-in.
    fn default() -> Self {
        Self { refresh_count: Some(0), signed_in: None }
    }
}

impl Sequence {
    /// Of a record that says nothing of it.
    pub(super) const UNKNOWN: Self = Self { refresh_count: None, signed_in: None };

    /// The place of the pair that a refresh of `session` brings.
    pub(super) fn after(session: &StoredSession) -> Self {
        Self {
            refresh_count: session.sequence.refresh_count.map(|count| count.saturating_add(1)),
            signed_in: Some(session.signed_in()),
        }
    }
}

impl StoredSession {
    /// When the account signed in.
    pub fn signed_in(&self) -> SignInTime {
        let own =
            || SignInTime { received: self.received, host: self.tokens.access.created_at.or(self.host_now) };
        self.sequence.signed_in.unwrap_or_else(own)
    }

    /// True if this pair is known to be older than that one of the same sign-in: by the time since boot, where both came to this
    /// machine since it was started; then by the count of refreshes, by the host's dates, and by the wall clock.
    ///
    /// The time since boot comes first, since there can be two lines of pairs: an older one was brought back, and the host has
    /// refreshed that too. The pair that came last is then the one to go on with, whatever its count.
    #[must_use]
    pub fn is_older_than(&self, other: &Self) -> bool {
        let counts = (self.sequence.refresh_count, other.sequence.refresh_count);
        let issued = |session: &Self| session.tokens.access.created_at;
        let since_start = same_start(self.received, other.received);
        match (since_start, counts, issued(self), issued(other)) {
            _ if self.has_same_pair(other) => false,
            (Some((ours, theirs)), ..) if ours.as_millis() != theirs.as_millis() => ours < theirs,
            (_, (Some(ours), Some(theirs)), _, _) if ours != theirs => ours < theirs,
            (_, _, Some(ours), Some(theirs)) if ours != theirs => ours < theirs,
            _ => match other.received.since(&self.received) {
                Elapsed::Certain(later) | Elapsed::Likely(later) => !later.is_zero(),
                Elapsed::Unknown => false,
            },
        }
    }

    /// True if the sign-in of this session is known to be older than the sign-in of that one: by the time since boot, or, of
    /// different starts or machines, if the host's dates and our wall clocks agree by a margin. Neither is believed alone: a clock may
    /// have been set, and hosts of a cluster differ.
    #[must_use]
    pub fn is_earlier_sign_in_than(&self, other: &Self) -> bool {
        let (ours, theirs) = (self.signed_in(), other.signed_in());
        let clearly_before = |a: Timestamp, b: Timestamp| {
            Duration::try_from(b.duration_since(a)).is_ok_and(|later| later > MARGIN)
        };
        match (same_start(ours.received, theirs.received), ours.host, theirs.host) {
            (Some((ours, theirs)), _, _) => ours < theirs,
            (None, Some(by_host), Some(their_host)) => {
                clearly_before(by_host, their_host)
                    && clearly_before(ours.received.wall, theirs.received.wall)
            }
            _ => false,
        }
    }
}

/// The times since boot of two readings, if they are of the same start of the machine.
fn same_start(a: ClockReading, b: ClockReading) -> Option<(Duration, Duration)> {
    match (a.boot, b.boot) {
        (Some(a), Some(b)) if a.id == b.id => Some((a.elapsed, b.elapsed)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        BootTime, Cookies, IssuedToken, Office, TokenPair, secret::AccessToken, secret::RefreshToken,
        session::RefreshHistory,
    };

    fn reading(wall: i64, boot: Option<u64>) -> ClockReading {
        let boot = boot.map(|elapsed| BootTime { id: 1, elapsed: Duration::from_secs(elapsed) });
        ClockReading { wall: Timestamp::from_second(wall).unwrap(), boot }
    }

    fn session(created: Option<i64>, received: ClockReading) -> StoredSession {
        let created_at = created.map(|at| Timestamp::from_second(at).unwrap());
        let token = format!("{created:?}{received:?}");
        StoredSession {
            office: Office::Front,
            account: "ann@example.com".into(),
            client_id: None,
            tokens: TokenPair {
                access: IssuedToken { token: AccessToken::new(token.as_str()), created_at, expires_at: None },
                refresh: IssuedToken { token: RefreshToken::new(token), created_at, expires_at: None },
            },
            received,
            host_now: None,
            refresh_history: RefreshHistory::default(),
            sequence: Sequence::default(),
            cookies: Cookies::default(),
            signing_out: false,
        }
    }

    #[test]
    fn the_count_of_refreshes_comes_before_any_date() {
        let old = session(Some(100), reading(1000, None));
        // The host's next answer came from a machine that is a little behind, and our clock was set back.
        let next = session(Some(98), reading(900, None));
        let new = old.with_tokens(next.tokens, next.received, None);
        assert_eq!(new.sequence.refresh_count, Some(1));
        assert!(old.is_older_than(&new) && !new.is_older_than(&old));
        assert!(!new.is_older_than(&new.clone()));
    }

    #[test]
    fn of_two_lines_the_pair_that_came_last_is_the_newer_one() {
        let came = |seconds| session(None, reading(1000, Some(seconds)));
        let old = came(1);
        let refresh = |of: &StoredSession, seconds| {
            let next = came(seconds);
            of.with_tokens(next.tokens, next.received, None)
        };
        // The first line has been refreshed twice; then the old pair was brought back, and refreshed once.
        let first = refresh(&refresh(&old, 2), 3);
        let second = refresh(&old, 4);
        assert!(first.sequence.refresh_count > second.sequence.refresh_count);
        assert!(first.is_older_than(&second) && !second.is_older_than(&first));
    }

    #[test]
    fn a_record_that_does_not_count_goes_by_the_dates() {
        let counted = session(Some(100), reading(1, None));
        let counted =
            counted.with_tokens(session(Some(200), reading(2, None)).tokens, reading(2, None), None);
        let without = StoredSession { sequence: Sequence::UNKNOWN, ..session(Some(300), reading(3, None)) };
        assert!(counted.is_older_than(&without) && !without.is_older_than(&counted));
    }

    #[test]
    fn without_a_count_the_dates_tell() {
        let by_host = (session(Some(100), reading(5, None)), session(Some(101), reading(4, None)));
        assert!(by_host.0.is_older_than(&by_host.1) && !by_host.1.is_older_than(&by_host.0));
        let by_us = (session(None, reading(10, None)), session(None, reading(11, None)));
        assert!(by_us.0.is_older_than(&by_us.1) && !by_us.1.is_older_than(&by_us.0));
    }

    #[test]
    fn an_earlier_sign_in_is_known_by_the_boot_clock_or_by_the_host() {
        let earlier = |a: &StoredSession, b: &StoredSession| a.is_earlier_sign_in_than(b);
        let (first, second) = (session(None, reading(500, Some(10))), session(None, reading(100, Some(20))));
        assert!(earlier(&first, &second) && !earlier(&second, &first), "the wall clock was set back");
        let refreshed = first.with_tokens(second.tokens.clone(), reading(900, Some(90)), None);
        assert!(earlier(&refreshed, &second), "a refresh does not make it another sign-in");
        let (first, second) = (session(Some(1), reading(1, None)), session(Some(500), reading(500, None)));
        assert!(earlier(&first, &second) && !earlier(&second, &first));
        let (first, second) = (session(Some(1), reading(9, None)), session(Some(500), reading(8, None)));
        assert!(!earlier(&first, &second), "our clock says otherwise");
        let (first, second) = (session(Some(1), reading(1, None)), session(Some(60), reading(60, None)));
        assert!(!earlier(&first, &second), "hosts of a cluster may differ by as much");
        let (first, second) = (session(None, reading(1, None)), session(None, reading(2, None)));
        assert!(!earlier(&first, &second), "by the wall clock alone nobody knows");
    }
}
