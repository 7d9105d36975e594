//! When a token is lent, when it is renewed, and what an attempt to renew it means. Facts in, action out: nothing here
//! asks a clock, a store or a host.

use super::{RefreshOutcome, SessionError, StoredSession, standing::Standing};
use crate::{CallError, Elapsed, Moment, ServerText};
use std::time::Duration;

/// The rules, and the chance that keeps many clients apart.
#[derive(Clone, Copy, Debug, Default)]
pub struct SessionPolicy {
    /// From 0 to 1, drawn anew for each pair of tokens.
    pub jitter: f64,
}

/// What can be done with an access token now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lend {
    /// It is good for so long before it should be renewed.
    Serve(Duration),
    /// It is still good for so long; a renewal should begin meanwhile.
    ServeAndRenew(Duration),
    /// It has to be renewed first. With `doubtful`, nobody knows whether it is over, since the clock was set back: it may
    /// be tried if no renewal can be had.
    RenewFirst {
        /// Nobody knows.
        doubtful: bool,
    },
}

/// Who wants a renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// Nobody yet: the token is about to end.
    Ahead,
    /// Somebody who needs a token.
    Needed,
    /// Somebody who asked for just this, or whom a host refused the token.
    ByName,
}

/// What an attempt to renew came to.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The record to keep from now on; none means that it is to be removed.
    pub keep: Option<StoredSession>,
    /// What to tell whoever waits.
    pub result: Result<(), SessionError>,
}

/// No token is renewed earlier than this before its end, jitter aside.
const MOST_LEEWAY: Duration = Duration::from_secs(60);
/// A token younger than this that is refused is refused for another reason than its age.
const JUST_COME: Duration = Duration::from_secs(30);
/// So many failures in a row are forgiven to somebody who needs a token before the rests count for them too.
const FORGIVEN: u32 = 2;
/// A 401 that is not in the host's own form may be a proxy's, once.
const BARE_401S: u32 = 2;

impl SessionPolicy {
    /// Whether the access token can be used now. A token fresh from the host is, however short its life; one without a life
    /// is used until the host says no.
    pub fn lend(&self, session: &StoredSession, now: &Moment) -> Lend {
        let Standing { asked, refused, rest, .. } = &session.standing;
        let may_ask = !refused && rest.is_none_or(|rest| rest.left(now).is_none());
        // A refresh whose answer was lost is made up for at once: a host may forgive that for a short time only.
        let make_up = *asked && may_ask;
        let elapsed = now.since(&session.received);
        // No renewal can be had with a refresh token that is over.
        let past = session.refresh_life().is_some_and(|life| elapsed.certainly_past(life));
        let (may_ask, make_up) = (may_ask && !past, make_up && !past);
        let Some(life) = session.access_life() else {
            return if make_up { Lend::ServeAndRenew(Duration::MAX) } else { Lend::Serve(Duration::MAX) };
        };
        if elapsed == Elapsed::Unknown {
            return Lend::RenewFirst { doubtful: true };
        }
        let left = elapsed.left_of(life);
        // A refresh token that ends before the access token has to be used before its own end.
        let renewable = session.refresh_life().map_or(life, |refresh| refresh.min(life));
        let (due, leeway) = (elapsed.left_of(renewable), self.leeway(renewable));
        match left {
            Duration::ZERO => Lend::RenewFirst { doubtful: false },
            left if make_up => Lend::ServeAndRenew(left),
            _ if due > leeway => Lend::Serve(due - leeway),
            left if may_ask => Lend::ServeAndRenew(left),
            left => Lend::Serve(left),
        }
    }

    /// Whether the access token has at least this much time left, as far as its life allows: nine tenths of it count as
    /// enough, since no renewal could bring much more.
    pub fn lasts(&self, session: &StoredSession, now: &Moment, at_least: Duration) -> bool {
        let Some(life) = session.access_life() else { return true };
        match now.since(&session.received) {
            Elapsed::Unknown => false,
            elapsed => elapsed.left_of(life) >= at_least.min(life.mul_f64(0.9)),
        }
    }

    /// Whether the access token is known to be good for some more time.
    pub fn has_time_left(&self, session: &StoredSession, now: &Moment) -> bool {
        session.access_life().is_some_and(|life| !now.since(&session.received).left_of(life).is_zero())
    }

