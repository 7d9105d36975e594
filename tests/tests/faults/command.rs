//! A row of each kind through `b2auth`: exit code, error, time and memory, and the way on with `--resume`.

use std::time::{Duration, Instant};

use auth_sandbox::Sandbox;
use e2e::expect::{self, Form};
use e2e::raw_host::{RawHost, wizard};
use e2e::shell::{Call, Done, Shell};

const EMAIL: &str = "sms@example.com";

/// Fault, exit code, kind, and whether the work was done all the same.
const ROWS: [(&str, i32, &str, bool); 18] = [
    ("status=500", 7, "host_failed", false),
    ("status=503,retry_after=7", 7, "host_failed", false),
    ("html=502", 7, "host_failed", false),
    ("html=200", 7, "not_b2core", false),
    ("garbage=body", 7, "not_b2core", false),
    ("non_utf8", 7, "not_b2core", false),
    ("garbage", 7, "not_http", false),
    ("redirect=302,to=TARGET", 7, "redirected", false),
    ("redirect=307,to=TARGET", 7, "redirected", false),
    ("huge=announced", 7, "too_large", false),
    ("huge=chunked", 7, "too_large", false),
    ("bomb", 7, "too_large", false),
    ("drop=before", 6, "interrupted", false),
    ("drop=after", 6, "interrupted", true),
    ("cut=10", 6, "interrupted", true),
    ("delay=3600s", 6, "timed_out", false),
    ("delay=3600s,when=after", 6, "timed_out", true),
    ("drip=1,every=500ms", 6, "timed_out", true),
];

/// The code step, kept by one process; the fault, met by another; the way on, in a third.
#[test]
fn the_code_step_survives_every_kind_of_fault() {
    std::thread::scope(|threads| {
        for rows in ROWS.chunks(ROWS.len().div_ceil(3)) {
            threads.spawn(move || rows.iter().for_each(|row| the_code_step_survives(*row)));
        }
    });
}

fn the_code_step_survives((fault, code, kind, done): (&str, i32, &str, bool)) {
    let target = RawHost::start(|_| wizard());
    let sandbox = Sandbox::start().expect("it starts");
    let shell = Shell::at_sandbox(&sandbox).with("B2AUTH_TIMEOUT", "30");
    shell.sign_in(EMAIL, "").run().exits(10);
    let resume =
        || shell.b2auth("signin --resume --json --code").arg(sandbox.last_code(EMAIL).expect("a code"));

    sandbox
        .fault(format!("check_sms:{},times=1", fault.replace("TARGET", &target.url())).parse().expect(fault));
    let call = if kind == "timed_out" { resume().env("B2AUTH_TIMEOUT", "1") } else { resume() };
    let error = expect::error(Form::Json, &call.run(), code, kind);
    assert!(error["correlation_id"].is_string(), "{fault}");
    assert_eq!(error["retry_after_seconds"].as_u64(), fault.contains("retry_after").then_some(7), "{fault}");
    let checks =
        |sandbox: &Sandbox| sandbox.requests().iter().filter(|r| r.path.ends_with("/2fa/sms")).count();
    assert_eq!((checks(&sandbox), target.requests().len()), (1, 0), "{fault}");
    assert_eq!(shell.b2auth("status --json").run().exits(3).json()["pending_step"], "code", "{fault}");

    let on = resume().run();
    if done {
        // The code was taken, and nobody can ask for the lost answer.
        expect::error(Form::Json, &on, 3, "sign_in_expired");
        shell.sign_in(EMAIL, "").run().exits(10);
        expect::signed_in(Form::Json, &resume().run(), EMAIL, "front");
    } else {
        expect::signed_in(Form::Json, &on, EMAIL, "front");
    }
}

/// Generous: the machine may be busy. The answers would take an hour.
const SLACK: Duration = Duration::from_secs(20);

#[test]
fn a_timeout_is_kept_whatever_the_host_does_to_stretch_it() {
    for fault in ["delay=3600s", "delay=3600s,when=after", "drip=1,every=50ms"] {
        for office in ["front", "back"] {
            let sandbox = Sandbox::start().expect("it starts");
            sandbox.fault(format!("sign_in:{fault}").parse().expect(fault));
            let shell = Shell::at_sandbox(&sandbox);
            let started = Instant::now();
            let done =
                shell.sign_in("root@example.com", &format!("--json --timeout 1 --office {office}")).run();
            let took = started.elapsed();
            expect::error(Form::Json, &done, 6, "timed_out");
            assert!(
                (Duration::from_secs(1)..SLACK).contains(&took),
                "{fault} at the {office} office: {took:?}"
            );
        }
    }
}

/// What `b2auth` may use of memory for its data, in KiB. It needs an eighth of it; the answers below have gigabytes.
const MAX_MEMORY: u64 = 64 * 1024;

/// Runs a call that the system refuses more memory to than this.
fn within_memory(shell: &Shell, words: &str) -> Call {
    let limited = format!("ulimit -d {MAX_MEMORY} && exec \"$0\" \"$@\"");
    let call = shell.program("sh").arg("-c").arg(limited).arg(e2e::binary::b2auth());
    words.split_whitespace().fold(call, Call::arg).input("Secret123\n")
}

#[test]
fn memory_is_bounded_whatever_the_host_sends() {
    for fault in ["huge=announced", "huge=chunked", "bomb", "bomb,size=500m"] {
        for endpoint in ["wizard", "sign_in"] {
            let sandbox = Sandbox::start().expect("it starts");
            sandbox.fault(format!("{endpoint}:{fault}").parse().expect(fault));
            let shell = Shell::at_sandbox(&sandbox);
            let done =
                within_memory(&shell, "signin --json --email plain@example.com --password-stdin").run();
            let kind = if fault == "bomb,size=500m" { "not_b2core" } else { "too_large" };
            expect::error(Form::Json, &done, 7, kind);
        }
    }
}

/// The bound above is one: a program that takes the answer in does not come through.
#[test]
fn the_bound_on_memory_holds() {
    let shell = Shell::new();
    let limited = format!("ulimit -d {MAX_MEMORY} && exec head -c 200000000 /dev/zero | tail -n 1 | wc -c");
    let done: Done = shell.program("sh").arg("-c").arg(limited).run();
    assert_ne!(done.out.trim(), "200000000", "{done:?}");
    let unlimited = "head -c 200000000 /dev/zero | tail -n 1 | wc -c";
    let done: Done = shell.program("sh").arg("-c").arg(unlimited).run();
    assert_eq!(done.out.trim(), "200000000", "{done:?}");
}
