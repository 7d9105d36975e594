//! A process that is stopped in the middle of a refresh, for longer than its time limit. Time has really to pass here: nothing of
//! the process runs, so no clock of ours can be moved.

use std::time::{Duration, Instant};

use auth_sandbox::{Act, Endpoint, Fault, Sandbox};
use e2e::shell::{Done, Shell};
use e2e::{bearer, past, signals, waiting};

const EMAIL: &str = "plain@example.com";

/// Until so much has passed, by a clock that no stopped process can hold up.
fn pass(span: Duration) {
    let begun = Instant::now();
    while begun.elapsed() < span {
        std::thread::park_timeout(span.saturating_sub(begun.elapsed()));
    }
}

#[test]
fn an_answer_that_came_while_the_process_was_frozen_is_taken() {
    // Frozen before the host's work, and after it.
    for (act, frozen) in [
        (Act::delay_before(Duration::from_millis(300)), Duration::from_millis(1700)),
        (Act::delay_after(Duration::from_millis(300)), Duration::from_millis(1700)),
        // The last moment: what is left of the limit is short.
        (Act::delay_after(Duration::from_millis(900)), Duration::from_millis(1200)),
    ] {
        // A host without a grace window: whoever loses the answer loses the session.
        let sandbox = Sandbox::start().unwrap();
        let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_TIMEOUT", "1");
        past::sign_in(&shell, sandbox.url(), EMAIL, Duration::from_secs(16 * 60));
        sandbox.fault(Fault::at(Endpoint::Refresh, act).times(1));
        let child = shell.b2auth("token").start();
        waiting::until("the refresh at the host", || {
            sandbox.requests().iter().any(|request| request.path.ends_with("/refresh")).then_some(())
        });
        signals::stop(&child);
        pass(frozen);
        signals::go_on(&child);
        let done = Done::of(child.wait_with_output().unwrap()).exits(0);
        assert_eq!(bearer::status(&sandbox, done.line()), 200);
        shell.b2auth("refresh").run().exits(0);
    }
}
