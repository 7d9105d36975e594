//! Connections that say nothing, or half of something, in a number that takes all files of the process.

use std::io::{Read, Write};
use std::net::TcpStream;

use e2e::binary::b2auth;
use e2e::running::Running;
use e2e::shell::Shell;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// As many as stopped it.
const CONNECTIONS: u64 = 1_100;

/// What each of them says, by turns.
const SAID: [&[u8]; 4] = [
    b"",
    b"GET /api/v2/my/signin/wizard HT",
    b"GET /api/v2/my/signin/wizard HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
    b"POST /api/v2/my/signin HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{",
];

/// This process holds the other ends. True if it may hold all of them.
fn may_hold_all() -> bool {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = CONNECTIONS + 400;
    if current.is_some_and(|current| current < wanted) {
        let _ = setrlimit(
            Resource::Nofile,
            Rlimit { current: Some(maximum.map_or(wanted, |most| most.min(wanted))), maximum },
        );
    }
    getrlimit(Resource::Nofile).current.is_none_or(|current| current >= wanted)
}

fn limited(files: u64) -> Running {
    let shell = Shell::new();
    let command = format!("ulimit -n {files}; exec '{}' sandbox", b2auth().display());
    Running::of(shell.program("sh").arg("-c").arg(command))
}

#[test]
fn do_not_keep_anybody_out() {
    assert!(may_hold_all(), "this test holds {CONNECTIONS} connections: raise the limit of open files");
    for files in [1024, 100] {
        let sandbox = limited(files);
        let address = sandbox.url().replace("http://", "");
        let mut held = Vec::new();
        for number in 0..CONNECTIONS {
            let mut stream = TcpStream::connect(&address).expect("it listens");
            let said = SAID[usize::try_from(number).expect("it is small") % SAID.len()];
            // Those that were ended for others cannot be written to.
            let _ = stream.write_all(said);
            held.push(stream);
        }
        Shell::at(&sandbox.url()).sign_in("plain@example.com", "").run().exits(0);
        assert!(sandbox.ask("GET", "/_sandbox/faults", "").ends_with("[]"));
        drop(held);
    }
}

#[test]
fn a_connection_in_use_is_kept_where_idle_ones_go() {
    assert!(may_hold_all(), "this test holds {CONNECTIONS} connections: raise the limit of open files");
    let sandbox = limited(1024);
    sandbox.ask("POST", "/_sandbox/faults", r#"{"fault": "wizard:delay=1s,times=1"}"#);
    let address = sandbox.url().replace("http://", "");
    let mut working = TcpStream::connect(&address).expect("it listens");
    working.write_all(b"GET /api/v2/my/signin/wizard HTTP/1.0\r\n\r\n").expect("it reads");
    let held: Vec<_> = (0..CONNECTIONS).map(|_| TcpStream::connect(&address).expect("it listens")).collect();
    let mut answer = String::new();
    working.read_to_string(&mut answer).expect("it answers");
    assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
    drop(held);
}
