//! The sign-in of the next user: `session/new_session.rs` of `auth-client`.

use crate::{
    process::ProcessId,
    record::{Pair, Record},
    setup::Setup,
    store::Patience,
    world::World,
};
use auth_core::ports::WriteCondition;

impl World {
    /// Mirrors `keep_new_session`. It waits for the lock, but goes on without it; so the lock makes no difference for what is saved.
    /// Where the store does not answer, the caller gets an error, and nobody has the pair.
    pub fn sign_in(&mut self, setup: &Setup, by: ProcessId, session: u8) {
        let rules = setup.rules();
        // Whoever signs in takes the place of who was signed in before.
        self.outside.over[..usize::from(session)].fill(true);
        let serial = self.host.sign_in(session);
        let record = Record::new(Pair::of_sign_in(session, serial, self.round));
        if self.save(rules, by, record, WriteCondition::Unconditional, Patience::Waits).is_ok() {
            self.publish(by, record, false);
        }
    }
}
