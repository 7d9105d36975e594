//! A scripted HTTP server for whatever no B2Core host says: it sends the bytes it is notified to.

use std::fs::File;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path with the query.
    pub path: String,
    /// Header lines, without the request line.
    pub headers: Vec<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// The body as JSON; null if it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.headers.iter().filter_map(|line| line.split_once(':'));
        lines.into_iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }
}

/// What is done with a request.
#[derive(Clone, Debug)]
pub enum Answer {
    /// These bytes, and the connection is closed.
    Bytes(Vec<u8>),
    /// These bytes, and the connection is kept.
    Keep(Vec<u8>),
    /// The same, and later bytes that nobody has asked for.
    KeepAndAdd(Vec<u8>, Early),
    /// No byte, while the client waits.
    Silence,
}

impl Answer {
    /// The same answer, over a connection that is kept.
    #[must_use]
    pub fn kept(self) -> Self {
        match self {
            Self::Bytes(bytes) => {
                let text = String::from_utf8(bytes).expect("the answers made here are text");
                Self::Keep(text.replacen("Connection: close\r\n", "", 1).into_bytes())
            }
            other => other,
        }
    }

    /// The same answer, and then early the bytes of another.
    #[must_use]
    pub fn and_early(self, when: When, other: Self) -> Self {
        match (self.kept(), other.kept()) {
            (Self::Keep(bytes), Self::Keep(early)) => Self::KeepAndAdd(bytes, Early { when, bytes: early }),
            (answer, _) => answer,
        }
    }
}

/// Bytes that come before the request.
#[derive(Clone, Debug)]
pub struct Early {
    when: When,
    bytes: Vec<u8>,
}

