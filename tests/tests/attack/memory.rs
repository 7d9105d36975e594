//! Who can read the memory of a process that waits, or its core dump: how many copies of a password are left in it that was sent and
//! answered. Linux only: a parent may read its child there, unless the system forbids that to everybody.

#![allow(clippy::print_stdout, reason = "what could not be tried is said")]

use std::fs::{self, File};
use std::os::unix::fs::FileExt;

use auth_sandbox::{Sandbox, Users};
use e2e::raw_host::{Answer, RawHost, step, wizard};
use e2e::shell::{Call, Shell};
use e2e::terminal::Terminal;
use e2e::waiting::until;
use serde_json::Value;

const EMAIL: &str = "control-Vx3@example.com";
const PASSWORD: &str = "Zq7-memory-Kx9-of-a-password";
const CODE: &str = "739164";

/// What is in the memory of a process beside what is mapped from files that nobody writes; `None` where it may not be read.
struct Memory(Vec<(String, Vec<u8>)>);

impl Memory {
    fn of(process: u32) -> Option<Self> {
        let maps = fs::read_to_string(format!("/proc/{process}/maps")).ok()?;
        let memory = File::open(format!("/proc/{process}/mem")).ok()?;
        let mut parts = Vec::new();
        for line in
            maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|mode| mode.starts_with("rw")))
        {
            let (from, to) = line.split(' ').next()?.split_once('-')?;
            let (from, to) = (u64::from_str_radix(from, 16).ok()?, u64::from_str_radix(to, 16).ok()?);
            let mut bytes = vec![0; usize::try_from(to - from).ok()?];
            // What is not there any more, or is a device's, cannot be read.
            if memory.read_exact_at(&mut bytes, from).is_ok() {
                parts.push((line.split_whitespace().last().unwrap_or_default().to_owned(), bytes));
            }
        }
        Some(Self(parts)).filter(|memory| !memory.0.is_empty())
    }

    /// What stands around each copy.
    fn copies(&self, text: &str) -> Vec<String> {
        let mut copies = Vec::new();
        for (name, bytes) in &self.0 {
            for at in places(bytes, text.as_bytes()) {
                let around = &bytes[at.saturating_sub(40)..(at + text.len() + 20).min(bytes.len())];
                copies.push(format!("{name}: {:?}", String::from_utf8_lossy(around)));
            }
        }
        copies
    }
}

fn places(bytes: &[u8], text: &[u8]) -> Vec<usize> {
    let starts = bytes.iter().enumerate().filter(|(_, byte)| **byte == text[0]).map(|(at, _)| at);
    starts.filter(|at| bytes[*at..].starts_with(text)).collect()
}

/// A host that asks for a code, and does not answer when it has one.
fn host() -> RawHost {
    RawHost::start(|request| match request.path.rsplit('/').next() {
        Some("wizard") => wizard(),
        Some("signin") => step("2fa_sms_auth", Value::Null),
        _ => Answer::Silence,
    })
}

#[track_caller]
fn holds_no_password(memory: Option<Memory>) {
    let Some(memory) = memory else {
        println!("not tried: this machine lets nobody read another process's memory");
        return;
    };
    let control = memory.copies(EMAIL);
    assert!(control.iter().any(|copy| copy.starts_with("[heap]")), "the search finds nothing: {control:#?}");
    let copies = memory.copies(PASSWORD);
    assert!(copies.is_empty(), "{} copies: {copies:#?}", copies.len());
}

/// The memory of a call that has sent its code and waits for an answer that does not come.
fn when_the_code_is_sent(call: Call, host: &RawHost) -> Option<Memory> {
    let mut child = call.start();
    until("the code", || (host.count("/2fa/sms") > 0).then_some(()));
    let memory = Memory::of(child.id());
    child.kill().expect("it waits");
    child.wait().expect("it is ours");
    memory
}

#[test]
fn a_password_of_standard_input_is_gone_when_it_was_answered() {
    let host = host();
    let shell = Shell::at(&host.url());
    let call = shell.b2auth(&format!("signin --email {EMAIL} --password-stdin --code {CODE}"));
    holds_no_password(when_the_code_is_sent(call.input(&format!("{PASSWORD}\n")), &host));
}

#[test]
fn a_password_of_a_file_is_gone_when_it_was_answered() {
    use std::os::unix::fs::PermissionsExt;
    let host = host();
    let shell = Shell::at(&host.url());
    let file = shell.home().join("password");
    fs::write(&file, format!("{PASSWORD}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let call = shell.b2auth(&format!("signin --email {EMAIL} --password-file password --code {CODE}"));
    holds_no_password(when_the_code_is_sent(call, &host));
}

#[test]
fn a_password_that_was_typed_is_gone_when_it_was_answered() {
    let host = host();
    for kind in ["xterm", "dumb"] {
        let shell = Shell::at(&host.url()).with("TERM", kind);
        let mut terminal = Terminal::start(&shell, &format!("signin --email {EMAIL}"));
        terminal.expect_hidden("Password");
        terminal.type_line(PASSWORD);
        terminal.expect("Code of the SMS");
        let memory = Memory::of(terminal.id());
        terminal.kill();
        holds_no_password(memory);
    }
}

/// Behind TLS the HTTP library has more buffers.
#[test]
fn a_password_that_went_through_tls_is_gone_when_it_was_answered() {
    let user = format!(
        "[[user]]\noffice = \"front\"\nemail = \"{EMAIL}\"\npassword = \"{PASSWORD}\"\nmethods = [\"sms\"]\n"
    );
    let builder = Sandbox::builder().users(Users::from_toml(&user).unwrap()).tls(["127.0.0.1".to_owned()]);
    let sandbox = builder.start().unwrap();
    let shell = Shell::at_sandbox(&sandbox);
    fs::write(shell.home().join("ca.pem"), sandbox.ca_pem().unwrap()).unwrap();
    let mut terminal = Terminal::start(&shell, &format!("--ca-file ca.pem signin --email {EMAIL}"));
    terminal.expect_hidden("Password");
    terminal.type_line(PASSWORD);
    terminal.expect("Code of the SMS");
    let memory = Memory::of(terminal.id());
    terminal.kill();
    holds_no_password(memory);
}
