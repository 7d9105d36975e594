//! A server that speaks TLS.

use crate::authority::server_config;
use crate::server::{read_request, reply};
use rustls::{ServerConnection, StreamOwned};
use std::{io::Write, net::TcpListener, thread};

/// A server with a certificate for `name` from a new authority: its port, and the authority as PEM.
pub(crate) fn tls_server(name: &str) -> (u16, String) {
    let (config, ca) = server_config(name);
    let listener = TcpListener::bind("127.0.0.1:0").expect("test set-up");
    let port = listener.local_addr().expect("test set-up").port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(config.clone()).expect("test set-up");
            let mut stream = StreamOwned::new(connection, stream);
            if read_request(&mut stream).is_some() {
                let _gone = stream.write_all(&reply("200 OK", "", "secure"));
                stream.conn.send_close_notify();
                let _gone = stream.flush();
            }
        }
    });
    (port, ca)
}
