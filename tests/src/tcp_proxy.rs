//! A network in between that is slow, loses connections, or has a web server's error page in place of the server.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use crate::raw_host::page;

/// What becomes of a new connection.
#[derive(Clone, Copy, Debug)]
pub enum Manner {
    /// It is passed on.
    Good,
    /// One byte a write, both ways.
    OneByteAWrite,
    /// It is cut when the server has sent so many bytes.
    CutAfter(usize),
    /// A page with this status, in HTML.
    Page(u16),
}

/// A proxy before a port of this machine.
#[derive(Clone, Debug)]
pub struct TcpProxy {
    /// Its own port.
    pub port: u16,
    manner: Arc<Mutex<Manner>>,
}

impl TcpProxy {
    /// Begins in this manner.
    pub fn before(target: u16, manner: Manner) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let proxy = Self { port, manner: Arc::new(Mutex::new(manner)) };
        let own = proxy.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let manner = *own.manner.lock().unwrap_or_else(PoisonError::into_inner);
                thread::spawn(move || serve(client, target, manner));
            }
        });
        proxy
    }

    /// New connections are treated in this manner from now on.
    pub fn change(&self, manner: Manner) {
        *self.manner.lock().unwrap_or_else(PoisonError::into_inner) = manner;
    }

    /// The address of the live channel behind it.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}/socket.io/", self.port)
    }
}

fn serve(mut client: TcpStream, target: u16, manner: Manner) -> Option<()> {
    if let Manner::Page(status) = manner {
        let _request = client.read(&mut [0; 4096]).ok()?;
        return client.write_all(&page(status)).ok();
    }
    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, target)).ok()?;
    client.set_nodelay(true).ok()?;
    server.set_nodelay(true).ok()?;
    let (from_client, to_server) = (client.try_clone().ok()?, server.try_clone().ok()?);
    let one_byte = matches!(manner, Manner::OneByteAWrite);
    thread::spawn(move || pass_on(from_client, to_server, one_byte, usize::MAX));
    let most = if let Manner::CutAfter(bytes) = manner { bytes } else { usize::MAX };
    pass_on(server, client, one_byte, most)
}

fn pass_on(mut from: TcpStream, mut to: TcpStream, one_byte: bool, mut most: usize) -> Option<()> {
    let mut buffer = [0; 4096];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        let bytes = &buffer[..read.min(most)];
        let size = if one_byte { 1 } else { bytes.len().max(1) };
        if bytes.chunks(size).try_for_each(|chunk| to.write_all(chunk)).is_err() {
            break;
        }
        most -= bytes.len();
        if most == 0 {
            break;
        }
    }
    from.shutdown(Shutdown::Both).ok()?;
    to.shutdown(Shutdown::Both).ok()
}
