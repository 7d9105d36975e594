//! Bytes that came before the request are never its answer.

use crate::{
    authority::server_config,
    delivered::until_unread,
    server::{read_request, reply, sign_in},
};
use auth_core::ports::Transport;
use auth_http::{HttpOptions, HttpTransport};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};
use tokio::runtime::{Builder, Runtime};

/// Answers that a connection gets before anything is written out of turn: enough for the host to count as one that keeps them.
const ORDINARY: usize = 3;

/// A host that keeps its first connection, and writes an answer to it that nobody has asked for.
struct Host {
    port: u16,
    ca: Option<String>,
    /// Has it write.
    now: Sender<()>,
    /// It has written, and the bytes have reached the client's side.
    written: Mutex<Receiver<()>>,
    /// The requests that came over the first connection after that.
    after_it: Arc<Mutex<Vec<String>>>,
}

impl Host {
    fn start(tls: bool) -> Self {
        let (config, ca) = if tls { Some(server_config("localhost")).unzip() } else { (None, None) };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("test set-up");
        let port = listener.local_addr().expect("test set-up").port();
        let (now, wait) = channel();
        let (report, written) = channel();
        let after_it = Arc::<Mutex<Vec<String>>>::default();
        let log = after_it.clone();
        thread::spawn(move || {
            let mut connections = listener.incoming().flatten();
            let Some(first) = connections.next() else { return };
            let later = config.clone();
            thread::spawn(move || {
                let client = first.peer_addr().expect("test set-up");
                let mut stream = wrapped(first, config);
                for _ in 0..ORDINARY {
                    let _asked = read_request(&mut stream);
                    let _gone = stream.write_all(&reply("200 OK", "", "in turn"));
                }
                if wait.recv().is_ok() {
                    let _gone = stream.write_all(&reply("200 OK", "", "early"));
                    until_unread(client);
                    let _test_is_over = report.send(());
                    while let Some(request) = read_request(&mut stream) {
                        log.lock().expect("test set-up").push(request);
                        let _gone = stream.write_all(&reply("401 X", "", "late"));
                    }
                }
            });
            for stream in connections {
                let mut stream = wrapped(stream, later.clone());
                let _asked = read_request(&mut stream);
                let _gone =
                    stream.write_all(&reply("401 X", "Connection: close\r\n", "over a new connection"));
            }
        });
        Self { port, ca, now, written: Mutex::new(written), after_it }
    }

    fn url(&self) -> String {
        match self.ca {
            Some(_) => format!("https://localhost:{}", self.port),
            None => format!("http://127.0.0.1:{}", self.port),
        }
    }

    fn transport(&self) -> HttpTransport {
        let options = HttpOptions::default();
        HttpTransport::new(match &self.ca {
            Some(ca) => options.extra_roots_pem(ca.as_bytes()).expect("test set-up"),
            None => options,
        })
    }

    /// Blocks this thread until the bytes are there.
    fn write_out_of_turn(&self) {
        self.now.send(()).expect("test set-up");
        self.written.lock().expect("test set-up").recv().expect("test set-up");
    }
}

pub(crate) trait Stream: Read + Write + Send {}
impl<T: Read + Write + Send> Stream for T {}

pub(crate) fn wrapped(stream: TcpStream, tls: Option<Arc<ServerConfig>>) -> Box<dyn Stream> {
    match tls {
        Some(config) => {
            let connection = ServerConnection::new(config).expect("test set-up");
            Box::new(StreamOwned::new(connection, stream))
        }
        None => Box::new(stream),
    }
}

/// Signs in as often as it takes to have a connection kept, has the host write while this thread stands still, and signs in again.
async fn stand_still_in_between(host: &Host) {
    let transport = host.transport();
    for _ in 0..ORDINARY {
        let answer = transport.send(sign_in(&host.url())).await.expect("an answer");
        assert_eq!(answer.body.expose(), b"in turn");
    }
    host.write_out_of_turn();
    let answer = transport.send(sign_in(&host.url())).await.expect("an answer");
    let body = String::from_utf8_lossy(answer.body.expose()).into_owned();
    assert_eq!((answer.status, body.as_str()), (401, "over a new connection"));
    assert_eq!(*host.after_it.lock().expect("test set-up"), Vec::<String>::new());
}

pub(crate) fn on_this_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("test set-up")
}

pub(crate) fn on_one_thread_of_its_own() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("test set-up")
}

#[test]
fn bytes_from_before_the_request_are_not_its_answer() {
    for tls in [false, true] {
        for _ in 0..10 {
            on_this_thread().block_on(stand_still_in_between(&Host::start(tls)));
        }
    }
}

#[test]
fn nor_where_the_request_is_made_by_a_task() {
    for tls in [false, true] {
        for runtime in [on_this_thread, on_one_thread_of_its_own] {
            let runtime = runtime();
            let host = Host::start(tls);
            let task = runtime.spawn(async move { stand_still_in_between(&host).await });
            runtime.block_on(task).expect("the test in it");
        }
    }
}

#[test]
fn nor_where_the_thread_that_watches_connections_stands_still() {
    for tls in [false, true] {
        for _ in 0..10 {
            let (host, runtime) = (Host::start(tls), on_one_thread_of_its_own());
            let (at_work, has_begun) = channel();
            let (end, until) = channel::<()>();
            let transport = host.transport();
            runtime.block_on(async {
                for _ in 0..ORDINARY {
                    transport.send(sign_in(&host.url())).await.expect("an answer");
                }
                let work = tokio::spawn(async move {
                    at_work.send(()).expect("test set-up");
                    let _ends = until.recv();
                });
                has_begun.recv().expect("test set-up");
                host.write_out_of_turn();
                let request = transport.send(sign_in(&host.url()));
                let ending = async {
                    // After the request was begun.
                    tokio::task::yield_now().await;
                    end.send(()).expect("test set-up");
                };
                let (answer, ()) = tokio::join!(request, ending);
                assert_eq!(answer.expect("an answer").body.expose(), b"over a new connection");
                work.await.expect("test set-up");
            });
        }
    }
}
