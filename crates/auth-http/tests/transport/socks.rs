//! A proxy that speaks SOCKS 5 (RFC 1928), and requests through it.

use crate::server::open_wizard;
use crate::tls_server::tls_server;
use auth_core::ports::Transport;
use auth_http::{HttpOptions, HttpTransport, Proxy};
use std::{
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc::{Receiver, channel},
    thread,
};

/// What a proxy was asked to connect to: an address, or a name that it has to look up.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    Address,
    Name(String),
}

/// A proxy that leads every connection to this port of this machine: its address, and what it was asked for.
fn proxy(port: u16) -> (String, Receiver<Asked>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("test set-up");
    let at = listener.local_addr().expect("test set-up").to_string();
    let (asked, asks) = channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let asked = asked.clone();
            thread::spawn(move || lead(stream, port, |what| drop(asked.send(what))));
        }
    });
    (at, asks)
}

fn lead(mut client: TcpStream, port: u16, asked: impl Fn(Asked)) -> io::Result<()> {
    let mut head = [0; 2];
    client.read_exact(&mut head)?;
    client.read_exact(&mut vec![0; head[1].into()])?;
    client.write_all(&[5, 0])?;
    let mut request = [0; 4];
    client.read_exact(&mut request)?;
    match request[3] {
        1 => {
            client.read_exact(&mut [0; 6])?;
            asked(Asked::Address);
        }
        _ => {
            let mut length = [0];
            client.read_exact(&mut length)?;
            let mut name = vec![0; usize::from(length[0]) + 2];
            client.read_exact(&mut name)?;
            name.truncate(length[0].into());
            asked(Asked::Name(String::from_utf8_lossy(&name).into_owned()));
        }
    }
    client.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    let server = TcpStream::connect(("127.0.0.1", port))?;
    let (mut to, mut from) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || io::copy(&mut from, &mut to));
    io::copy(&mut &server, &mut client).map(drop)
}

#[tokio::test]
async fn names_are_looked_up_at_the_proxy_if_its_scheme_says_so() {
    let (port, ca) = tls_server("localhost");
    for (scheme, expected) in [("socks5h", Asked::Name("localhost".to_owned())), ("socks5", Asked::Address)] {
        let (at, asks) = proxy(port);
        let options = HttpOptions::default().proxy(Proxy::Through(format!("{scheme}://{at}")));
        let transport = HttpTransport::new(options.extra_roots_pem(ca.as_bytes()).unwrap());
        // The proxy knows where this is.
        let answer = transport.send(open_wizard("https://localhost:4433")).await.unwrap();
        assert_eq!(answer.body.expose(), b"secure");
        assert_eq!(asks.recv().unwrap(), expected);
    }
}
