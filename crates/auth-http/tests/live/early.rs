//! An event that came before it was asked for is no event.

use crate::{
    delivered::until_unread,
    server::{payload, read_request, reply},
    watcher::{CHANNEL, channel, subscription},
};
use auth_core::ports::{ApprovalChannel, ChannelEvent, ChannelEvents, ChannelTransports::Polling};
use auth_http::HttpOptions;
use std::{
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, Sender, channel as pair},
    },
    thread,
};
use tokio::{
    io::{AsyncWriteExt, BufReader},
    net::TcpStream,
    sync::oneshot,
};

/// Has the host write out of turn, and learns when that has arrived.
struct OutOfTurn {
    now: Mutex<Receiver<()>>,
    written: Sender<()>,
}

fn event(name: &str) -> Vec<u8> {
    reply("200 OK", "", &payload(&format!(r#"42["{name}","{CHANNEL}",1]"#)))
}

/// Answers the first poll with one event, and then, when that is asked for, once more over the same connection.
async fn serve(stream: std::net::TcpStream, polls: Arc<AtomicUsize>, out_of_turn: Arc<OutOfTurn>) {
    stream.set_nonblocking(true).expect("test set-up");
    let client = stream.peer_addr().expect("test set-up");
    let mut stream = BufReader::new(TcpStream::from_std(stream).expect("test set-up"));
    while let Some((head, _)) = read_request(&mut stream).await {
        if head.starts_with("POST ") {
            stream.write_all(&reply("200 OK", "", "ok")).await.expect("test set-up");
        } else if !head.contains("&sid=") {
            let open = r#"0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":5000}"#;
            let body = format!("{}2:40", payload(open));
            stream.write_all(&reply("200 OK", "", &body)).await.expect("test set-up");
        } else if polls.fetch_add(1, Ordering::SeqCst) > 0 {
            let _test_is_over = stream.write_all(&event("second")).await;
        } else {
            stream.write_all(&event("first")).await.expect("test set-up");
            out_of_turn.now.lock().expect("test set-up").recv().expect("test set-up");
            stream.write_all(&event("forged")).await.expect("test set-up");
            until_unread(client);
            out_of_turn.written.send(()).expect("test set-up");
        }
    }
}

#[test]
fn an_event_from_before_the_poll_is_not_delivered() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/socket.io/", listener.local_addr().unwrap());
    let ((now, wait), (written, arrived)) = (pair(), pair());
    let out_of_turn = Arc::new(OutOfTurn { now: Mutex::new(wait), written });
    let polls = Arc::<AtomicUsize>::default();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (polls, out_of_turn) = (polls.clone(), out_of_turn.clone());
            thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                runtime.block_on(serve(stream, polls, out_of_turn));
            });
        }
    });
    let (over, end) = oneshot::channel();
    let (over, arrived) = (Mutex::new(Some(over)), Mutex::new(arrived));
    let names = Arc::<Mutex<Vec<String>>>::default();
    let received = names.clone();
    // The program is busy with the first event, on the thread that watches the connections.
    let events = ChannelEvents::new(move |event| {
        let ChannelEvent::Message { name, .. } = event else { return };
        let is_first = name == "first";
        received.lock().unwrap().push(name);
        if is_first {
            now.send(()).unwrap();
            arrived.lock().unwrap().recv().unwrap();
        } else if let Some(over) = over.lock().unwrap().take() {
            over.send(()).unwrap();
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let channel = channel(HttpOptions::default());
        tokio::select! {
            failure = channel.watch(subscription(&url, Polling), events) => panic!("{failure:?}"),
            ended = end => ended.unwrap(),
        }
    });
    assert_eq!(*names.lock().unwrap(), ["first", "second"]);
}
