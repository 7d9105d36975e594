//! The server's memory of which tokens are good: families of pairs, each pair replacing the one before.

mod kept;

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;
use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};

use super::{Pair, Token};

use crate::clock::after;
use crate::users::{Office, UserId};

pub(crate) use kept::KeptSessions;

/// How many tokens are remembered; beyond that the oldest are unknown.
const MOST_TOKENS: usize = 200_000;

/// What a token is good for.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Use {
    Access,
    Refresh,
}

/// Everything that came from one sign-in.
struct Family {
    office: Office,
    user: UserId,
    revoked: bool,
    /// How many of its tokens are remembered; with the last one it goes.
    tokens: usize,
}

struct Issued {
    family: u64,
    good_for: Use,
    expires: Timestamp,
    /// When a refresh token was replaced, or an access token rejected.
    spent: Option<Timestamp>,
}

/// The token is unknown, of the other office or kind, expired, spent or revoked.
#[derive(Debug)]
pub(crate) struct NoGood;

/// All tokens that were issued, by their digest, but for the oldest of very many.
#[derive(Default)]
pub(crate) struct Sessions {
    families: HashMap<u64, Family>,
    tokens: HashMap<[u8; 32], Issued>,
    /// The tokens' digests, oldest first.
    order: VecDeque<[u8; 32]>,
    opened: u64,
}

impl Sessions {
    /// Remembers the first pair of a new sign-in.
    pub(crate) fn open(&mut self, office: Office, user: UserId, pair: &Pair) {
        self.opened += 1;
        self.families.insert(self.opened, Family { office, user, revoked: false, tokens: 0 });
        self.remember(self.opened, pair);
    }

    /// Whose refresh token this is, whether or not it is still good.
    pub(crate) fn owner(&self, office: Office, refresh: &str) -> Option<UserId> {
        let issued = self.tokens.get(&key(refresh)).filter(|issued| issued.good_for == Use::Refresh)?;
        self.families.get(&issued.family).filter(|family| family.office == office).map(|family| family.user)
    }

    /// Replaces a refresh token's pair by `next`. A token that was spent longer ago than `grace` ends its whole family: one
    /// of the two who presented it has stolen it.
    pub(crate) fn rotate(
        &mut self,
        office: Office,
        refresh: &str,
        next: &Pair,
        now: Timestamp,
        grace: Duration,
    ) -> Result<(), NoGood> {
        let issued = self.tokens.get_mut(&key(refresh)).ok_or(NoGood)?;
        let family = self.families.get_mut(&issued.family).ok_or(NoGood)?;
        if issued.good_for != Use::Refresh || family.office != office || family.revoked {
            return Err(NoGood);
        }
        if issued.spent.is_some_and(|spent| grace.is_zero() || now >= after(spent, grace)) {
            family.revoked = true;
            return Err(NoGood);
        }
        if issued.expires <= now {
            return Err(NoGood);
        }
        issued.spent.get_or_insert(now);
        let family = issued.family;
        self.remember(family, next);
        Ok(())
    }

    /// Adds the access token of `next` to a session whose refresh token stays in use.
    pub(crate) fn extend(
        &mut self,
        office: Office,
        refresh: &str,
        next: &Pair,
        now: Timestamp,
    ) -> Result<(), NoGood> {
        let issued = self.tokens.get(&key(refresh)).ok_or(NoGood)?;
        let family = self.families.get(&issued.family).ok_or(NoGood)?;
        let good = issued.good_for == Use::Refresh && family.office == office && !family.revoked;
        if !good || issued.spent.is_some() || issued.expires <= now {
            return Err(NoGood);
        }
        let family = issued.family;
        self.remember_token(family, &next.access, Use::Access);
        Ok(())
    }

    /// Who a good access token of this office belongs to.
    pub(crate) fn bearer(&self, office: Office, access: &str, now: Timestamp) -> Result<UserId, NoGood> {
        let issued = self.tokens.get(&key(access)).ok_or(NoGood)?;
        let family = self.families.get(&issued.family).ok_or(NoGood)?;
        let good = issued.good_for == Use::Access
            && issued.expires > now
            && issued.spent.is_none()
            && family.office == office
            && !family.revoked;
        if good { Ok(family.user) } else { Err(NoGood) }
    }

