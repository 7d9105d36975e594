//! A server of a few lines: answers each connection with given bytes and remembers what it was sent.

use auth_core::{
    ApiRequest, CorrelationId, Host, HttpRequest, Office, RequestContext, Timestamp, sign_in::Step,
};
use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

/// What the server does with a connection once it has read a request.
#[derive(Clone)]
pub(crate) enum Act {
    /// Sends these bytes and closes.
    Say(Vec<u8>),
    /// Sends these bytes and holds on until the client goes.
    SayAndHold(Vec<u8>),
    /// Sends these bytes, and closes a moment later.
    SayAndLinger(Vec<u8>, Duration),
    /// Sends these bytes to every request on the same connection.
    Keep(Vec<u8>),
}

pub(crate) struct Server {
    pub(crate) port: u16,
    seen: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    pub(crate) fn start(act: Act) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let seen = Arc::<Mutex<Vec<String>>>::default();
        let log = seen.clone();
        let connections = Arc::<AtomicUsize>::default();
        let count = connections.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                let (act, log) = (act.clone(), log.clone());
                thread::spawn(move || serve(stream, &act, &log));
            }
        });
        Self { port, seen, connections }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// How many connections were opened so far.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The requests so far, head and body.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().expect("not poisoned").clone()
    }
}

fn serve(mut stream: TcpStream, act: &Act, log: &Mutex<Vec<String>>) {
    let Some(request) = read_request(&mut stream) else { return };
    log.lock().expect("not poisoned").push(request);
    match act {
        Act::Keep(bytes) => {
            let _gone = stream.write_all(bytes);
            serve(stream, act, log);
        }
        Act::SayAndLinger(bytes, moment) => {
            let _gone = stream.write_all(bytes);
            thread::sleep(*moment);
        }
        Act::Say(bytes) => {
            let _gone = stream.write_all(bytes);
        }
        Act::SayAndHold(bytes) => {
            let _gone = stream.write_all(bytes);
            let _until_closed = stream.read(&mut [0; 1]);
        }
    }
}

pub(crate) fn read_request(stream: &mut impl Read) -> Option<String> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let (name, value) = line.split_once(':')?;
                name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
            });
            if body.len() >= length.unwrap_or(0) {
                return Some(text);
            }
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return None,
            Ok(n) => bytes.extend_from_slice(&chunk[..n]),
        }
    }
}

/// An HTTP answer with a length.
pub(crate) fn reply(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n{headers}\r\n{body}", body.len()).into_bytes()
}

/// `GET /my/signin/wizard` of a host.
pub(crate) fn open_wizard(host: &str) -> HttpRequest {
    let now: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a date");
    let Step::Start(start) = Step::begin(Office::Front, now) else {
        panic!("the front office starts at its wizard")
    };
    into_http(start.open().0, host)
}

/// A sign-in at the back office of a host.
pub(crate) fn sign_in(host: &str) -> HttpRequest {
    use auth_core::{DeviceFingerprint, secret::Password, sign_in::Credentials};
    let now: Timestamp = "2026-01-01T00:00:00Z".parse().expect("a date");
    let Step::NeedCredentials(form) = Step::begin(Office::Back, now) else {
        panic!("the back office has no wizard")
    };
    let login = Credentials::new("ann@example.com", Password::new("Secret123"));
    into_http(form.submit(login, &DeviceFingerprint::new("test/1")).expect("valid input").0, host)
}

fn into_http(request: ApiRequest, host: &str) -> HttpRequest {
    let host = Host::parse(host).expect("a host");
    let context = RequestContext { host, user_agent: "test/1".into(), language: Some("ja".into()) };
    request.into_http(&context, CorrelationId::new("id-1"))
}