    /// True for half a minute after the pair came, or a tenth of the access token's life if that is less.
    pub fn has_just_come(&self, session: &StoredSession, now: &Moment) -> bool {
        let span = session.access_life().map_or(JUST_COME, |life| (life / 10).min(JUST_COME));
        match now.since(&session.received) {
            Elapsed::Unknown => false,
            elapsed => !elapsed.left_of(span).is_zero(),
        }
    }

    /// A tenth of the token's life, up to a minute, and by chance up to twice that.
    fn leeway(&self, life: Duration) -> Duration {
        (life / 10).min(MOST_LEEWAY).mul_f64(1.0 + self.jitter.clamp(0.0, 1.0))
    }

    /// Whether the host may be asked, and the record to keep before it is: with the intent in it, so that a process that
    /// dies now leaves word.
    ///
    /// # Errors
    /// [`SessionError::Ended`] if the refresh token is past its time for certain; where only the wall clock says so the
    /// host is asked, since the clock may have been set. [`SessionError::NeedsSignIn`] and [`SessionError::Resting`]
    /// while the host's last word stands.
    pub fn before(
        &self,
        stored: &StoredSession,
        wanted: Wanted,
        now: &Moment,
    ) -> Result<StoredSession, SessionError> {
        let past = |life: Duration| now.since(&stored.received).certainly_past(life);
        if stored.refresh_life().is_some_and(past) {
            return Err(SessionError::Ended);
        }
        if stored.standing.refused && wanted != Wanted::ByName {
            return Err(SessionError::NeedsSignIn { said: ServerText::default() });
        }
        let heeded = |told: bool| match wanted {
            Wanted::Ahead => true,
            Wanted::Needed => told || stored.standing.failures > FORGIVEN,
            Wanted::ByName => told,
        };
        if let Some(rest) = stored.standing.rest
            && heeded(rest.told)
            && let Some(left) = rest.left(now)
        {
            return Err(SessionError::Resting { retry_after: left });
        }
        let standing = Standing { asked: true, ..stored.standing.clone() };
        Ok(StoredSession { standing, ..stored.clone() })
    }

    /// What the outcome of an attempt means. `stored` is the record as it was before the attempt.
    pub fn after(&self, stored: &StoredSession, outcome: RefreshOutcome, now: &Moment) -> Settled {
        let with = |standing: Standing| Some(StoredSession { standing, ..stored.clone() });
        // The host was heard, so whatever happened to an earlier attempt is settled.
        let clear = Standing::default();
        match outcome {
            RefreshOutcome::Renewed(session) => Settled { keep: Some(*session), result: Ok(()) },
            RefreshOutcome::Ended => Settled { keep: None, result: Err(SessionError::Ended) },
            RefreshOutcome::Refused { said } => Settled {
                keep: with(Standing { refused: true, ..clear }),
                result: Err(SessionError::NeedsSignIn { said }),
            },
            RefreshOutcome::Bare401 => {
                let bare_401s = stored.standing.bare_401s + 1;
                if bare_401s >= BARE_401S {
                    let said = ServerText::default();
                    return Settled {
                        keep: with(Standing { refused: true, bare_401s, ..clear }),
                        result: Err(SessionError::NeedsSignIn { said }),
                    };
                }
                let standing = stored.standing.after_failure(now, None, self.jitter);
                let error = CallError::NotB2Core { what: "a 401 that is not in its form", status: 401 };
                Settled {
                    keep: with(Standing { bare_401s, asked: true, ..standing }),
                    result: Err(error.into()),
                }
            }
            RefreshOutcome::Kept { error, never_sent } => {
                let standing = match &error {
                    // The log of attempts remembers the block.
                    CallError::LockedOut(_) => stored.standing.clone(),
                    // It costs the host nothing, and the network may be back at any moment.
                    _ if never_sent => stored.standing.clone(),
                    CallError::HostFailed { retry_after, .. } => {
                        let after = stored.standing.after_failure(now, *retry_after, self.jitter);
                        Standing { asked: true, ..after }
                    }
                    _ => Standing { asked: true, ..stored.standing.after_failure(now, None, self.jitter) },
                };
                Settled { keep: with(standing), result: Err(error.into()) }
            }
        }
    }
}

#[cfg(test)]
mod tests;
