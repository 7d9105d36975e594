//! A client that shows the bytes: a socket, a request written by hand, and what comes back.

use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::{Duration, Instant};

use auth_sandbox::Sandbox;
use serde_json::Value;

/// Long enough for the slowest machine.
const GUARD: Duration = Duration::from_secs(60);

/// A connection to a sandbox.
pub(crate) struct Raw {
    stream: TcpStream,
}

/// The head of an answer, without its body.
#[derive(Debug)]
pub(crate) struct Head(pub(crate) String);

impl Head {
    pub(crate) fn status(&self) -> u16 {
        self.0.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.0.lines().filter_map(|line| line.split_once(": "));
        lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn length(&self) -> usize {
        self.header("content-length").unwrap_or_else(|| panic!("{self:?}")).parse().unwrap()
    }
}

impl Raw {
    pub(crate) fn to(sandbox: &Sandbox) -> Self {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, sandbox.port())).unwrap();
        stream.set_read_timeout(Some(GUARD)).unwrap();
        Self { stream }
    }

    pub(crate) fn post(sandbox: &Sandbox, path: &str, body: &Value) -> Self {
        let mut raw = Self::to(sandbox);
        raw.send("POST", path, &body.to_string());
        raw
    }

    pub(crate) fn get(sandbox: &Sandbox, path: &str) -> Self {
        let mut raw = Self::to(sandbox);
        raw.send("GET", path, "");
        raw
    }

    pub(crate) fn send(&mut self, method: &str, path: &str, body: &str) {
        self.stream.write_all(request(method, path, body).as_bytes()).unwrap();
    }

    pub(crate) fn send_bearer(&mut self, path: &str, token: &str) {
        let head =
            format!("POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n");
        self.stream.write_all(head.as_bytes()).unwrap();
    }

    /// Everything until the other end closes.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.stream.read_to_end(&mut bytes).unwrap();
        bytes
    }

    /// Everything until the connection ends, in whatever way.
    pub(crate) fn rest_until_it_breaks(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let ended = self.stream.read_to_end(&mut bytes);
        assert!(ended.is_ok() || ended.is_err_and(|error| error.kind() == ErrorKind::ConnectionReset));
        bytes
    }

    pub(crate) fn head(&mut self) -> Head {
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\r\n\r\n") {
            bytes.extend(self.exactly(1));
        }
        Head(String::from_utf8(bytes).unwrap())
    }

    /// Waits for an answer to begin or for the connection to end.
    pub(crate) fn head_or_nothing(&mut self) {
        let _ended = self.stream.read(&mut [0; 1024]).unwrap();
    }

    pub(crate) fn exactly(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.stream.read_exact(&mut bytes).unwrap();
        bytes
    }

    /// Head and body of an answer whose length is announced.
    pub(crate) fn answer(&mut self) -> (Head, Vec<u8>) {
        let head = self.head();
        let body = self.exactly(head.length());
        (head, body)
    }

    /// Whether nothing has come that was not read.
    pub(crate) fn is_quiet(&self) -> bool {
        self.stream.set_nonblocking(true).unwrap();
        let seen = self.stream.peek(&mut [0]);
        self.stream.set_nonblocking(false).unwrap();
        seen.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }
}

pub(crate) fn request(method: &str, path: &str, body: &str) -> String {
    format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

/// Looks again and again until something is so. The guard only keeps a broken test from hanging.
#[track_caller]
pub(crate) fn until(what: &str, is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < GUARD, "waited in vain for {what}");
        std::thread::park_timeout(Duration::from_millis(1));
    }
}
