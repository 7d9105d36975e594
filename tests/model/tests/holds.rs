//! The rules as they are in the code: what holds in every order of events.

use crate::assert_holds;
use session_model::{properties::*, setup::*};

const NOTHING: Bounds = Bounds {
    refreshes: 0,
    sign_outs: 0,
    sign_ins: 0,
    deliveries: 0,
    crashes: 0,
    losses: 0,
    late_writes: 0,
    restores: 0,
    waits: 0,
};

fn hosts() -> [HostRules; 4] {
    let strict = HostRules::default();
    [
        strict,
        HostRules { grace: true, ..strict },
        HostRules { old_access_token_lives_on: true, ..strict },
        HostRules { revokes_one_pair: true, ..strict },
    ]
}

fn one_process(bounds: Bounds) -> Setup {
    Setup { processes: 1, ..Setup::of(bounds) }
}

#[test]
fn two_processes_refresh_while_answers_are_lost_and_processes_die() {
    let bounds = Bounds { refreshes: 3, losses: 1, crashes: 1, waits: 1, ..NOTHING };
    for host in hosts() {
        assert_holds(Setup { host, ..Setup::of(bounds) }, &[A_SESSION_ENDS]);
    }
}

#[test]
fn the_next_user_signs_in_at_any_point() {
    let bounds = Bounds { refreshes: 3, sign_ins: 1, losses: 1, crashes: 1, ..NOTHING };
    assert_holds(Setup::of(bounds), &[A_SESSION_ENDS, A_REFRESH_OUTLIVES_ITS_SESSION]);
    let reached = [A_SESSION_ENDS, A_REFRESH_OUTLIVES_ITS_SESSION, A_SIGN_OUT_IS_REPORTED];
    let bounds = Bounds { refreshes: 3, sign_ins: 1, sign_outs: 1, ..NOTHING };
    assert_holds(Setup::of(bounds), &reached);
    let bounds = Bounds { refreshes: 2, sign_ins: 1, sign_outs: 1, losses: 1, crashes: 1, ..NOTHING };
    assert_holds(Setup::of(bounds), &reached);
}

#[test]
fn somebody_signs_out_at_any_point_of_a_refresh() {
    let reached = [A_SESSION_ENDS, A_LATE_PAIR_IS_REVOKED, A_SIGN_OUT_IS_REPORTED];
    for host in hosts() {
        let bounds = Bounds { refreshes: 1, sign_outs: 1, deliveries: 2, waits: 1, losses: 1, ..NOTHING };
        assert_holds(Setup { host, ..Setup::of(bounds) }, &reached);
        let bounds = Bounds { refreshes: 2, sign_outs: 1, deliveries: 1, waits: 1, ..NOTHING };
        assert_holds(Setup { host, ..Setup::of(bounds) }, &reached);
    }
}

#[test]
fn writes_of_one_process_land_late() {
    let reached = [A_SESSION_ENDS, A_PAIR_IS_UNSAVED, A_LATE_PAIR_IS_REVOKED, A_SIGN_OUT_IS_REPORTED];
    let bounds = Bounds { refreshes: 3, sign_outs: 1, sign_ins: 1, late_writes: 2, crashes: 1, ..NOTHING };
    assert_holds(one_process(bounds), &reached);
    let bounds =
        Bounds { refreshes: 3, sign_outs: 1, late_writes: 1, losses: 1, crashes: 1, waits: 1, ..NOTHING };
    assert_holds(one_process(bounds), &reached);
}

#[test]
fn an_older_record_is_brought_back() {
    let bounds = Bounds { refreshes: 3, restores: 1, losses: 1, crashes: 1, ..NOTHING };
    assert_holds(one_process(bounds), &[A_SESSION_ENDS, A_PAIR_IS_UNSAVED]);
    let bounds = Bounds { refreshes: 3, restores: 1, late_writes: 1, sign_outs: 1, ..NOTHING };
    assert_holds(one_process(bounds), &[A_SESSION_ENDS, A_PAIR_IS_UNSAVED]);
}
