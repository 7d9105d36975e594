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
    /// How long the token is valid: from `createdAt`, or else from `host_now` (the time of the answer by the host's clock), to
    /// `expiresAt`. `None` if a date is missing, or if the result is not positive: some hosts send the same date twice, and
    /// their tokens are valid.
    pub fn lifetime(&self, host_now: Option<Timestamp>) -> Option<Duration> {
        let from = self.created_at.or(host_now)?;
        Duration::try_from(self.expires_at?.duration_since(from)).ok().filter(|life| !life.is_zero())
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
