//! Several connections that are kept: they serve what comes next, and each of them is looked at before it does.

use crate::{
    authority::server_config,
    delivered::until_unread,
    early::{on_one_thread_of_its_own, on_this_thread, wrapped},
    server::{read_request, reply, sign_in},
};
use auth_core::ports::Transport;
use auth_http::{HttpOptions, HttpTransport};
use std::{
    io::Write,
    net::{Ipv4Addr, TcpListener},
    sync::{
        Arc, Barrier, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread,
    time::Duration,
};
use tokio::task::JoinSet;

/// Requests in flight.
const CROWD: usize = 32;

/// A host that answers when so many requests are there at once, and keeps every connection.
struct Crowded {
    port: u16,
    connections: Arc<AtomicUsize>,
}

impl Crowded {
    fn start(crowd: usize) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("test set-up");
        let port = listener.local_addr().expect("test set-up").port();
        let connections = Arc::<AtomicUsize>::default();
        let count = connections.clone();
        let all_here = Arc::new(Barrier::new(crowd));
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                count.fetch_add(1, Ordering::SeqCst);
                let all_here = all_here.clone();
                thread::spawn(move || {
                    while read_request(&mut stream).is_some() {
                        all_here.wait();
                        let _gone = stream.write_all(&reply("200 OK", "", "{}"));
                    }
                });
            }
        });
        Self { port, connections }
    }

    /// A crowd of requests; how many connections there have been then.
    async fn ask(&self, transport: &Arc<HttpTransport>) -> usize {
        let mut crowd = JoinSet::new();
        for _ in 0..CROWD {
            let (transport, url) = (transport.clone(), format!("http://127.0.0.1:{}", self.port));
            crowd.spawn(async move { transport.send(sign_in(&url)).await });
        }
        for answer in crowd.join_all().await {
            assert_eq!(answer.expect("an answer").status, 200);
        }
        self.connections.load(Ordering::SeqCst)
    }
}

fn with(options: HttpOptions) -> Arc<HttpTransport> {
    // A minute: what is asserted is not how long anything takes.
    Arc::new(HttpTransport::new(options.idle_timeout(Duration::from_secs(60))))
}

#[test]
fn a_second_crowd_uses_the_connections_of_the_first() {
    for runtime in [on_this_thread, on_one_thread_of_its_own] {
        let host = Crowded::start(CROWD);
        let transport = with(HttpOptions::default());
        runtime().block_on(async {
            assert_eq!(host.ask(&transport).await, CROWD);
            assert_eq!(host.ask(&transport).await, CROWD);
            assert_eq!(host.ask(&transport).await, CROWD);
        });
    }
}

#[test]
fn no_more_are_kept_than_the_option_says() {
    for most in [0, 1, 8] {
        let host = Crowded::start(CROWD);
        let transport = with(HttpOptions::default().max_idle_connections(most));
        on_this_thread().block_on(async {
            assert_eq!(host.ask(&transport).await, CROWD);
            assert_eq!(host.ask(&transport).await, 2 * CROWD - most);
        });
    }
}

/// Connections that are idle when something comes over all of them.
const KEPT: usize = 4;
/// Requests that the first of them serves before there are others.
const ORDINARY: usize = 3;

/// A host that keeps its first connections, and writes an answer to each of them that nobody has asked for.
struct Early {
    port: u16,
    ca: Option<String>,
    /// Have it write, one for each.
    now: Vec<Sender<()>>,
    /// It has written, and the bytes have reached the client's side.
    written: Mutex<Receiver<()>>,
    /// The requests that came over those connections after that.
    after_it: Arc<Mutex<Vec<String>>>,
}

