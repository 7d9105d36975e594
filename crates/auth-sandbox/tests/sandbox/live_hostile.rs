//! Clients that mean no good: the live channel stays there for everybody else.

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::support::Rig;
use crate::wire::{Polling, Socket, subscription};

const DEADLY: [&str; 9] = [
    r#"42["subscribe"]"#,
    r#"42["unsubscribe"]"#,
    r#"42["client event",null]"#,
    r#"42["subscribe",{"channel":{}}]"#,
    r#"42["subscribe",{"channel":"private-x","auth":[]}]"#,
    "42",
    "4",
    "451-[",
    "42[[[[[[",
];

#[tokio::test]
async fn what_kills_the_original_is_survived() {
    let rig = Rig::new();
    let mut other = Socket::subscribed(&rig, "c").await;
    let mut socket = Socket::open(&rig).await;
    let polling = Polling::open(&rig).await;
    for packet in DEADLY {
        socket.send(packet).await;
        polling.say(packet).await;
    }
    socket.send("2").await;
    let mut answers = vec![socket.packet().await];
    if answers[0] != "3" {
        answers.push(socket.packet().await);
    }
    assert_eq!(answers.last().map(String::as_str), Some("3"), "{answers:?}");
    rig.sandbox.publish_live("c", &json!("e"), &Value::Null);
    assert_eq!(other.event().await[0], "e");
}

#[tokio::test]
async fn what_is_no_packet_ends_the_session_of_its_sender() {
    let rig = Rig::new();
    let mut other = Socket::subscribed(&rig, "c").await;
    for packet in ["9", "", "ü", &"2".repeat(200)] {
        let mut socket = Socket::open(&rig).await;
        socket.send(packet).await;
        assert_eq!(socket.next().await, None, "{packet}");
    }
    for body in ["99:2", "x", "-1:2", "1:9", "2:😀x", ":"] {
        let polling = Polling::open(&rig).await;
        polling.post(body).await;
        assert_eq!(polling.poll().await.json()["code"], 1, "{body}");
    }
    let polling = Polling::open(&rig).await;
    let url = format!("{}{}", rig.sandbox.url(), polling.path());
    assert_eq!(rig.send(rig.http.post(url).body(vec![0xff, 0xfe])).await.status, 400);
    let mut large = Socket::open(&rig).await;
    large.send(&format!("4{}", "x".repeat(200_000))).await;
    assert_eq!(large.next().await, None);
    rig.sandbox.publish_live("c", &json!("e"), &Value::Null);
    assert_eq!(other.event().await[0], "e");
}

#[tokio::test]
async fn requests_that_make_no_sense_are_refused_as_by_the_original() {
    let rig = Rig::new();
    let get = async |query: &str| rig.get(&format!("/socket.io/?{query}")).await.json();
    assert_eq!(get("").await, json!({ "code": 0, "message": "Transport unknown" }));
    assert_eq!(get("EIO=3&transport=carrier-pigeon").await["code"], 0);
    assert_eq!(get("EIO=3&transport=polling&j=0").await["code"], 0);
    assert_eq!(get("EIO=3&transport=polling&sid=guess").await["code"], 1);
    assert_eq!(get("EIO=3&transport=websocket&sid=guess").await["code"], 1);
    assert_eq!(get("EIO=3&transport=websocket").await["code"], 3, "no upgrade in its headers");
    let handshake = rig.post("/socket.io/?EIO=3&transport=polling", json!({})).await;
    assert_eq!((handshake.status, &handshake.json()["code"]), (400, &json!(2)));
    let polling = Polling::open(&rig).await;
    let url = format!("{}{}", rig.sandbox.url(), polling.path());
    assert_eq!(rig.send(rig.http.delete(url)).await.json()["code"], 3);
    assert_eq!(rig.get("/socket.io/else?transport=polling").await.status, 404);
}

#[tokio::test]
async fn a_second_get_ends_the_session() {
    let rig = Rig::new();
    let polling = Polling::open(&rig).await;
    let (one, other) = tokio::join!(polling.poll(), polling.poll());
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 500]);
    assert!(one.text == "1:1" || other.text == "1:1");
}

#[tokio::test]
async fn subscriptions_are_bounded() {
    let rig = Rig::new();
    let mut socket = Socket::open(&rig).await;
    for number in 0..150 {
        socket.send(&subscription(&format!("c{number}"), json!({}))).await;
    }
    socket.send(&subscription(&"x".repeat(600), json!({}))).await;
    socket.send("2").await;
    assert_eq!(socket.packet().await, "3");
    assert_eq!(rig.sandbox.live_sessions()[0].channels.len(), 100);
}

#[tokio::test]
async fn a_client_that_leaves_its_get_unanswered_is_gone() {
    let rig = Rig::new();
    let polling = Polling::open(&rig).await;
    let mut stream = TcpStream::connect(("127.0.0.1", rig.sandbox.port())).await.unwrap();
    let request = format!("GET {} HTTP/1.1\r\nHost: localhost\r\n\r\n", polling.path());
    stream.write_all(request.as_bytes()).await.unwrap();
    polling.is_polled().await;
    drop(stream);
    polling.until(<[_]>::is_empty).await;
    assert_eq!(polling.post("1:2").await.json()["code"], 1);
}
