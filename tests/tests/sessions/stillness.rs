//! A program that runs its runtime only while it calls, beside other processes with the same session.

use std::time::Duration;

use auth_client::store::FileStore;
use auth_client::{AuthClient, Office};
use auth_sandbox::{Act, Endpoint, Fault, Sandbox};
use e2e::shell::Shell;
use e2e::{bearer, past, waiting};

const EMAIL: &str = "plain@example.com";

#[test]
fn a_refresh_that_was_begun_ahead_of_time_ends_while_nobody_calls() {
    let sandbox = Sandbox::start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    // Half a minute before its end: it is good, and a refresh is due.
    past::sign_in(&shell, sandbox.url(), EMAIL, Duration::from_secs(14 * 60 + 30));
    sandbox.fault(Fault::at(Endpoint::Refresh, Act::delay_before(Duration::from_millis(300))));
    let client = AuthClient::builder(sandbox.url()).store(FileStore::with_key_file(shell.store())).build();
    let client = client.unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let session = runtime.block_on(client.session(Office::Front)).unwrap().unwrap();
    let old = runtime.block_on(session.access_token()).unwrap().expose().to_owned();
    let refreshes = || sandbox.requests().iter().filter(|request| request.path.ends_with("/refresh")).count();
    waiting::until("the refresh at the host", || (refreshes() == 1).then_some(()));
    // From here on nobody drives the runtime. Another process needs a token that lasts, and waits for the same lock.
    let lasting = shell.b2auth("token --min-ttl 600").run().exits(0);
    assert_ne!(lasting.line(), old);
    assert_eq!(bearer::status(&sandbox, lasting.line()), 200);
    assert_eq!(refreshes(), 1, "it was the first program's");
    assert_eq!(runtime.block_on(session.access_token()).unwrap().expose(), lasting.line());
}
