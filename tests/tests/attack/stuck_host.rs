//! A host that never takes a sign-out, and dates its tokens for ever: it neither slows the commands for other hosts nor is asked by each
//! of them.

use auth_sandbox::Sandbox;
use e2e::shell::Shell;

const EMAIL: &str = "plain@example.com";

/// How such a host behaves once somebody has signed out.
const WAYS: [(&str, &str); 3] =
    [("hangs", "any:delay=60s"), ("fails", "any:status=500"), ("hangs up", "any:drop=before")];

#[test]
fn a_host_that_takes_no_sign_out_is_not_in_the_way_of_another_one() {
    for (way, fault) in WAYS {
        let (stuck, good) =
            (Sandbox::start().expect("the sandbox starts"), Sandbox::start().expect("the sandbox starts"));
        let shell = Shell::at_sandbox(&good);
        shell.sign_in(EMAIL, "").run().exits(0);
        let at_stuck = |words: &str| format!("{words} --host {}", stuck.url());
        shell.sign_in(EMAIL, &at_stuck("")).run().exits(0);
        stuck.fault(fault.parse().expect("a fault"));
        shell.b2auth(&at_stuck("signout --timeout 1")).run().exits(0);
        let before = stuck.requests().len();
        for round in 0..4 {
            for words in ["token", "status", "accounts"] {
                let done = shell.b2auth(words).run().exits(0);
                assert!(!done.out.is_empty(), "{way}, {round}: {done:#?}");
            }
        }
        let asked = stuck.requests().len() - before;
        assert!(asked <= 3, "{way}: {asked} requests by 12 commands for another host");
    }
}

/// A host that is gone for good.
#[test]
fn nobody_at_the_address_is_not_in_the_way_either() {
    let good = Sandbox::start().expect("the sandbox starts");
    let shell = Shell::at_sandbox(&good);
    let gone = Sandbox::start().expect("the sandbox starts");
    let url = gone.url().to_owned();
    shell.sign_in(EMAIL, "").run().exits(0);
    shell.sign_in(EMAIL, &format!("--host {url}")).run().exits(0);
    drop(gone);
    let done = shell.b2auth(&format!("signout --host {url}")).run().exits(0);
    assert!(done.error_line().contains("not confirmed"), "{done:#?}");
    for _ in 0..4 {
        shell.b2auth("token").run().exits(0);
    }
    let done = shell.b2auth("accounts --json").run().exits(0).json();
    let waits = |account: &serde_json::Value| account["sign_out_waits"] == true;
    assert!(done["accounts"].as_array().is_some_and(|all| all.iter().any(waits)), "{done}");
}