/// When they come.
#[derive(Clone, Debug)]
pub enum When {
    /// So long after the last answer, unless a request was faster.
    After(Duration),
    /// While somebody reads this named pipe, who then gets this text.
    WhileRead(PathBuf, &'static str),
}

/// A running server. Stops when dropped.
#[derive(Debug)]
pub struct RawHost {
    port: u16,
    log: Arc<Log>,
    stopped: Arc<AtomicBool>,
}

#[derive(Debug, Default)]
struct Log {
    seen: Mutex<Vec<Request>>,
    after_early: Mutex<Vec<Duration>>,
}

impl RawHost {
    /// Serves on a free port of this machine; `script` answers every request.
    pub fn start(script: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let port = listener.local_addr().expect("a listener has an address").port();
        let seen = Arc::new(Log::default());
        let stopped = Arc::new(AtomicBool::new(false));
        let (log, end, script) = (Arc::clone(&seen), Arc::clone(&stopped), Arc::new(script));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                if end.load(Ordering::SeqCst) {
                    return;
                }
                let (log, script) = (Arc::clone(&log), Arc::clone(&script));
                // A client that goes away in the middle is part of what is tried.
                thread::spawn(move || drop(serve(stream, &log, &*script)));
            }
        });
        Self { port, log: seen, stopped }
    }

    /// A host whose wizard opens as it should, and that answers everything else with the same bytes.
    pub fn after_the_wizard(bytes: Vec<u8>) -> Self {
        Self::start(
            move |request| {
                if request.path.ends_with("/wizard") { wizard() } else { Answer::Bytes(bytes.clone()) }
            },
        )
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// All requests so far.
    pub fn requests(&self) -> Vec<Request> {
        self.log.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Of the requests over a connection that had brought early bytes: how long after those they came.
    pub fn after_early(&self) -> Vec<Duration> {
        self.log.after_early.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many requests so far went to a path that ends so.
    pub fn count(&self, path_end: &str) -> usize {
        self.requests().iter().filter(|request| request.path.ends_with(path_end)).count()
    }
}

impl Drop for RawHost {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Wakes the listener up.
        let _woken = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

fn serve(stream: TcpStream, log: &Log, script: &dyn Fn(&Request) -> Answer) -> std::io::Result<()> {
    // What is written goes out at once, and not when the client has confirmed what came before.
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut early: Option<Instant> = None;
    loop {
        let request = read(&mut reader)?;
        if request.method.is_empty() {
            return Ok(());
        }
        if let Some(at) = early {
            log.after_early.lock().unwrap_or_else(PoisonError::into_inner).push(at.elapsed());
        }
        log.seen.lock().unwrap_or_else(PoisonError::into_inner).push(request.clone());
        match script(&request) {
            Answer::Bytes(bytes) => {
                (&stream).write_all(&bytes)?;
                stream.shutdown(Shutdown::Write)?;
                break;
            }
            Answer::Keep(bytes) => (&stream).write_all(&bytes)?,
            Answer::KeepAndAdd(bytes, Early { when, bytes: added }) => {
                (&stream).write_all(&bytes)?;
                let reader_of_pipe = match when {
                    When::After(time) if comes_within(time, &stream, &mut reader)? => continue,
                    When::After(_) => None,
                    When::WhileRead(pipe, text) => Some((File::options().write(true).open(pipe)?, text)),
                };
                (&stream).write_all(&added)?;
                early = Some(Instant::now());
                if let Some((mut pipe, text)) = reader_of_pipe {
                    pipe.write_all(text.as_bytes())?;
                }
            }
            Answer::Silence => break,
        }
    }
    // Until the client has gone.
    reader.read_to_end(&mut Vec::new()).map(drop)
}

/// Whether there is a request, or an end, within this time.
fn comes_within(time: Duration, stream: &TcpStream, reader: &mut impl BufRead) -> std::io::Result<bool> {
    stream.set_read_timeout(Some(time.max(Duration::from_micros(1))))?;
    let came = match reader.fill_buf() {
        Ok(_) => true,
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => false,
        Err(error) => return Err(error),
    };
    stream.set_read_timeout(None)?;
    Ok(came)
}

fn read(reader: &mut impl BufRead) -> std::io::Result<Request> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let line = line.trim_end().to_owned();
        if line.is_empty() {
            break;
        }
        lines.push(line);
    }
    let first = if lines.is_empty() { String::new() } else { lines.remove(0) };
    let mut words = first.split(' ').map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut request = Request { method, path, headers: lines, body: Vec::new() };
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    request.body = vec![0; length];
    reader.read_exact(&mut request.body)?;
    Ok(request)
}

/// A whole HTTP/1.1 answer with more header lines, such as `Retry-After: 7`.
pub fn http(status: u16, content_type: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let more: String = headers.iter().map(|line| format!("{line}\r\n")).collect();
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\nConnection: close\r\n{more}\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

/// A JSON answer.
pub fn json_bytes(status: u16, body: &Value) -> Vec<u8> {
    http(status, "application/json", &[], body.to_string().as_bytes())
}

/// A web page.
pub fn page(status: u16) -> Vec<u8> {
    http(
        status,
        "text/html",
        &[],
        b"<!doctype html><html><body><h1>Welcome to the hotel's network</h1></body></html>",
    )
}

/// The uuid of every scripted wizard.
pub const UUID: &str = "03b612d1-e973-4f1e-bf8f-d97f88515104";

/// An opened wizard, as documented.
pub fn wizard() -> Answer {
    step(
        "login",
        json!({
            "recaptcha": {"enabled": false}, "is_qr_available": false, "is_password_recovery_available": false,
        }),
    )
}

/// An intermediate answer of a wizard.
pub fn step(workflow: &str, data: Value) -> Answer {
    let body = json!({"code": 200, "data": data, "done": false, "uuid": UUID, "workflow": workflow});
    Answer::Bytes(json_bytes(200, &body))
}

/// A front-office answer with tokens: an access token of 15 minutes and a refresh token of an hour.
pub fn signed_in(access: &str, refresh: &str) -> Answer {
    Answer::Bytes(json_bytes(
        200,
        &json!({
            "code": 202, "data": pair(access, refresh), "done": true, "uuid": UUID, "workflow": "Terminate",
        }),
    ))
}

/// The two token fields, as documented.
pub fn pair(access: &str, refresh: &str) -> Value {
    let token = |text: &str, expires: &str| json!({"token": text, "createdAt": "2024-04-22T11:07:24+00:00", "expiresAt": expires});
    json!({
        "accessToken": token(access, "2024-04-22T11:22:24+00:00"),
        "refreshToken": token(refresh, "2024-04-22T12:07:24+00:00"),
    })
}
