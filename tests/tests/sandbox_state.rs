//! `b2auth sandbox --state`: a test host that is started again.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use e2e::expect::{self, Form};
use e2e::running::Running;
use e2e::shell::Shell;
use e2e::waiting::until;

const EMAIL: &str = "plain@example.com";

fn start(shell: &Shell, more: &str) -> Running {
    Running::start(shell, &format!("--state state.json {more}"))
}

/// Starts it again where it was.
fn again(shell: &Shell, before: &str) -> Running {
    start(shell, &format!("--listen {}", before.replace("http://", "")))
}

#[test]
fn whoever_was_signed_in_still_is_after_a_restart() {
    let host = Shell::new();
    let running = start(&host, "");
    let url = running.url();
    let user = Shell::at(&url);
    user.sign_in(EMAIL, "").run().exits(0);
    let token = user.b2auth("token").run().exits(0).out;
    assert_eq!(running.signal("TERM"), 0);
    let running = again(&host, &url);
    assert_eq!(running.url(), url);
    let who = |token: &str| {
        let header = format!("Authorization: Bearer {}", token.trim());
        let curl = user.program("curl").arg("-s").arg("-o").arg("/dev/null").arg("-w").arg("%{http_code}");
        curl.arg("-H").arg(header).arg(format!("{url}/api/v2/my/accounts")).run().exits(0).out
    };
    assert_eq!(who(&token), "200");
    user.b2auth("refresh").run().exits(0);
    // Killed without a word, a while after a change.
    let next = user.b2auth("token").run().exits(0).out;
    assert_ne!(next, token);
    let spent =
        || fs::read_to_string(host.home().join("state.json")).ok()?.contains(r#""spent": "2"#).then_some(());
    until("the refresh in the state", spent);
    running.signal("KILL");
    let running = again(&host, &url);
    assert_eq!(who(&next), "200");
    user.b2auth("refresh").run().exits(0);
    user.b2auth("signout").run().exits(0);
    assert_eq!(running.signal("INT"), 0);
    let _running = again(&host, &url);
    assert_eq!(who(&next), "401");
}

#[test]
fn the_state_is_for_one_user_and_one_sandbox() {
    let shell = Shell::new();
    let running = start(&shell, "");
    let file = shell.home().join("state.json");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let refused = |told: &str| {
        for form in Form::BOTH {
            let done = form.of(shell.b2auth("sandbox --state state.json")).run();
            expect::error(form, &done, 1, "sandbox");
            assert!(done.err.contains(told), "{done:#?}");
        }
    };
    refused("another sandbox uses it");
    assert_eq!(running.signal("TERM"), 0);
    let good = fs::read(&file).unwrap();
    fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
    refused("mode 0600");
    fs::set_permissions(&file, PermissionsExt::from_mode(0o600)).unwrap();
    fs::write(&file, &good[..good.len() / 2]).unwrap();
    refused("damaged");
    assert_eq!(fs::read(&file).unwrap(), good[..good.len() / 2]);
}

#[test]
fn a_state_that_cannot_be_kept_is_told() {
    let shell = Shell::new();
    let done = shell.b2auth("sandbox --state missing/state.json").run();
    expect::error(Form::Text, &done, 1, "sandbox");
    assert!(done.err.contains("cannot be written"), "{done:#?}");
    fs::create_dir(shell.home().join("kept")).unwrap();
    let running = Running::start(&shell, "--state kept/state.json");
    let user = Shell::at(&running.url());
    user.sign_in(EMAIL, "").run().exits(0);
    fs::remove_dir_all(shell.home().join("kept")).unwrap();
    assert_eq!(running.signal("TERM"), 1, "what is lost is told");
}
