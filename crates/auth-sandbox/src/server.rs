//! The thread, the runtime and the listener behind a sandbox.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use axum::Router;
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;

use crate::connection;
use crate::connections::{Connections, Seat};
use crate::error::StartError;

/// The wait after a connection could not be accepted, as when there are too many open files.
const PAUSE: Duration = Duration::from_millis(5);
/// How long a client may take for the handshake of TLS, in real time.
const HANDSHAKE: Duration = Duration::from_secs(20);
/// How many passwords are hashed at a time: each takes a thread and 4 MiB.
const MOST_HASHING: usize = 8;
/// The answer to a connection that is one too many.
const FULL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

/// A socket that listens but is not served yet.
pub(crate) struct Bound {
    listener: TcpListener,
    address: SocketAddr,
}

impl Bound {
    pub(crate) fn to(address: SocketAddr) -> Result<Self, StartError> {
        let failed = |source| StartError::Listen { address, source };
        let listener = TcpListener::bind(address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    pub(crate) fn ip(&self) -> IpAddr {
        self.address.ip()
    }

    /// `scheme://address:port` by which this machine reaches the socket.
    pub(crate) fn origin(&self, scheme: &str) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(match address.ip() {
                IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        format!("{scheme}://{address}")
    }
}

/// A running server. Stops when dropped.
pub(crate) struct Server {
    running: Mutex<Option<(oneshot::Sender<()>, JoinHandle<()>)>>,
}

impl Server {
    /// Serves `router` on a thread of its own, so that callers need no runtime and may block.
    pub(crate) fn spawn(bound: Bound, tls: Option<TlsAcceptor>, router: Router) -> Result<Self, StartError> {
        let (stop, stopped) = oneshot::channel();
        let (ready, started) = mpsc::channel();
        let thread = Builder::new()
            .name("auth-sandbox".to_owned())
            .spawn(move || serve(bound.listener, tls, router, &ready, stopped))
            .map_err(StartError::Thread)?;
        match started.recv() {
            Ok(Ok(())) => Ok(Self { running: Mutex::new(Some((stop, thread))) }),
            Ok(Err(error)) => Err(StartError::Thread(error)),
            Err(_) => Err(StartError::Thread(io::Error::other("the server thread ended"))),
        }
    }

    /// Closes the listener and all connections, and waits for the thread.
    pub(crate) fn stop(&self) {
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((stop, thread)) = running {
            drop(stop);
            // A handler that drops its own sandbox cannot wait for itself.
            if thread.thread().id() != std::thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    router: Router,
    ready: &mpsc::Sender<io::Result<()>>,
    stopped: oneshot::Receiver<()>,
) {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    let runtime = match builder.max_blocking_threads(MOST_HASHING).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let _ = ready.send(Err(error));
            return;
        }
    };
    runtime.block_on(async {
        let listener = match tokio::net::TcpListener::from_std(listener) {
            Ok(listener) => listener,
            Err(error) => {
                let _ = ready.send(Err(error));
                return;
            }
        };
        let _ = ready.send(Ok(()));
        tokio::select! {
            () = accept(listener, tls, router) => {}
            _ = stopped => {}
        }
    });
    // With the runtime go all connections, whatever they are waiting for.
    runtime.shutdown_background();
}

/// Takes connections for ever, each into a task of its own.
async fn accept(listener: tokio::net::TcpListener, tls: Option<TlsAcceptor>, router: Router) {
    let connections = Arc::new(Connections::default());
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => match connections.seat() {
                Some(seat) => {
                    let task = tokio::spawn(greet(stream, peer, tls.clone(), router.clone(), seat.clone()));
                    seat.is_served_by(task.abort_handle());
                }
                None => turn_away(stream, tls.is_none()),
            },
            Err(_) => {
                connections.make_room();
                sleep(PAUSE).await;
            }
        }
    }
}

async fn greet(stream: TcpStream, peer: SocketAddr, tls: Option<TlsAcceptor>, router: Router, seat: Seat) {
    let _ = stream.set_nodelay(true);
    match tls {
        None => connection::serve(stream, peer, router, seat).await,
        Some(tls) => {
            if let Ok(Ok(stream)) = timeout(HANDSHAKE, tls.accept(stream)).await {
                connection::serve(stream, peer, router, seat).await;
            }
        }
    }
}

/// Closes a connection that is one too many, without waiting for anything. Under TLS there is nothing that could be said.
fn turn_away(stream: TcpStream, is_plain: bool) {
    if is_plain {
        let _ = stream.try_write(FULL);
    }
}