    /// Ends the session of a good access token: its whole family is revoked.
    pub(crate) fn close(&mut self, office: Office, access: &str, now: Timestamp) -> Result<(), NoGood> {
        self.bearer(office, access, now)?;
        let family = self.tokens.get(&key(access)).and_then(|issued| self.families.get_mut(&issued.family));
        if let Some(family) = family {
            family.revoked = true;
        }
        Ok(())
    }

    /// Ends all sessions of these users and says how many of them had a good token.
    pub(crate) fn end(&mut self, users: &[UserId], now: Timestamp) -> usize {
        let before = self.alive(now);
        for family in self.families.values_mut() {
            family.revoked |= users.contains(&family.user);
        }
        before - self.alive(now)
    }

    /// Spends the access tokens of these users and says how many of them were good. Their refresh tokens stay as they are.
    pub(crate) fn reject_access(&mut self, users: &[UserId], now: Timestamp) -> usize {
        let families = &self.families;
        let theirs = |issued: &&mut Issued| {
            let is_theirs = |family: &Family| !family.revoked && users.contains(&family.user);
            issued.good_for == Use::Access && families.get(&issued.family).is_some_and(is_theirs)
        };
        let mut rejected = 0;
        for issued in self.tokens.values_mut().filter(theirs) {
            if issued.spent.replace(now).is_none() && issued.expires > now {
                rejected += 1;
            }
        }
        rejected
    }

    /// How many sign-ins still have a token that is good: an access token, or a refresh token that was not spent.
    pub(crate) fn alive(&self, now: Timestamp) -> usize {
        let mut alive: Vec<u64> = self
            .tokens
            .values()
            .filter(|issued| issued.expires > now && issued.spent.is_none())
            .map(|issued| issued.family)
            .filter(|family| self.families.get(family).is_some_and(|family| !family.revoked))
            .collect();
        alive.sort_unstable();
        alive.dedup();
        alive.len()
    }

    fn remember(&mut self, family: u64, pair: &Pair) {
        self.remember_token(family, &pair.access, Use::Access);
        self.remember_token(family, &pair.refresh, Use::Refresh);
    }

    fn remember_token(&mut self, family: u64, token: &Token, good_for: Use) {
        self.add(key(&token.text), Issued { family, good_for, expires: token.expires, spent: None });
    }

    fn add(&mut self, key: [u8; 32], issued: Issued) {
        if self.order.len() >= MOST_TOKENS {
            self.forget_oldest();
        }
        let family = issued.family;
        if self.tokens.insert(key, issued).is_none() {
            self.order.push_back(key);
            self.families.entry(family).and_modify(|family| family.tokens += 1);
        }
    }

    fn forget_oldest(&mut self) {
        let Some(issued) = self.order.pop_front().and_then(|key| self.tokens.remove(&key)) else { return };
        if let Some(family) = self.families.get_mut(&issued.family) {
            family.tokens -= 1;
            if family.tokens == 0 {
                self.families.remove(&issued.family);
            }
        }
    }
}

fn key(token: &str) -> [u8; 32] {
    let mut key = [0; 32];
    key.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::users::Users;

    #[test]
    fn a_flood_pushes_out_the_oldest_session_only() {
        let users = Users::built_in().unwrap();
        let user = users.find(Office::Front, "plain@example.com").unwrap();
        let expires = Timestamp::MAX;
        let pair = |number: usize| {
            let token =
                |kind| Token { text: format!("{kind}{number}"), created: Timestamp::UNIX_EPOCH, expires };
            Pair { access: token("access"), refresh: token("refresh") }
        };
        let mut sessions = Sessions::default();
        for number in 0..=MOST_TOKENS / 2 {
            sessions.open(Office::Front, user, &pair(number));
        }
        let now = Timestamp::UNIX_EPOCH;
        assert!(sessions.bearer(Office::Front, "access0", now).is_err());
        assert!(sessions.owner(Office::Front, "refresh0").is_none());
        assert!(sessions.bearer(Office::Front, "access1", now).is_ok());
        assert_eq!((sessions.tokens.len(), sessions.families.len()), (MOST_TOKENS, MOST_TOKENS / 2));
        assert_eq!(sessions.order.len(), MOST_TOKENS);
    }
}
