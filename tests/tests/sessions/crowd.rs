//! Many processes that need a token at once.

use std::process::Child;
use std::time::Duration;

use auth_client::ports::RecordKind;
use auth_sandbox::{Act, Endpoint, Fault, Sandbox};
use e2e::shell::{Done, Shell};
use e2e::{bearer, opened, past};

const PROCESSES: usize = 64;

#[test]
fn sixty_four_processes_make_one_refresh_and_have_one_good_token() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    past::sign_in(&shell, sandbox.url(), "plain@example.com", Duration::from_secs(16 * 60));
    // The host takes its time, so that they meet.
    sandbox.fault(Fault::at(Endpoint::Refresh, Act::delay_before(Duration::from_millis(500))));
    let running: Vec<Child> = (0..PROCESSES).map(|_| shell.b2auth("token").start()).collect();
    let tokens: Vec<Done> =
        running.into_iter().map(|child| Done::of(child.wait_with_output().unwrap()).exits(0)).collect();
    assert!(tokens.iter().all(|token| token.line() == tokens[0].line() && token.err.is_empty()));
    assert_eq!(bearer::status(&sandbox, tokens[0].line()), 200);
    let refreshes = sandbox.requests().iter().filter(|request| request.path.ends_with("/refresh")).count();
    assert_eq!(refreshes, 1, "{:#?}", sandbox.requests());
    assert_eq!(opened::count(&shell.store(), RecordKind::Session), 1);
}
