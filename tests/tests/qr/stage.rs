//! What the tests begin with: a host, a display, and somebody with a session.

use auth_sandbox::{QrSettings, Sandbox};
use e2e::display::Display;
use e2e::shell::{Call, Shell};
use e2e::waiting::until;
use serde_json::Value;

pub(super) const EMAIL: &str = "plain@example.com";

/// A host that says where its screens are.
pub(super) fn sandbox() -> Sandbox {
    let qr = QrSettings::default().location(Some("Limassol"));
    Sandbox::builder().qr(qr).start().expect("the sandbox starts")
}

/// Somebody who is signed in, in a home of its own.
#[track_caller]
pub(super) fn approver(sandbox: &Sandbox) -> Shell {
    let shell = Shell::at_sandbox(sandbox);
    shell.sign_in(EMAIL, "").run().exits(0);
    shell
}

/// Waits until the channel of a code is watched: the host acknowledges no subscription.
#[track_caller]
pub(super) fn watched(sandbox: &Sandbox, shown: &Value) {
    let channel = shown["channel_name"].as_str().expect("a code has a channel").to_owned();
    until("the subscription", || {
        sandbox.live_sessions().iter().any(|session| session.channels.contains(&channel)).then_some(())
    });
}

/// The first code of a display, once it is watched.
#[track_caller]
pub(super) fn first_code(sandbox: &Sandbox, display: &mut Display) -> Value {
    let shown = display.expect("shown");
    watched(sandbox, &shown);
    shown
}

/// A call that takes the text of a code on standard input.
pub(super) fn about(shell: &Shell, words: &str, shown: &Value) -> Call {
    let payload = shown["payload"].as_str().expect("a code has a text");
    shell.b2auth(&format!("qr {words} -")).input(payload)
}

/// How many requests a path has had.
pub(super) fn count(sandbox: &Sandbox, path: &str) -> usize {
    sandbox.requests().iter().filter(|request| request.path.ends_with(path)).count()
}

/// How many requests the host has had beside those of a live channel, which a display goes on sending meanwhile.
pub(super) fn asked(sandbox: &Sandbox) -> usize {
    sandbox.requests().iter().filter(|request| request.path != "/socket.io/").count()
}
