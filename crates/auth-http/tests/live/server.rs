//! An engine.io 3 server of a few lines, with faults. It has one session at a time.

use crate::{
    frames::{frame, read as read_frame, write},
    watcher::GUARD,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, BufReader},
    net::{TcpListener, TcpStream},
    sync::{mpsc::unbounded_channel, watch},
    time::timeout,
};
use tokio_rustls::TlsAcceptor;

/// How the server behaves.
#[derive(Clone)]
pub(crate) struct Rules {
    pub(crate) upgrades: bool,
    /// What a websocket's handshake gets.
    pub(crate) websocket: Websocket,
    pub(crate) ping_interval: u64,
    pub(crate) ping_timeout: u64,
    pub(crate) pongs: bool,
    /// One byte a write.
    pub(crate) slow: bool,
    /// What the next handshakes get in place of a session.
    pub(crate) instead: VecDeque<Vec<u8>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Websocket {
    Works,
    Refused,
    WithoutProof,
    /// It opens, and the probe is never answered.
    Silent,
}

impl Default for Rules {
    fn default() -> Self {
        let websocket = Websocket::Works;
        Self {
            upgrades: true,
            websocket,
            ping_interval: 25_000,
            ping_timeout: 5000,
            pongs: true,
            slow: false,
            instead: VecDeque::new(),
        }
    }
}

#[derive(Default)]
struct Session {
    number: usize,
    queue: VecDeque<String>,
    probed: bool,
    by_websocket: bool,
}

struct Shared {
    rules: Mutex<Rules>,
    session: Mutex<Session>,
    news: watch::Sender<()>,
    requests: Mutex<Vec<String>>,
    packets: Mutex<Vec<String>>,
    open: AtomicUsize,
    ends: watch::Sender<usize>,
}

#[derive(Clone)]
pub(crate) struct EchoServer {
    pub(crate) port: u16,
    shared: Arc<Shared>,
}

impl EchoServer {
    pub(crate) async fn start(rules: Rules) -> Self {
        Self::start_with(rules, None).await
    }

    pub(crate) async fn start_with(rules: Rules, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("test set-up");
        let port = listener.local_addr().expect("test set-up").port();
        let shared = Arc::new(Shared {
            rules: Mutex::new(rules),
            session: Mutex::default(),
            news: watch::Sender::new(()),
            requests: Mutex::default(),
            packets: Mutex::default(),
            open: AtomicUsize::new(0),
            ends: watch::Sender::new(0),
        });
        let server = Self { port, shared };
        let handle = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                stream.set_nodelay(true).expect("test set-up");
                tokio::spawn(handle.clone().accept(stream, tls.clone()));
            }
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/socket.io/", self.port)
    }

