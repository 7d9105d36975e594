//! `b2auth qr show --json` in a process of its own, read as a program would.

use std::io::{BufRead, BufReader, Read};
use std::process::Child;
use std::sync::mpsc::{self, Receiver};
use std::thread;

use serde_json::Value;

use crate::shell::{Call, Done, Shell};
use crate::waiting::{GUARD, until};

/// A display whose states are read one by one.
#[derive(Debug)]
pub struct Display {
    child: Child,
    states: Receiver<String>,
    seen: String,
}

impl Display {
    /// Starts `b2auth qr show --json` with more words.
    pub fn start(shell: &Shell, more: &str) -> Self {
        Self::of(shell.b2auth(&format!("qr show --json {more}")))
    }

    /// Starts this call, which prints a state a line.
    pub fn of(call: Call) -> Self {
        let mut child = call.start();
        let lines = BufReader::new(child.stdout.take().expect("its output is read")).lines();
        let (to, states) = mpsc::channel();
        thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| to.send(line)));
        Self { child, states, seen: String::new() }
    }

    /// The next line.
    #[track_caller]
    pub fn line(&mut self) -> Value {
        let line = self.states.recv_timeout(GUARD);
        let line = line.unwrap_or_else(|why| panic!("no other state ({why}) after:\n{}", self.seen));
        self.seen.push_str(&line);
        self.seen.push('\n');
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    /// The next state, which has to be this one.
    #[track_caller]
    pub fn expect(&mut self, state: &str) -> Value {
        let line = self.line();
        assert_eq!(line["state"], state, "{line}, after:\n{}", self.seen);
        line
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Ends the process as the system does when it needs memory: without a word.
    pub fn kill(mut self) {
        self.child.kill().expect("the process can be killed");
        self.child.wait().expect("the process has ended");
    }

    /// Waits for the end. Its standard output is all that was printed, read before or not.
    #[track_caller]
    pub fn end(mut self) -> Done {
        let status =
            until("the end of the display", || self.child.try_wait().expect("the process can be asked"));
        while let Ok(line) = self.states.recv_timeout(GUARD) {
            self.seen.push_str(&line);
            self.seen.push('\n');
        }
        let mut err = String::new();
        if let Some(mut pipe) = self.child.stderr.take() {
            pipe.read_to_string(&mut err).expect("b2auth writes UTF-8");
        }
        Done { code: status.code().unwrap_or(-1), out: std::mem::take(&mut self.seen), err }
    }
}

/// A test that fails leaves no process behind.
impl Drop for Display {
    fn drop(&mut self) {
        let _over = self.child.kill();
        let _over = self.child.wait();
    }
}
