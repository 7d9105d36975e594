//! The pair of tokens that a sign-in or a refresh issues.

use crate::{
    Timestamp,
    secret::{AccessToken, RefreshToken},
};
use std::time::Duration;

/// A token with the dates that the host gave it, by the host's own clock.
#[derive(Clone, Debug)]
pub struct IssuedToken<T> {
    /// The token.
    pub token: T,
    /// `createdAt`
    pub created_at: Option<Timestamp>,
    /// `expiresAt`
    pub expires_at: Option<Timestamp>,
}

impl<T> IssuedToken<T> {
    /// How long the token is valid from its receipt on: up to `expiresAt`, from `host_now` (the time of the answer by the host's
    /// clock) or from `createdAt`, whichever is later, since a host may give out a token that it issued before. A `host_now` at or
    /// after the end is another clock's. `None` if a date is missing, or if the result is not positive: some hosts send the same
    /// date twice, and their tokens are valid.
    pub fn lifetime(&self, host_now: Option<Timestamp>) -> Option<Duration> {
        let until = self.expires_at?;
        let answered = host_now.filter(|now| self.created_at.is_none() || *now < until);
        let from = self.created_at.max(answered)?;
        Duration::try_from(until.duration_since(from)).ok().filter(|life| !life.is_zero())
    }
}

/// A complete pair. An answer with only one token is not a sign-in.
#[derive(Clone, Debug)]
pub struct TokenPair {
    /// The token for API calls.
    pub access: IssuedToken<AccessToken>,
    /// The token that is exchanged for the next pair.
    pub refresh: IssuedToken<RefreshToken>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_was_issued_before_lives_as_long_as_is_left() {
        let at = |minute: u32| -> Timestamp { format!("2026-01-01T00:{minute:02}:00Z").parse().unwrap() };
        let token = IssuedToken { token: (), created_at: Some(at(0)), expires_at: Some(at(15)) };
        let minutes = |host_now| token.lifetime(host_now).map(|life| life.as_secs() / 60);
        assert_eq!(minutes(None), Some(15));
        assert_eq!(minutes(Some(at(9))), Some(6));
        // The clock of the `Date` header is behind, or another one.
        assert_eq!(
            (minutes(Some(at(0))), minutes(Some(at(15))), minutes(Some(at(40)))),
            (Some(15), Some(15), Some(15))
        );
        let undated = IssuedToken { created_at: None, ..token };
        assert_eq!(undated.lifetime(Some(at(9))), Some(Duration::from_secs(360)));
        assert_eq!((undated.lifetime(Some(at(15))), undated.lifetime(None)), (None, None));
    }
}
