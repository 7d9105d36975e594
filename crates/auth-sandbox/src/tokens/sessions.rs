//! The server's memory of which tokens are good: families of pairs, each pair replacing the one before.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use ring::digest::{SHA256, digest};

use super::{Pair, Token};
use crate::clock::after;
use crate::users::{Office, UserId};

/// What a token is good for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Access,
    Refresh,
}

/// Everything that came from one sign-in.
struct Family {
    office: Office,
    user: UserId,
    revoked: bool,
}

struct Issued {
    family: usize,
    good_for: Use,
    expires: Timestamp,
    /// When a refresh token was replaced, or an access token rejected.
    spent: Option<Timestamp>,
}

/// The token is unknown, of the other office or kind, expired, spent or revoked.
#[derive(Debug)]
pub(crate) struct NoGood;

/// All tokens ever issued, by their digest.
#[derive(Default)]
pub(crate) struct Sessions {
    families: Vec<Family>,
    tokens: HashMap<[u8; 32], Issued>,
}

impl Sessions {
    /// Remembers the first pair of a new sign-in.
    pub(crate) fn open(&mut self, office: Office, user: UserId, pair: &Pair) {
        self.families.push(Family { office, user, revoked: false });
        self.remember(self.families.len() - 1, pair);
    }

    /// Whose refresh token this is, whether or not it is still good.
    pub(crate) fn owner(&self, office: Office, refresh: &str) -> Option<UserId> {
        let issued = self.tokens.get(&key(refresh)).filter(|issued| issued.good_for == Use::Refresh)?;
        Some(&self.families[issued.family]).filter(|family| family.office == office).map(|family| family.user)
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
        let family = &mut self.families[issued.family];
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
        let family = &self.families[issued.family];
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
        let family = &self.families[issued.family];
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
        if let Some(issued) = self.tokens.get(&key(access)) {
            self.families[issued.family].revoked = true;
        }
        Ok(())
    }

    /// Ends all sessions of these users and says how many of them had a good token.
    pub(crate) fn end(&mut self, users: &[UserId], now: Timestamp) -> usize {
        let before = self.alive(now);
        for family in &mut self.families {
            family.revoked |= users.contains(&family.user);
        }
        before - self.alive(now)
    }

    /// Spends the access tokens of these users and says how many of them were good. Their refresh tokens stay as they are.
    pub(crate) fn reject_access(&mut self, users: &[UserId], now: Timestamp) -> usize {
        let families = &self.families;
        let theirs = |issued: &&mut Issued| {
            let family = &families[issued.family];
            issued.good_for == Use::Access && !family.revoked && users.contains(&family.user)
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
        let mut alive: Vec<usize> = self
            .tokens
            .values()
            .filter(|issued| issued.expires > now && issued.spent.is_none())
            .map(|issued| issued.family)
            .filter(|&family| !self.families[family].revoked)
            .collect();
        alive.sort_unstable();
        alive.dedup();
        alive.len()
    }

    fn remember(&mut self, family: usize, pair: &Pair) {
        self.remember_token(family, &pair.access, Use::Access);
        self.remember_token(family, &pair.refresh, Use::Refresh);
    }

    fn remember_token(&mut self, family: usize, token: &Token, good_for: Use) {
        let issued = Issued { family, good_for, expires: token.expires, spent: None };
        self.tokens.insert(key(&token.text), issued);
    }
}

fn key(token: &str) -> [u8; 32] {
    let mut key = [0; 32];
    key.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    key
}
