//! Whether what was written has reached the other side.

use std::net::SocketAddr;

/// Waits until the socket of this address, at this machine, holds bytes that were not read.
#[cfg(target_os = "linux")]
pub(crate) fn until_unread(socket: SocketAddr) {
    let address = format!("0100007F:{:04X}", socket.port());
    let has_unread = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let queues = fields.get(4).and_then(|queues| queues.split_once(':'));
        fields.get(1) == Some(&address.as_str()) && queues.is_some_and(|(_, unread)| unread != "00000000")
    };
    while !std::fs::read_to_string("/proc/net/tcp").expect("test set-up").lines().any(has_unread) {
        std::thread::yield_now();
    }
}

/// Elsewhere a write to the same machine is taken to be there when it returns.
#[cfg(not(target_os = "linux"))]
pub(crate) fn until_unread(_socket: SocketAddr) {}
