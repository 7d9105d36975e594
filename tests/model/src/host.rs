//! Which tokens live. A token is known by the serial number of its pair.

use crate::setup::HostRules;

/// The most sign-ins in a search.
pub const SESSIONS: usize = 2;

/// A set of pairs, by their serial numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Pairs(u16);

impl Pairs {
    /// Adds one.
    pub fn insert(&mut self, serial: u8) {
        self.0 |= 1 << serial;
    }

    /// Takes one out.
    pub fn remove(&mut self, serial: u8) {
        self.0 &= !(1 << serial);
    }

    /// Whether it is in.
    pub fn contains(self, serial: u8) -> bool {
        self.0 & 1 << serial != 0
    }

    /// Whether none is in.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// All that are in.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0..16).filter(move |serial| self.contains(*serial))
    }
}

/// A host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Host {
    issued: u8,
    /// Which pair was issued to which sign-in.
    of_session: [Pairs; SESSIONS],
    access: Pairs,
    refresh: Pairs,
    /// Spent refresh tokens that are good once more.
    in_grace: Pairs,
}

impl Host {
    /// A sign-in: the serial number of its pair.
    pub fn sign_in(&mut self, session: u8) -> u8 {
        let serial = self.issued;
        self.issued += 1;
        self.of_session[usize::from(session)].insert(serial);
        self.access.insert(serial);
        self.refresh.insert(serial);
        serial
    }

    /// A refresh: the serial number of the new pair, or the documented 401.
    pub fn refresh(&mut self, rules: HostRules, session: u8, serial: u8) -> Option<u8> {
        if !self.refresh.contains(serial) && !self.in_grace.contains(serial) {
            return None;
        }
        self.refresh.remove(serial);
        if rules.grace {
            self.in_grace.insert(serial);
        }
        if !rules.old_access_token_lives_on || rules.revokes_one_pair {
            self.access.remove(serial);
        }
        Some(self.sign_in(session))
    }

    /// A revocation: false if the access token is not good.
    pub fn revoke(&mut self, rules: HostRules, session: u8, serial: u8) -> bool {
        if !self.access.contains(serial) {
            return false;
        }
        let mut all = self.of_session[usize::from(session)];
        if rules.revokes_one_pair {
            all = Pairs::default();
            all.insert(serial);
        }
        for serial in all.iter() {
            self.access.remove(serial);
            self.refresh.remove(serial);
            self.in_grace.remove(serial);
        }
        true
    }

    /// Time has passed: no spent token is good any more.
    pub fn end_grace(&mut self) {
        self.in_grace = Pairs::default();
    }

    /// Whether a token of this pair is good.
    pub fn is_alive(&self, serial: u8) -> bool {
        self.access.contains(serial) || self.refresh.contains(serial)
    }

    /// The pairs of this sign-in of which a token is good.
    pub fn live_pairs(&self, session: u8) -> impl Iterator<Item = u8> {
        self.of_session[usize::from(session)].iter().filter(|serial| self.is_alive(*serial))
    }
}
