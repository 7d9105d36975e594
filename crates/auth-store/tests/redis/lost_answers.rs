//! Answers that are lost on their way: what was done is not done twice, and not taken for undone.

use super::*;
use crate::server::Server;
use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

/// A relay in front of a server, which cuts the next answer off.
struct Relay {
    port: u16,
    cuts: Arc<AtomicBool>,
}

impl Relay {
    fn start(server: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let (port, cuts) = (listener.local_addr().unwrap().port(), Arc::new(AtomicBool::default()));
        let relay = Self { port, cuts: Arc::clone(&cuts) };
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let (client, server) = (client.unwrap(), TcpStream::connect(("127.0.0.1", server)).unwrap());
                let asks = (client.try_clone().unwrap(), server.try_clone().unwrap());
                std::thread::spawn(move || copy(asks.0, asks.1, &AtomicBool::new(false)));
                let cuts = Arc::clone(&cuts);
                std::thread::spawn(move || copy(server, client, &cuts));
            }
        });
        relay
    }

    fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    fn cut(&self) {
        self.cuts.store(true, Ordering::SeqCst);
    }

    fn has_cut(&self) -> bool {
        !self.cuts.load(Ordering::SeqCst)
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream, cuts: &AtomicBool) {
    let mut bytes = [0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut bytes) {
        if cuts.swap(false, Ordering::SeqCst) || to.write_all(&bytes[..count]).is_err() {
            break;
        }
    }
    let _closed = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_write_whose_answer_is_lost_has_one_outcome() {
    let server = Server::start();
    let relay = Relay::start(server.port);
    let store = open(&relay.url());
    put(&store, &session(), 1, "first").await;
    relay.cut();
    store.save(&session(), &record(2, "next"), WriteCondition::Replacing(SessionId(1))).await.unwrap();
    assert!(relay.has_cut());
    assert_eq!(body(&store, &session()).await.unwrap(), "next");

    relay.cut();
    let held = store.lock(&session()).await.unwrap();
    assert!(relay.has_cut());
    relay.cut();
    store.save(&session(), &record(2, "under the lock"), WriteCondition::SameSession).await.unwrap();
    assert!(relay.has_cut());
    drop(held);

    let read = store.load(&session()).await.unwrap().unwrap();
    relay.cut();
    store.remove_unchanged(&session(), Some(&read)).await.unwrap();
    assert!(relay.has_cut());
    assert_eq!(body(&store, &session()).await, None);
}
