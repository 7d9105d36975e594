//! Making sure that the runtime has noticed what has arrived.
//!
//! Bytes that reach a connection which waits for nothing are no answer to anything, and hyper drops such a connection: each time it
//! looks at one, it reads before it writes. But tokio reads only where the system has told it that there is something, and it asks the
//! system only while the runtime is being driven. After a thread that stood still (a prompt, a passphrase that was stretched) the next request
//! would go out first, and the bytes would be taken for its answer.
//!
//! Giving way to other tasks (`yield_now`) is not enough: on a runtime with threads of its own it asks the system only if no other
//! thread is about to, and outside of its threads never. So a socket is made that is ready at once, and waited for: the
//! system reports in the order in which things became ready, and whoever asks it notes all of that before waking anybody.

use std::io;

/// Returns when the runtime knows what had arrived on its connections before the call.
///
/// # Errors
/// There is no socket left for it. Then no connection that was kept should be used.
#[cfg(unix)]
pub(crate) async fn is_noticed() -> io::Result<()> {
    let (socket, _other) = std::os::unix::net::UnixDatagram::pair()?;
    socket.set_nonblocking(true)?;
    tokio::net::UnixDatagram::from_std(socket)?.writable().await
}

/// Returns when the runtime knows what had arrived on its connections before the call.
///
/// # Errors
/// There is no socket left for it. Then no connection that was kept should be used.
#[cfg(not(unix))]
pub(crate) async fn is_noticed() -> io::Result<()> {
    tokio::net::UdpSocket::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?.writable().await
}
