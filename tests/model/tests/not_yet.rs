//! What does not hold in the code today. Each rule of [`Mended`] mends one of these: with all of them nothing is found, and
//! without that one the search finds its way to it again. Whoever mends the code takes the rule out of `Mended`.

use crate::assert_holds;
use session_model::{properties::*, search::search_for, setup::*};

const ALL: Mended = Mended::ALL;

/// Without the rule the property does not hold, neither today nor with all the other rules.
fn assert_needed(without: Mended, processes: u8, bounds: Bounds, property: &'static str) {
    assert_holds(Setup { processes, mended: ALL, ..Setup::of(bounds) }, &[]);
    for mended in [Mended::default(), without] {
        let found = search_for(Setup { processes, mended, ..Setup::of(bounds) }, property);
        match found.way_to(property) {
            Some(way) => println!("not so: {property}\n{way}"),
            None => panic!("{property}: not found in {} states; but {:?}", found.states, found.broken),
        }
    }
}

#[test]
fn a_process_refreshes_while_the_last_ones_write_is_still_under_way() {
    let without = Mended { lock_outlives_late_write: false, ..ALL };
    let bounds = Bounds { refreshes: 2, late_writes: 1, ..Bounds::default() };
    assert_needed(without, 2, bounds, NO_SESSION_IS_LOST);
    // With a new process instead of a living one that knows better.
    let bounds = Bounds { refreshes: 3, late_writes: 1, crashes: 1, ..Bounds::default() };
    assert_needed(without, 2, bounds, NO_SESSION_IS_LOST);
}

#[test]
fn a_refresh_goes_by_what_memory_had_when_it_was_begun() {
    let without = Mended { refresh_goes_by_memory_now: false, ..ALL };
    let bounds = Bounds { refreshes: 2, restores: 1, ..Bounds::default() };
    assert_needed(without, 2, bounds, NO_SESSION_IS_LOST);
}

#[test]
fn a_sign_out_revokes_an_unsaved_pair_though_the_store_has_a_newer_one() {
    let without = Mended { sign_out_takes_newest: false, ..ALL };
    let bounds = Bounds { refreshes: 2, late_writes: 1, sign_outs: 1, ..Bounds::default() };
    assert_needed(without, 2, bounds, REVOKED_IS_REVOKED);
    // Or the same one, with the mark of a refresh whose answer was lost.
    let bounds = Bounds { refreshes: 3, late_writes: 1, losses: 1, sign_outs: 1, ..Bounds::default() };
    assert_needed(without, 2, bounds, REVOKED_IS_REVOKED);
}

#[test]
fn a_pair_that_has_landed_is_written_over_the_mark_of_another_refresh() {
    let without = Mended { same_pair_is_saved: false, ..ALL };
    let bounds = Bounds { refreshes: 3, late_writes: 1, losses: 1, sign_outs: 1, ..Bounds::default() };
    assert_needed(without, 2, bounds, REVOKED_IS_REVOKED);
}

#[test]
fn a_handle_of_the_last_user_signs_the_next_one_out() {
    let without = Mended { removal_leaves_next: false, ..ALL };
    let bounds = Bounds { sign_outs: 1, sign_ins: 1, restores: 1, ..Bounds::default() };
    assert_needed(without, 1, bounds, NEXT_SESSION_IS_LEFT_ALONE);
}

#[test]
fn a_record_that_has_ended_costs_the_next_user_the_session() {
    let without = Mended { ended_record_is_nobodys: false, ..ALL };
    let bounds = Bounds { sign_outs: 1, sign_ins: 1, restores: 1, ..Bounds::default() };
    assert_needed(without, 1, bounds, NO_SESSION_IS_LOST);
}

#[test]
fn mended_everything_holds() {
    let setup = |bounds| Setup { mended: ALL, ..Setup::of(bounds) };
    let reached = [A_SESSION_ENDS, A_PAIR_IS_UNSAVED];
    let bounds = Bounds { refreshes: 3, losses: 1, crashes: 1, restores: 1, ..Bounds::default() };
    assert_holds(setup(bounds), &reached);
    let bounds = Bounds { refreshes: 2, sign_outs: 1, sign_ins: 1, restores: 1, ..Bounds::default() };
    assert_holds(setup(bounds), &reached);
    let bounds = Bounds { refreshes: 3, late_writes: 1, losses: 1, crashes: 1, ..Bounds::default() };
    assert_holds(setup(bounds), &reached);
    let bounds = Bounds { refreshes: 2, late_writes: 1, sign_outs: 1, waits: 1, ..Bounds::default() };
    assert_holds(setup(bounds), &reached);
}

/// A limit of stores that cannot compare and write in one step: the next user signs in without the lock after a wait, and a
/// removal of another process that is still under way takes the new record.
#[test]
fn a_late_removal_of_another_process_takes_the_next_users_record() {
    let bounds = Bounds { sign_outs: 1, sign_ins: 1, late_writes: 1, ..Bounds::default() };
    let found = search_for(Setup { mended: ALL, ..Setup::of(bounds) }, NO_SESSION_IS_LOST);
    assert!(found.way_to(NO_SESSION_IS_LOST).is_some(), "{found:?}");
    assert_holds(Setup { processes: 1, mended: ALL, ..Setup::of(bounds) }, &[]);
}
