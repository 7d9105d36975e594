//! Back-office sign-ins that wait for the mailed code.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use crate::clock::after;
use crate::users::UserId;

/// How many there may be; beyond that the one that expires first goes.
const MOST_OPEN: usize = 10_000;

/// One waiting sign-in; deliberately without `Debug`.
pub(crate) struct Challenge {
    pub(crate) user: UserId,
    pub(crate) sent: String,
    pub(crate) expires: Timestamp,
}

/// All of them, by their 2FA token.
pub(crate) struct Challenges {
    life: Duration,
    open: HashMap<Uuid, Challenge>,
}

impl Challenges {
    pub(crate) fn new(life: Duration) -> Self {
        Self { life, open: HashMap::new() }
    }

    /// Opens one and gives its token and expiry.
    pub(crate) fn start(&mut self, user: UserId, sent: String, now: Timestamp) -> (Uuid, Timestamp) {
        self.open.retain(|_, challenge| challenge.expires > now);
        if self.open.len() >= MOST_OPEN
            && let Some(oldest) =
                self.open.iter().min_by_key(|(_, open)| open.expires).map(|(token, _)| *token)
        {
            self.open.remove(&oldest);
        }
        let (token, expires) = (Uuid::new_v4(), after(now, self.life));
        self.open.insert(token, Challenge { user, sent, expires });
        (token, expires)
    }

    pub(crate) fn get(&self, token: Uuid, now: Timestamp) -> Option<&Challenge> {
        self.open.get(&token).filter(|challenge| challenge.expires > now)
    }

    /// Forgets all and says how many were still alive.
    pub(crate) fn forget(&mut self, now: Timestamp) -> usize {
        self.open.drain().filter(|(_, challenge)| challenge.expires > now).count()
    }

    pub(crate) fn finish(&mut self, token: Uuid) {
        self.open.remove(&token);
    }
}
