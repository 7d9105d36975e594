//! A `b2auth sandbox` in a process of its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command};

use crate::shell::{Call, Shell};
use crate::waiting::until;

/// A running `b2auth sandbox` and what it has printed.
#[derive(Debug)]
pub struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
    /// What it said of itself.
    pub introduction: String,
}

impl Running {
    /// Starts it and reads until the command to try.
    pub fn start(shell: &Shell, words: &str) -> Self {
        Self::of(shell.b2auth(&format!("sandbox {words}")))
    }

    /// The same for a call that is put together already.
    ///
    /// # Panics
    /// When it ends.
    pub fn of(call: Call) -> Self {
        let mut child = call.start();
        let mut out = BufReader::new(child.stdout.take().expect("its output is read"));
        let mut introduction = String::new();
        while !introduction.lines().last().is_some_and(|line| line.starts_with("try: ")) {
            if out.read_line(&mut introduction).expect("it prints UTF-8") == 0 {
                let mut server_message = String::new();
                let _ended = child.stderr.take().map(|mut err| err.read_to_string(&mut server_message));
                panic!("it ended without a command to try:\n{introduction}{server_message}");
            }
        }
        Self { child, out, introduction }
    }

    /// Its address.
    pub fn url(&self) -> String {
        let url = self.introduction.split_whitespace().find(|word| word.starts_with("http"));
        url.expect("it prints its address").to_owned()
    }

    /// One request over plain HTTP; the whole answer.
    pub fn ask(&self, method: &str, path: &str, body: &str) -> String {
        let address = self.url().replace("http://", "");
        let mut stream = TcpStream::connect(address).expect("it listens");
        let head = format!("{method} {path} HTTP/1.0\r\nContent-Length: {}\r\n\r\n", body.len());
        stream.write_all(format!("{head}{body}").as_bytes()).expect("it reads");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it answers");
        answer
    }

    /// The command that it tells to try.
    pub fn command_to_try(&self) -> &str {
        let line = self.introduction.lines().last().expect("it printed something");
        line.strip_prefix("try: ").expect("the last line is the command to try")
    }

    /// The next line that it prints.
    pub fn next_line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).expect("it prints UTF-8");
        line
    }

    /// Sends a signal and gives the exit code; -1 if the signal killed it.
    pub fn signal(mut self, name: &str) -> i32 {
        let status = Command::new("sh").arg("-c").arg(format!("kill -{name} {}", self.child.id())).status();
        assert!(status.expect("sh is there").success());
        let ended = until("the end of the sandbox", || self.child.try_wait().expect("it can be asked"));
        ended.code().unwrap_or(-1)
    }
}

impl Running {
    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _over = self.child.kill();
        let _over = self.child.wait();
    }
}
