//! A process that has used up its threads, or whose system has: nothing may end by that but the call that needed one.

use std::process::Command;

use auth_sandbox::Sandbox;
use e2e::shell::Shell;

/// More than the program's heap may grow by, and less than there is.
const STACK: u64 = 1 << 30;

/// What the program said, line by line, after it has ended well.
fn told(when: &str, host: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("there is room for a temporary folder");
    let mut program = Command::new(env!("CARGO_BIN_EXE_threadless"));
    program.args([when, host]).arg(folder.path().join("store")).env("RUST_MIN_STACK", STACK.to_string());
    let done = program.output().expect("the program starts");
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    assert!(
        done.status.success(),
        "{when}: {:?}\n{said}{}",
        done.status,
        String::from_utf8_lossy(&done.stderr)
    );
    said.lines().map(str::to_owned).collect()
}

#[test]
fn without_a_thread_there_is_no_client_and_the_program_goes_on() {
    assert_eq!(told("from the start", "https://broker.invalid"), ["no thread"]);
}

#[test]
fn a_client_that_there_is_needs_no_further_thread_to_keep_a_session() {
    let sandbox = Sandbox::start().expect("there is a port");
    let all = ["signed in", "refreshed", "signed out"];
    assert_eq!(told("never", sandbox.url()), all);
    assert_eq!(told("in the middle", sandbox.url()), all);
}

#[test]
fn a_name_that_no_thread_can_look_up_is_a_host_that_cannot_be_reached() {
    let why = "broker.invalid cannot be looked up: the system gives no further thread";
    assert_eq!(told("in the middle", "https://broker.invalid"), [format!("sign-in: unreachable: {why}")]);
}

#[test]
fn a_command_that_gets_no_thread_says_so() {
    let sandbox = Sandbox::start().expect("there is a port");
    // Larger than the address space.
    let shell = Shell::at_sandbox(&sandbox).with("RUST_MIN_STACK", (1_u64 << 50).to_string());
    let done = shell.sign_in("plain@example.com", "").run();
    assert_eq!(done.code, 1, "{done:#?}");
    assert!(done.err.contains("the system gives this process no further thread"), "{done:#?}");
}
