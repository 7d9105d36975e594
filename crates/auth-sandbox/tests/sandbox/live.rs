//! The live channel: engine.io 3 under socket.io 2.

use std::time::Duration;

use auth_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Rig};
use crate::wire::{Polling, Socket, event, subscription};

#[tokio::test]
async fn an_event_reaches_subscribers_only() {
    let rig = Rig::new();
    let mut listening = Socket::subscribed(&rig, "news").await;
    let mut deaf = Socket::subscribed(&rig, "other").await;
    assert_eq!(rig.sandbox.publish_live("news", &json!("up"), &json!({ "ü": 1 })), 1);
    assert_eq!(listening.event().await, json!(["up", "news", { "ü": 1 }]));
    deaf.send("2").await;
    assert_eq!(deaf.packet().await, "3");
    listening.send(r#"42["unsubscribe",{"channel":"news","auth":{"headers":{}}}]"#).await;
    listening.send("2probe").await;
    assert_eq!(listening.packet().await, "3probe");
    assert_eq!(rig.sandbox.publish_live("news", &json!("up"), &Value::Null), 0);
}

#[tokio::test]
async fn leaving_the_namespace_ends_all_subscriptions() {
    let rig = Rig::new();
    let mut socket = Socket::subscribed(&rig, "a").await;
    socket.subscribe("b", json!({})).await;
    let shown = rig.get("/_sandbox/live").await.json();
    assert_eq!(
        shown["sessions"],
        json!([{ "transport": "websocket", "channels": ["a", "b"], "is_polled": false }])
    );
    socket.send("41").await;
    socket.send("2").await;
    assert_eq!(socket.packet().await, "3");
    assert_eq!(rig.sandbox.live_sessions()[0].channels, Vec::<String>::new());
    socket.send("1").await;
    assert_eq!(socket.next().await, None);
}

#[tokio::test]
async fn polling_counts_characters_and_answers_late() {
    let rig = Rig::new();
    let polling = Polling::open(&rig).await;
    assert_eq!(polling.handshake["upgrades"], json!(["websocket"]));
    assert_eq!(polling.handshake["pingInterval"], 25_000);
    assert_eq!(polling.handshake["pingTimeout"], 5_000);
    polling.say(&subscription("grün", json!({}))).await;
    let ping = async {
        polling.is_polled().await;
        polling.say("2").await;
    };
    let (packets, ()) = tokio::join!(polling.packets(), ping);
    assert_eq!(packets, ["3"]);
    rig.sandbox.publish_live("grün", &json!("ü"), &json!("ß"));
    rig.sandbox.publish_live("grün", &json!("x"), &json!(1));
    let packets = polling.packets().await;
    assert_eq!(packets.len(), 2, "two in one answer");
    assert_eq!(event(&packets[0]), json!(["ü", "grün", "ß"]));
    assert_eq!(event(&packets[1]), json!(["x", "grün", 1]));
}

#[tokio::test]
async fn a_get_without_b64_and_a_newer_revision_are_answered_the_same() {
    let rig = Rig::new();
    for query in ["EIO=3&transport=polling", "EIO=4&transport=polling&b64=1"] {
        let reply = rig.get(&format!("/socket.io/?{query}")).await;
        assert!(reply.text.contains(":0{\"sid\"") || reply.text.contains("0{"), "{reply:?}");
        assert!(reply.text.ends_with("2:40"), "{reply:?}");
        assert!(reply.headers["content-type"].to_str().unwrap().starts_with("text/plain"));
    }
    assert_eq!(rig.get("/socket.io?EIO=3&transport=polling").await.status, 200, "without the last slash");
}

#[tokio::test]
async fn a_websocket_takes_over_from_polling() {
    let rig = Rig::new();
    let polling = Polling::open(&rig).await;
    polling.say(&subscription("news", json!({}))).await;
    let query = format!("EIO=3&transport=websocket&sid={}", polling.id);
    let mut socket = Socket::try_open(&rig, &query).await.unwrap();
    let probe = async {
        polling.is_polled().await;
        socket.send("2probe").await;
        assert_eq!(socket.packet().await, "3probe");
    };
    let (packets, ()) = tokio::join!(polling.packets(), probe);
    assert_eq!(packets, ["6"], "the GET is let go");
    rig.sandbox.publish_live("news", &json!("between"), &Value::Null);
    assert_eq!(event(&polling.packets().await[0])[0], "between", "polling carries on until the upgrade");
    socket.send("5").await;
    socket.send("2").await;
    assert_eq!(socket.packet().await, "3");
    rig.sandbox.publish_live("news", &json!("after"), &Value::Null);
    assert_eq!(socket.event().await[0], "after");
    assert_eq!((polling.poll().await.status, polling.post("1:2").await.status), (400, 400));
    let second = Socket::try_open(&rig, &query).await;
    assert!(second.is_err(), "one WebSocket a session");
}

#[tokio::test]
async fn a_websocket_that_leaves_during_its_probe_leaves_polling_alone() {
    let rig = Rig::new();
    let polling = Polling::open(&rig).await;
    let query = format!("EIO=3&transport=websocket&sid={}", polling.id);
    let mut socket = Socket::try_open(&rig, &query).await.unwrap();
    socket.send("2probe").await;
    assert_eq!(socket.packet().await, "3probe");
    socket.send("1").await;
    assert_eq!(socket.next().await, None);
    polling.say("2still").await;
    assert_eq!(polling.packets().await, ["3still"]);
}

#[tokio::test]
async fn private_channels_want_a_session_of_the_front_office() {
    let rig = Rig::new();
    let good = rig.approver().await;
    let staff = rig.back_sign_in("root@example.com", PASSWORD).await.tokens().0;
    let mut socket = Socket::open(&rig).await;
    let bearer = |token: &str| json!({ "authorization": format!("Bearer {token}") });
    for (channel, headers, status) in [
        ("private-x", json!({}), json!(403)),
        ("x.presence-y", bearer("guess"), json!(403)),
        ("private-x", bearer(&staff), json!(403)),
        ("private-x", json!({ "Authorization": 5 }), json!(403)),
        ("private-x", Value::Null, Value::Null),
    ] {
        socket.send(&subscription(channel, headers.clone())).await;
        assert_eq!(socket.event().await, json!(["subscription_error", channel, status]), "{headers}");
    }
    socket.subscribe("private-x", bearer(&good)).await;
    assert_eq!(rig.sandbox.publish_live("private-x", &json!("e"), &json!(1)), 1);
    rig.post_bearer("/api/v2/my/signout", &good).await;
    socket.send(&subscription("private-y", bearer(&good))).await;
    assert_eq!(socket.event().await[0], "e");
    assert_eq!(socket.event().await, json!(["subscription_error", "private-y", 403]));
}

#[tokio::test]
async fn a_silent_session_ends() {
    let short = Duration::from_millis(20);
    let rig = Rig::with(Sandbox::builder().live_heartbeat(short, short));
    let polling = Polling::open(&rig).await;
    assert_eq!(polling.handshake["pingInterval"], 20);
    let mut socket = Socket::open(&rig).await;
    assert_eq!(socket.next().await, None);
    // The GET is answered by the end, or finds it.
    let reply = polling.poll().await;
    assert!(reply.text == "1:1" || reply.json()["code"] == 1, "{reply:?}");
    assert_eq!(polling.poll().await.json(), json!({ "code": 1, "message": "Session ID unknown" }));
    assert!(rig.sandbox.live_sessions().is_empty());
}

#[tokio::test]
async fn it_is_there_below_the_base_path_and_at_the_root() {
    let rig = Rig::with(Sandbox::builder().base_path("/broker"));
    let _below = Polling::open(&rig).await;
    let _at_the_root = Socket::open(&rig).await;
    assert_eq!(rig.sandbox.live_sessions().len(), 2);
}

#[tokio::test]
async fn a_websocket_over_tls() {
    let rig = Rig::with(Sandbox::builder().tls(["localhost"]));
    let pem = rig.sandbox.ca_pem().unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(rustls::pki_types::pem::PemObject::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    let config = rustls::ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let stream = tokio::net::TcpStream::connect(("127.0.0.1", rig.sandbox.port())).await.unwrap();
    let name = rustls::pki_types::ServerName::try_from("localhost").unwrap();
    let stream = tokio_rustls::TlsConnector::from(std::sync::Arc::new(config)).connect(name, stream).await;
    let url = "ws://localhost/socket.io/?EIO=3&transport=websocket";
    let (mut socket, _) = tokio_tungstenite::client_async(url, stream.unwrap()).await.unwrap();
    let first = futures_util::StreamExt::next(&mut socket).await.unwrap().unwrap();
    assert!(first.into_text().unwrap().starts_with("0{"));
    assert_eq!(rig.sandbox.live_sessions().len(), 1);
}
