//! A host that says the same to everybody: no password hashing, no signing, no state.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

/// The calls of a sign-in with a chosen second factor: path, and body of the answer.
pub const BODIES: [(&str, &str); 4] = [
    (
        "/api/v2/my/signin/wizard",
        r#"{"code":200,"data":{"recaptcha":{"enabled":false},"is_qr_available":true,"is_password_recovery_available":true},"done":false,"uuid":"36f59381-5b54-48bd-a0c7-3b908c476732","workflow":"login"}"#,
    ),
    (
        "/api/v2/my/signin",
        r#"{"code":200,"data":{"accessToken":{},"refreshToken":{},"tfaProviders":[{"name":"sms","localizedCaption":"SMS","enabled":true},{"name":"google","localizedCaption":"Google Authenticator","enabled":true}]},"done":false,"uuid":"36f59381-5b54-48bd-a0c7-3b908c476732","workflow":"2fa"}"#,
    ),
    (
        "/api/v2/my/signin/2fa",
        r#"{"code":200,"data":{},"done":false,"uuid":"36f59381-5b54-48bd-a0c7-3b908c476732","workflow":"2fa_google_auth"}"#,
    ),
    (
        "/api/v2/my/2fa/google",
        concat!(
            r#"{"code":202,"data":{"accessToken":{"token":"eyJhbGciOiJSUzI1NiJ9."#,
            "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3ODlBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWg",
            r#".c2ln","createdAt":"2026-01-01T00:00:00+00:00","expiresAt":"2036-01-01T00:00:00+00:00"},"refreshToken":{"token":"eyJhbGciOiJSUzI1NiJ9."#,
            "MDEyMzQ1Njc4OUFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaYWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU2Nzg5QUJDREVGR0hJSktMTU5PUA",
            r#".c2ln","createdAt":"2026-01-01T00:00:00+00:00","expiresAt":"2036-01-01T00:00:00+00:00"},"tfaProviders":[]},"done":true,"uuid":"36f59381-5b54-48bd-a0c7-3b908c476732","workflow":"Terminate"}"#
        ),
    ),
];

/// What a refresh is answered with.
pub const REFRESHED: (&str, &str) = (
    "/api/v2/my/refresh",
    concat!(
        r#"{"accessToken":{"token":"eyJhbGciOiJSUzI1NiJ9."#,
        "MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTEx",
        r#".c2ln","createdAt":"2026-01-01T00:00:00+00:00","expiresAt":"2036-01-01T00:00:00+00:00"},"refreshToken":{"token":"eyJhbGciOiJSUzI1NiJ9."#,
        "MjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIy",
        r#".c2ln","createdAt":"2026-01-01T00:00:00+00:00","expiresAt":"2036-01-01T00:00:00+00:00"}}"#
    ),
);

/// Serves [`BODIES`] and [`REFRESHED`] on a free port of 127.0.0.1, on connections that it keeps.
pub struct Responder {
    port: u16,
    requests: Arc<AtomicUsize>,
    connections: Arc<AtomicUsize>,
}

impl Responder {
    /// Starts it on threads of its own.
    pub fn start() -> Self {
        Self::with_slow_refresh(Duration::ZERO)
    }

    /// The same, with a refresh that takes its time.
    pub fn with_slow_refresh(takes: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let (requests, connections) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let counts = (requests.clone(), connections.clone());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                counts.1.fetch_add(1, Ordering::Relaxed);
                let requests = counts.0.clone();
                thread::spawn(move || serve(stream, &requests, takes));
            }
        });
        Self { port, requests, connections }
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Requests and connections since the last call.
    pub fn take_counts(&self) -> (usize, usize) {
        (self.requests.swap(0, Ordering::Relaxed), self.connections.swap(0, Ordering::Relaxed))
    }
}

fn serve(mut stream: TcpStream, requests: &AtomicUsize, refresh_takes: Duration) {
    stream.set_nodelay(true).expect("a socket");
    let mut buffer = [0; 16 * 1024];
    let mut filled = 0;
    loop {
        match stream.read(&mut buffer[filled..]) {
            Ok(0) | Err(_) => return,
            Ok(n) => filled += n,
        }
        let Some((path, answer)) = whole_request(&buffer[..filled]) else { continue };
        filled = 0;
        requests.fetch_add(1, Ordering::Relaxed);
        if path == REFRESHED.0 {
            thread::sleep(refresh_takes);
        }
        if stream.write_all(answer.as_bytes()).is_err() {
            return;
        }
    }
}

/// The path and the answer, once the request is there to its end.
fn whole_request(bytes: &[u8]) -> Option<(&'static str, String)> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    if body.len() < length.unwrap_or(0) {
        return None;
    }
    let path = head.split(' ').nth(1)?;
    let known = BODIES.iter().chain([&REFRESHED]).find(|(known, _)| *known == path);
    let (path, answer) = known.expect("a call of a sign-in, or a refresh");
    let answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Length: {}\r\n\r\n{answer}",
        answer.len()
    );
    Some((path, answer))
}