impl Early {
    fn start(tls: bool) -> Self {
        let (config, ca) = if tls { Some(server_config("localhost")).unzip() } else { (None, None) };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("test set-up");
        let port = listener.local_addr().expect("test set-up").port();
        let (now, waits): (Vec<_>, Vec<_>) = (0..KEPT).map(|_| channel::<()>()).unzip();
        let (report, written) = channel();
        let after_it = Arc::<Mutex<Vec<String>>>::default();
        let log = after_it.clone();
        let all_here = Arc::new(Barrier::new(KEPT));
        thread::spawn(move || {
            let mut connections = listener.incoming().flatten();
            for (place, wait) in waits.into_iter().enumerate() {
                let Some(stream) = connections.next() else { return };
                let (config, all_here, log) = (config.clone(), all_here.clone(), log.clone());
                let report = report.clone();
                thread::spawn(move || {
                    let client = stream.peer_addr().expect("test set-up");
                    let mut stream = wrapped(stream, config);
                    for _ in 0..if place == 0 { ORDINARY } else { 0 } {
                        let _asked = read_request(&mut stream);
                        let _gone = stream.write_all(&reply("200 OK", "", "in turn"));
                    }
                    let _asked = read_request(&mut stream);
                    all_here.wait();
                    let _gone = stream.write_all(&reply("200 OK", "", "in turn"));
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
            }
            for stream in connections {
                let config = config.clone();
                thread::spawn(move || {
                    let mut stream = wrapped(stream, config);
                    let _asked = read_request(&mut stream);
                    let answer = reply("401 X", "Connection: close\r\n", "over a new connection");
                    let _gone = stream.write_all(&answer);
                });
            }
        });
        Self { port, ca, now, written: Mutex::new(written), after_it }
    }

    fn transport(&self) -> Arc<HttpTransport> {
        with(match &self.ca {
            Some(ca) => HttpOptions::default().extra_roots_pem(ca.as_bytes()).expect("test set-up"),
            None => HttpOptions::default(),
        })
    }

    /// So many requests at once; what they were answered.
    async fn ask(&self, transport: &Arc<HttpTransport>, count: usize) -> Vec<String> {
        let mut asked = JoinSet::new();
        for _ in 0..count {
            let transport = transport.clone();
            let url = match self.ca {
                Some(_) => format!("https://localhost:{}", self.port),
                None => format!("http://127.0.0.1:{}", self.port),
            };
            asked.spawn(async move { transport.send(sign_in(&url)).await });
        }
        let answers = asked.join_all().await.into_iter();
        let text =
            |answer: auth_core::HttpResponse| String::from_utf8_lossy(answer.body.expose()).into_owned();
        answers.map(|answer| text(answer.expect("an answer"))).collect()
    }

    /// Blocks this thread until the bytes are there, on all of them.
    fn write_out_of_turn(&self) {
        for now in &self.now {
            now.send(()).expect("test set-up");
        }
        let written = self.written.lock().expect("test set-up");
        (0..KEPT).for_each(|_| written.recv().expect("test set-up"));
    }
}

/// Has a host keep several connections and write to all of them while this thread stands still, and asks again, so many at once.
async fn stand_still_in_between(host: &Early, at_once: usize) {
    let transport = host.transport();
    for _ in 0..ORDINARY {
        assert_eq!(host.ask(&transport, 1).await, ["in turn"]);
    }
    assert_eq!(host.ask(&transport, KEPT).await, ["in turn"; KEPT]);
    host.write_out_of_turn();
    for _ in 0..KEPT / at_once {
        assert_eq!(host.ask(&transport, at_once).await, vec!["over a new connection"; at_once]);
    }
    assert_eq!(*host.after_it.lock().expect("test set-up"), Vec::<String>::new());
}

#[test]
fn none_of_several_connections_with_early_bytes_is_used() {
    for tls in [false, true] {
        for runtime in [on_this_thread, on_one_thread_of_its_own] {
            for at_once in [1, KEPT] {
                let (host, runtime) = (Early::start(tls), runtime());
                // A task: it is the thread that watches the connections which stands still.
                let task = runtime.spawn(async move { stand_still_in_between(&host, at_once).await });
                runtime.block_on(task).expect("the test in it");
            }
        }
    }
}
