//! A refresh endpoint that takes its time.

use crate::sample::token;
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

/// Answers every request after a while: with a new pair, or with a refusal.
pub struct Endpoint {
    port: u16,
    requests: Arc<AtomicU64>,
}

impl Endpoint {
    /// Starts it on threads of its own.
    pub fn start(delay: Duration, refuses: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let requests = Arc::<AtomicU64>::default();
        let count = requests.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let count = count.clone();
                thread::spawn(move || serve(stream, delay, refuses, &count));
            }
        });
        Self { port, requests }
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How many requests came so far.
    pub fn requests(&self) -> u64 {
        self.requests.load(Ordering::Relaxed)
    }

    /// Sends the request by hand on a new connection and waits for the answer.
    pub fn ask(&self) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("connected");
        stream.set_nodelay(true).expect("a socket");
        let head = "POST /api/v2/my/refresh HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n";
        stream.write_all(head.as_bytes()).expect("sent");
        let read = stream.read(&mut [0; 16 * 1024]).expect("answered");
        assert!(read > 0);
    }
}

fn serve(mut stream: TcpStream, delay: Duration, refuses: bool, count: &AtomicU64) {
    stream.set_nodelay(true).expect("a socket");
    let mut buffer = [0; 16 * 1024];
    // One read is one request: they are small, and nobody sends two at once.
    while let Ok(1..) = stream.read(&mut buffer) {
        let n = count.fetch_add(1, Ordering::Relaxed);
        thread::sleep(delay);
        let (status, body) = if refuses {
            ("400 Bad Request", r#"{"error":{"code":400,"message":"Invalid","details":[]}}"#.to_owned())
        } else {
            let now = auth_client::Timestamp::from_second(1_767_225_600).expect("in range");
            let until = now.checked_add(Duration::from_secs(900)).expect("in range");
            let part =
                |n| format!(r#"{{"token":"{}","createdAt":"{now}","expiresAt":"{until}"}}"#, token(n, true));
            ("200 OK", format!(r#"{{"accessToken":{},"refreshToken":{}}}"#, part(n), part(n + 1)))
        };
        let answer = format!(
            "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}