    pub(crate) fn rules(&self) -> MutexGuard<'_, Rules> {
        self.shared.rules.lock().expect("test set-up")
    }

    /// Sends a packet to the client, or has it wait for the next poll.
    pub(crate) fn push(&self, packet: &str) {
        self.push_all(&[packet]);
    }

    /// Several packets in one answer.
    pub(crate) fn push_all(&self, packets: &[&str]) {
        self.session().queue.extend(packets.iter().map(|packet| (*packet).to_owned()));
        self.shared.news.send_replace(());
    }

    /// Forgets the session, as a server does that starts anew; its connections break.
    pub(crate) fn forget(&self) {
        let number = self.session().number;
        *self.session() = Session { number: number + 1, ..Session::default() };
        self.shared.ends.send_modify(|ends| *ends += 1);
    }

    /// Forgets the session, but keeps its connections.
    pub(crate) fn forget_only(&self) {
        let number = self.session().number;
        *self.session() = Session { number: number + 1, ..Session::default() };
        self.shared.news.send_replace(());
    }

    /// The packets of the client so far.
    pub(crate) fn packets(&self) -> Vec<String> {
        self.shared.packets.lock().expect("test set-up").clone()
    }

    /// Waits until the client has sent this packet so often.
    pub(crate) async fn received(&self, packet: &str, times: usize) {
        self.until(|server| {
            server.packets().iter().filter(|other| other.starts_with(packet)).count() >= times
        })
        .await;
    }

    /// Waits until this is so.
    pub(crate) async fn until(&self, holds: impl Fn(&Self) -> bool) {
        let mut news = self.shared.news.subscribe();
        let waiting = async {
            while !holds(self) {
                news.changed().await.expect("test set-up");
            }
        };
        let in_time = timeout(GUARD, waiting).await;
        assert!(in_time.is_ok(), "waited in vain after {:?} {:?}", self.packets(), self.requests());
    }

    /// Waits until the client has closed every connection.
    pub(crate) async fn deserted(&self) {
        self.until(|server| server.shared.open.load(Ordering::SeqCst) == 0).await;
    }

    /// The heads of the requests so far.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.shared.requests.lock().expect("test set-up").clone()
    }

    pub(crate) fn is_by_websocket(&self) -> bool {
        self.session().by_websocket
    }

    fn session(&self) -> MutexGuard<'_, Session> {
        self.shared.session.lock().expect("test set-up")
    }

    async fn accept(self, stream: TcpStream, tls: Option<TlsAcceptor>) {
        self.shared.open.fetch_add(1, Ordering::SeqCst);
        let mut ends = self.shared.ends.subscribe();
        ends.mark_unchanged();
        let served = async {
            match tls {
                None => self.serve(stream).await,
                Some(tls) => match tls.accept(stream).await {
                    Ok(stream) => self.serve(stream).await,
                    Err(_) => None,
                },
            }
        };
        tokio::select! {
            _ = served => {}
            _ = ends.changed() => {}
        }
        self.shared.open.fetch_sub(1, Ordering::SeqCst);
        self.shared.news.send_replace(());
    }

    /// One connection: requests, until one of them becomes a websocket.
    async fn serve(&self, stream: impl AsyncRead + AsyncWrite + Unpin) -> Option<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let (head, body) = read_request(&mut stream).await?;
            self.shared.requests.lock().expect("test set-up").push(head.clone());
            self.shared.news.send_replace(());
            let slow = self.rules().slow;
            if head.contains("transport=websocket") {
                return self.websocket(&head, stream).await;
            }
            let answer = if head.contains("&sid=") {
                self.session_request(&head, &body, &mut stream).await?
            } else {
                self.handshake()
            };
            write(&mut stream, &answer, slow).await?;
        }
    }

    fn open(&self) -> String {
        let mut session = self.session();
        *session = Session { number: session.number + 1, ..Session::default() };
        let Rules { upgrades, ping_interval, ping_timeout, .. } = *self.rules();
        let upgrades = if upgrades { r#"["websocket"]"# } else { "[]" };
        format!(
            r#"0{{"sid":"sid-{}","upgrades":{upgrades},"pingInterval":{ping_interval},"pingTimeout":{ping_timeout}}}"#,
            session.number
        )
    }

    fn handshake(&self) -> Vec<u8> {
        if let Some(instead) = self.rules().instead.pop_front() {
            return instead;
        }
        let open = self.open();
        let cookies = format!(
            "Set-Cookie: io=sid-{}; Path=/; HttpOnly\r\nSet-Cookie: node=b2\r\n",
            self.session().number
        );
        reply("200 OK", &cookies, &format!("{}2:40", payload(&open)))
    }

    async fn session_request(
        &self,
        head: &str,
        body: &str,
        stream: &mut (impl AsyncRead + Unpin),
    ) -> Option<Vec<u8>> {
        let unknown = || Some(reply("400 Bad Request", "", r#"{"code":1,"message":"Session ID unknown"}"#));
        let mut news = self.shared.news.subscribe();
        if !head.contains(&format!("&sid=sid-{} ", self.session().number)) {
            return unknown();
        }
        if head.starts_with("POST ") {
            let (length, packet) = body.split_once(':').expect("test set-up");
            assert_eq!(length.parse::<usize>().expect("test set-up"), packet.encode_utf16().count());
            self.take(packet);
            return Some(reply("200 OK", "", "ok"));
        }
        loop {
            if !head.contains(&format!("&sid=sid-{} ", self.session().number)) {
                return unknown();
            }
            {
                let mut session = self.session();
                if !session.queue.is_empty() {
                    let body: String = session.queue.drain(..).map(|packet| payload(&packet)).collect();
                    return Some(reply("200 OK", "", &body));
                }
                if session.probed {
                    return Some(reply("200 OK", "", "1:6"));
                }
            }
            let mut byte = [0; 1];
            tokio::select! {
                changed = news.changed() => changed.expect("test set-up"),
                // Nothing comes while a request hangs, but its end.
                _ = stream.read(&mut byte) => return None,
            }
        }
    }

    fn take(&self, packet: &str) {
        self.shared.packets.lock().expect("test set-up").push(packet.to_owned());
        let pongs = self.rules().pongs;
        if packet == "2" && pongs {
            self.session().queue.push_back("3".to_owned());
        }
        self.shared.news.send_replace(());
    }

    async fn websocket(&self, head: &str, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> Option<()> {
        let Rules { websocket, slow, .. } = self.rules().clone();
        if websocket == Websocket::Refused {
            return write(&mut stream, &reply("400 Bad Request", "", "no websockets here"), slow).await;
        }
        let instead = self.rules().instead.pop_front();
        if let Some(instead) = instead {
            return write(&mut stream, &instead, slow).await;
        }
        let key =
            head.lines().find_map(|line| line.strip_prefix("sec-websocket-key: ")).expect("test set-up");
        let mut hash = sha1_smol::Sha1::new();
        hash.update(format!("{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11").as_bytes());
        let proof = if websocket == Websocket::WithoutProof {
            String::new()
        } else {
            BASE64_STANDARD.encode(hash.digest().bytes())
        };
        let answer = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {proof}\r\n\r\n"
        );
        write(&mut stream, answer.as_bytes(), slow).await?;
        let mut news = self.shared.news.subscribe();
        if !head.contains("&sid=") {
            let open = self.open();
            self.session().by_websocket = true;
            write(&mut stream, &frame(&open), slow).await?;
            write(&mut stream, &frame("40"), slow).await?;
        }
        let (mut reading, mut writing) = tokio::io::split(stream);
        let (answer, mut answers) = unbounded_channel();
        let reader = async {
            loop {
                let (opcode, packet) = read_frame(&mut reading).await?;
                match (opcode, packet.as_str()) {
                    (8, _) => return None::<()>,
                    (_, "2probe") if websocket == Websocket::Silent => {}
                    (_, "2probe") => {
                        answer.send("3probe".to_owned()).ok()?;
                        self.session().probed = true;
                    }
                    (_, "5") => self.session().by_websocket = true,
                    _ => {}
                }
                self.take(&packet);
            }
        };
        let writer = async {
            loop {
                let waiting: Vec<_> = {
                    let mut session = self.session();
                    if session.by_websocket { session.queue.drain(..).collect() } else { Vec::new() }
                };
                for packet in waiting {
                    write(&mut writing, &frame(&packet), slow).await?;
                }
                tokio::select! {
                    packet = answers.recv() => write(&mut writing, &frame(&packet?), slow).await?,
                    changed = news.changed() => changed.ok()?,
                }
            }
        };
        tokio::select! {
            end = reader => end,
            end = writer => end,
        }
    }
}

pub(crate) fn payload(packet: &str) -> String {
    format!("{}:{packet}", packet.encode_utf16().count())
}

/// An HTTP answer.
pub(crate) fn reply(status: &str, headers: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n{headers}\r\n{body}", body.len()).into_bytes()
}

pub(crate) async fn read_request(stream: &mut (impl AsyncBufReadExt + Unpin)) -> Option<(String, String)> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        (stream.read_line(&mut head).await.ok()? > 0).then_some(())?;
    }
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().expect("test set-up"));
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some((head, String::from_utf8(body).expect("test set-up")))
}
