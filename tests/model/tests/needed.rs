//! What the search itself has found in the code. Each rule that mends one of these is needed: without it the search finds its way
//! there again.

use crate::assert_holds;
use session_model::{properties::*, search::search_for, setup::*};

/// With the fault the property does not hold, and without it all is well.
fn assert_needed(faults: Faults, processes: u8, bounds: Bounds, property: &'static str) {
    assert_holds(Setup { processes, ..Setup::of(bounds) }, &[]);
    let found = search_for(Setup { processes, faults, ..Setup::of(bounds) }, property);
    match found.way_to(property) {
        Some(way) => println!("not so: {property}\n{way}"),
        None => panic!("{property}: not found in {} states; but {:?}", found.states, found.broken),
    }
}

#[test]
fn a_process_refreshes_while_the_last_ones_write_is_still_under_way() {
    let faults = Faults { lock_ends_before_late_write: true, ..Faults::default() };
    let bounds = Bounds { refreshes: 2, late_writes: 1, ..Bounds::default() };
    assert_needed(faults, 2, bounds, NO_SESSION_IS_LOST);
    // With a new process instead of a living one that knows better.
    let bounds = Bounds { refreshes: 3, late_writes: 1, crashes: 1, ..Bounds::default() };
    assert_needed(faults, 2, bounds, NO_SESSION_IS_LOST);
}

#[test]
fn a_refresh_goes_by_what_memory_had_when_it_was_begun() {
    let faults = Faults { refresh_goes_by_memory_then: true, ..Faults::default() };
    let bounds = Bounds { refreshes: 2, restores: 1, ..Bounds::default() };
    assert_needed(faults, 2, bounds, NO_SESSION_IS_LOST);
}

#[test]
fn a_sign_out_revokes_an_unsaved_pair_though_the_store_has_a_newer_one() {
    let faults = Faults { sign_out_takes_memory: true, ..Faults::default() };
    let bounds = Bounds { refreshes: 2, late_writes: 1, sign_outs: 1, ..Bounds::default() };
    assert_needed(faults, 2, bounds, REVOKED_IS_REVOKED);
    // Or the same one, with the mark of a refresh whose answer was lost.
    let bounds = Bounds { refreshes: 3, late_writes: 1, losses: 1, sign_outs: 1, ..Bounds::default() };
    assert_needed(faults, 2, bounds, REVOKED_IS_REVOKED);
}

#[test]
fn a_pair_that_has_landed_is_written_over_the_mark_of_another_refresh() {
    let faults = Faults { same_pair_is_written_again: true, ..Faults::default() };
    let bounds = Bounds { refreshes: 3, late_writes: 1, losses: 1, sign_outs: 1, ..Bounds::default() };
    assert_needed(faults, 2, bounds, REVOKED_IS_REVOKED);
}

#[test]
fn a_handle_of_the_last_user_signs_the_next_one_out() {
    let faults = Faults { removal_takes_next: true, ..Faults::default() };
    let bounds = Bounds { sign_outs: 1, sign_ins: 1, restores: 1, ..Bounds::default() };
    assert_needed(faults, 1, bounds, NEXT_SESSION_IS_LEFT_ALONE);
}

#[test]
fn a_record_that_has_ended_costs_the_next_user_the_session() {
    let faults = Faults { ended_record_is_taken: true, ..Faults::default() };
    let bounds = Bounds { sign_outs: 1, sign_ins: 1, restores: 1, ..Bounds::default() };
    assert_needed(faults, 1, bounds, NO_SESSION_IS_LOST);
}

#[test]
fn with_all_of_them_everything_holds() {
    let reached = [A_SESSION_ENDS, A_PAIR_IS_UNSAVED];
    let bounds = Bounds { refreshes: 3, losses: 1, crashes: 1, restores: 1, ..Bounds::default() };
    assert_holds(Setup::of(bounds), &reached);
    let bounds = Bounds { refreshes: 2, sign_outs: 1, sign_ins: 1, restores: 1, ..Bounds::default() };
    assert_holds(Setup::of(bounds), &reached);
    let bounds = Bounds { refreshes: 3, late_writes: 1, losses: 1, crashes: 1, ..Bounds::default() };
    assert_holds(Setup::of(bounds), &reached);
    let bounds = Bounds { refreshes: 2, late_writes: 1, sign_outs: 1, waits: 1, ..Bounds::default() };
    assert_holds(Setup::of(bounds), &reached);
}

/// A limit of stores that cannot compare and write in one step: the next user signs in without the lock after a wait, and a
/// removal of another process that is still under way takes the new record.
#[test]
fn a_late_removal_of_another_process_takes_the_next_users_record() {
    let bounds = Bounds { sign_outs: 1, sign_ins: 1, late_writes: 1, ..Bounds::default() };
    let found = search_for(Setup::of(bounds), NO_SESSION_IS_LOST);
    assert!(found.way_to(NO_SESSION_IS_LOST).is_some(), "{found:?}");
    assert_holds(Setup { processes: 1, ..Setup::of(bounds) }, &[]);
}
