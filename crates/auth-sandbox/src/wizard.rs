//! Sign-ins in progress: one uuid each, with the step it has reached and the time it dies.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use crate::clock::after;
use crate::dialect::UuidPolicy;
use crate::users::{Method, UserId};

/// How far a front-office sign-in has come; codes make this deliberately without `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// E-mail and password are awaited.
    Credentials,
    /// One of the second factors has to be chosen.
    Choose { user: UserId },
    /// A code of this method is awaited; for SMS the code that was sent.
    Code { user: UserId, method: Method, sent: Option<String> },
    /// The mailed code of a forced reset is awaited.
    ResetCode { user: UserId, sent: String },
    /// The new password of a forced reset is awaited.
    NewPassword { user: UserId },
    /// The host said a workflow that it does not serve.
    DeadEnd,
}

/// How many there may be; beyond that the one that dies first goes.
const MOST_OPEN: usize = 10_000;

struct Wizard {
    step: Step,
    expires: Timestamp,
}

/// The uuid is unknown, finished or expired.
#[derive(Debug)]
pub(crate) struct Gone;

/// All sign-ins in progress.
pub(crate) struct Wizards {
    life: Duration,
    open: HashMap<Uuid, Wizard>,
}

impl Wizards {
    pub(crate) fn new(life: Duration) -> Self {
        Self { life, open: HashMap::new() }
    }

    pub(crate) fn start(&mut self, now: Timestamp) -> Uuid {
        self.open.retain(|_, wizard| wizard.expires > now);
        if self.open.len() >= MOST_OPEN
            && let Some(oldest) =
                self.open.iter().min_by_key(|(_, wizard)| wizard.expires).map(|(uuid, _)| *uuid)
        {
            self.open.remove(&oldest);
        }
        let uuid = Uuid::new_v4();
        self.open.insert(uuid, Wizard { step: Step::Credentials, expires: after(now, self.life) });
        uuid
    }

    pub(crate) fn step(&self, uuid: Uuid, now: Timestamp) -> Result<&Step, Gone> {
        self.open.get(&uuid).filter(|wizard| wizard.expires > now).map(|wizard| &wizard.step).ok_or(Gone)
    }

    /// Moves a sign-in on and gives the uuid for the answer: the same one, or under [`UuidPolicy::Rotate`] a new one.
    pub(crate) fn advance(&mut self, uuid: Uuid, step: Step, policy: UuidPolicy) -> Uuid {
        let Some(mut wizard) = self.open.remove(&uuid) else { return uuid };
        wizard.step = step;
        let next = next_uuid(uuid, policy);
        self.open.insert(next, wizard);
        next
    }

    /// Forgets all and says how many were still alive.
    pub(crate) fn forget(&mut self, now: Timestamp) -> usize {
        self.open.drain().filter(|(_, wizard)| wizard.expires > now).count()
    }

    /// Ends a sign-in and gives the uuid for its last answer.
    pub(crate) fn finish(&mut self, uuid: Uuid, policy: UuidPolicy) -> Uuid {
        self.open.remove(&uuid);
        next_uuid(uuid, policy)
    }
}

fn next_uuid(uuid: Uuid, policy: UuidPolicy) -> Uuid {
    match policy {
        UuidPolicy::Keep => uuid,
        UuidPolicy::Rotate => Uuid::new_v4(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_pushes_out_the_oldest_only() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut wizards = Wizards::new(Duration::from_secs(3600));
        let [first, second] = [0, 1].map(|second| wizards.start(at(second)));
        for _ in 1..MOST_OPEN {
            wizards.start(at(2));
        }
        assert!(wizards.step(first, at(3)).is_err() && wizards.step(second, at(3)).is_ok());
        assert_eq!(wizards.open.len(), MOST_OPEN);
    }
}
