//! What a sign-in is for: the pair of tokens.

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
    /// How long the token lives, if the host said so. A life of nothing or less is no life told: hosts and samples
    /// exist that print the same moment twice, and a token that is fresh from the host is used.
    pub fn lifetime(&self, host_now: Option<Timestamp>) -> Option<Duration> {
        let from = self.created_at.or(host_now)?;
        Duration::try_from(self.expires_at?.duration_since(from)).ok().filter(|life| !life.is_zero())
    }
}

/// A complete pair. There is no half of it: an answer with one token is no sign-in.
#[derive(Clone, Debug)]
pub struct TokenPair {
    /// The token for API calls.
    pub access: IssuedToken<AccessToken>,
    /// The token for the next pair.
    pub refresh: IssuedToken<RefreshToken>,
}
