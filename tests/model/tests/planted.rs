//! Faults that the code once had, planted again: each is found, within bounds in which the rules as they are hold.

use crate::assert_holds;
use session_model::{properties::*, search::search_for, setup::*};

/// The search finds that the property does not hold with this fault, and that all is well without it.
fn assert_found(faults: Faults, setup: Setup, property: &'static str) {
    assert_holds(setup, &[]);
    let found = search_for(Setup { faults, ..setup }, property);
    match found.way_to(property) {
        Some(way) => println!("not so: {property}\n{way}"),
        None => panic!("{property}: not found in {} states; but {:?}", found.states, found.broken),
    }
}

#[test]
fn a_late_write_that_holds_nothing_back_is_found() {
    let faults = Faults { late_write_holds_nothing: true, ..Faults::default() };
    let one_process = |bounds| Setup { processes: 1, ..Setup::of(bounds) };
    let bounds = Bounds { refreshes: 3, late_writes: 1, crashes: 1, ..Bounds::default() };
    assert_found(faults, one_process(bounds), NO_SESSION_IS_LOST);
    let bounds = Bounds { refreshes: 1, late_writes: 1, sign_outs: 1, ..Bounds::default() };
    assert_found(faults, one_process(bounds), SIGNED_OUT_STAYS_SIGNED_OUT);
}

#[test]
fn an_older_record_that_is_taken_over_is_found() {
    let faults = Faults { takes_over_older: true, ..Faults::default() };
    let bounds = Bounds { refreshes: 2, restores: 1, ..Bounds::default() };
    assert_found(faults, Setup { processes: 1, ..Setup::of(bounds) }, NO_SESSION_IS_LOST);
}

#[test]
fn a_removal_by_key_only_is_found() {
    let faults = Faults { removes_by_key: true, ..Faults::default() };
    let bounds = Bounds { refreshes: 2, sign_ins: 1, losses: 1, ..Bounds::default() };
    assert_found(faults, Setup::of(bounds), NEXT_SESSION_IS_LEFT_ALONE);
}

#[test]
fn a_list_of_revocations_by_session_is_found() {
    let faults = Faults { list_by_session: true, ..Faults::default() };
    let bounds = Bounds { refreshes: 1, sign_outs: 1, deliveries: 1, waits: 1, ..Bounds::default() };
    assert_found(faults, Setup::of(bounds), NO_REVOCATION_IS_DROPPED);
}
