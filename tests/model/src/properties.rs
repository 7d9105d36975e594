//! What must hold in each state, and what must be reached.

use crate::{attempt::Refresh, setup::Setup, world::World};
use stateright::{Expectation, Property};

/// No session ends in a process without the host's word about the newest pair that whoever could know was given.
pub const NO_SESSION_IS_LOST: &str = "no session is lost";
/// A session that was reported as revoked has no live token.
pub const REVOKED_IS_REVOKED: &str = "what was reported as revoked is revoked";
/// A revocation stays in the list until the host has ended the pair, or it is reported as given up.
pub const NO_REVOCATION_IS_DROPPED: &str = "no revocation is dropped unsaid";
/// A session that was signed out or ended in a process is in use there no more, and no write of its own brings it back.
pub const SIGNED_OUT_STAYS_SIGNED_OUT: &str = "what was signed out stays signed out";
/// One session's end or sign-out leaves the other one alone.
pub const NEXT_SESSION_IS_LEFT_ALONE: &str = "the next session is left alone";

/// A refresh brings a pair of a session that was signed out meanwhile.
pub const A_LATE_PAIR_IS_REVOKED: &str = "a late pair waits to be revoked beside the first one";
/// A process has a pair that the store does not have.
pub const A_PAIR_IS_UNSAVED: &str = "a pair is unsaved";
/// The next user is signed in while the last one's refresh is under way.
pub const A_REFRESH_OUTLIVES_ITS_SESSION: &str = "a refresh outlives its session";
/// A sign-out is reported to be complete.
pub const A_SIGN_OUT_IS_REPORTED: &str = "a sign-out is reported";
/// A session is ended by the host's word.
pub const A_SESSION_ENDS: &str = "a session ends";

/// Whether every property that must always hold does. A search goes no further where one does not.
pub fn holds(setup: &Setup, world: &World) -> bool {
    all().iter().filter(|p| p.expectation == Expectation::Always).all(|p| (p.condition)(setup, world))
}

/// All of them. What must be reached depends on what may happen.
pub fn all() -> Vec<Property<Setup>> {
    vec![
        Property::always(NO_SESSION_IS_LOST, |_, world: &World| !world.outside.lost),
        Property::always(REVOKED_IS_REVOKED, |_, world: &World| {
            // A record that is brought back can be refreshed by a process that does not know of the sign-out.
            let is_alive = |session| world.host.live_pairs(session).next().is_some();
            let mut reported = (0..).zip(world.outside.reported);
            world.outside.was_restored || reported.all(|(session, told)| !told || !is_alive(session))
        }),
        Property::always(NO_REVOCATION_IS_DROPPED, |_, world: &World| {
            world.outside.owed.iter().all(|serial| {
                !world.host.is_alive(serial)
                    || world.store.list.iter().any(|entry| entry.pair.serial == serial)
            })
        }),
        Property::always(SIGNED_OUT_STAYS_SIGNED_OUT, |_, world: &World| {
            let is_ended = |process: &crate::process::Process| {
                process.active.is_some_and(|active| process.ended[usize::from(active.record.pair.session)])
            };
            !world.outside.brought_back && !world.processes.iter().any(is_ended)
        }),
        Property::always(NEXT_SESSION_IS_LEFT_ALONE, |_, world: &World| !world.outside.took_another),
        Property::sometimes(A_LATE_PAIR_IS_REVOKED, |_, world: &World| world.store.list.len() > 1),
        Property::sometimes(A_PAIR_IS_UNSAVED, |_, world: &World| {
            world.processes.iter().filter_map(|process| process.active).any(|active| active.unsaved)
        }),
        Property::sometimes(A_REFRESH_OUTLIVES_ITS_SESSION, |_, world: &World| {
            let is_of_first = |refresh: &Refresh| matches!(refresh, Refresh::Answered(attempt, _) if attempt.stored.pair.session == 0);
            let has_next = world.store.record.is_some_and(|record| record.pair.session == 1);
            has_next && world.processes.iter().filter_map(|process| process.refresh.as_ref()).any(is_of_first)
        }),
        Property::sometimes(A_SIGN_OUT_IS_REPORTED, |_, world: &World| world.outside.reported[0]),
        Property::sometimes(A_SESSION_ENDS, |_, world: &World| {
            world.store.record.is_none() && world.processes.iter().any(|process| process.ended[0])
        }),
    ]
}
