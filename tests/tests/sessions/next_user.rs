//! A sign-in beside a refresh that ends the last session, and a sign-out beside a refresh, by real processes that get in each other's
//! way. The one instant that processes meet too rarely, a sign-in between the last read and the removal, is forced in
//! `crates/auth-client/tests/driver/rivals.rs`.

use std::time::Duration;

use auth_client::ports::RecordKind;
use auth_sandbox::{Act, Endpoint, Fault, Limits, Sandbox};
use e2e::shell::{Done, Shell};
use e2e::{bearer, opened, past, signals, waiting};
use serde_json::Value;

const ROUNDS: u32 = 12;

fn refreshes(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|request| request.path.ends_with("/refresh")).count()
}

#[test]
fn a_sign_in_beside_the_end_of_the_last_session_is_kept() {
    let sandbox = Sandbox::builder().limits(Limits::off()).start().unwrap();
    for round in 0..ROUNDS {
        let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_LIMITS", "off");
        past::sign_in(&shell, sandbox.url(), "plain@example.com", Duration::from_secs(16 * 60));
        // The host's own word comes just when the next user's session is saved, a little earlier or later.
        let no =
            "refresh:status=401,times=1,body=%7B%22error%22:%7B%22code%22:0%2C%22message%22:%22No%22%7D%7D";
        sandbox.fault(no.parse().unwrap());
        let delay = Duration::from_millis(u64::from(round) * 4);
        sandbox.fault(Fault::at(Endpoint::Refresh, Act::delay_before(delay)).times(1));
        let before = refreshes(&sandbox);
        let refreshing = shell.b2auth("refresh").start();
        waiting::until("the refresh at the host", || (refreshes(&sandbox) > before).then_some(()));
        shell.sign_in("plain@example.com", "").run().exits(0);
        let _ended = Done::of(refreshing.wait_with_output().unwrap());
        let token = shell.b2auth("token").run().exits(0);
        assert_eq!(bearer::status(&sandbox, token.line()), 200, "round {round}");
        sandbox.clear_faults();
    }
}

#[test]
fn a_sign_out_beside_a_refresh_that_does_not_end_is_not_told_as_done_and_gets_done() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    past::sign_in(&shell, sandbox.url(), "plain@example.com", Duration::from_secs(10 * 60));
    let old = shell.b2auth("token").run().exits(0);
    sandbox.fault(Fault::at(Endpoint::Refresh, Act::delay_after(Duration::from_millis(200))));
    let refreshing = shell.b2auth("refresh").start();
    waiting::until("the refresh at the host", || (refreshes(&sandbox) == 1).then_some(()));
    // It holds the lock, and the host has issued another pair that nobody here knows.
    signals::stop(&refreshing);
    let signed_out = shell.b2auth("signout --json").run().exits(0).json();
    assert_eq!(signed_out["revoked"], Value::from(false), "{signed_out:#}");
    assert_eq!(opened::count(&shell.store(), RecordKind::Revocations), 1, "it is not told as done");
    assert_eq!(opened::count(&shell.store(), RecordKind::Session), 0, "nobody is signed in here");
    signals::go_on(&refreshing);
    let late = Done::of(refreshing.wait_with_output().unwrap());
    assert_ne!(late.code, 0, "{late:#?}");
    assert_eq!(opened::count(&shell.store(), RecordKind::Session), 0, "nor by the late answer");
    assert_eq!(bearer::status(&sandbox, old.line()), 401);
    assert_eq!(sandbox.unrevoked_sessions(), 0, "the pair that came late is revoked too");
}
