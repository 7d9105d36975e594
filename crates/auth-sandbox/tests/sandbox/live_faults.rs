//! What goes wrong on the live channel, by script.

use auth_sandbox::{Act, Endpoint, Fault, Sandbox};
use serde_json::{Value, json};

use crate::support::Rig;
use crate::wire::{Polling, Socket, event, subscription};

#[tokio::test]
async fn all_connections_break_at_once() {
    let rig = Rig::new();
    let mut socket = Socket::open(&rig).await;
    let polling = Polling::open(&rig).await;
    let url = format!("{}{}", rig.sandbox.url(), polling.path());
    let (hanging, ()) = tokio::join!(rig.http.get(url).send(), async {
        polling.is_polled().await;
        assert_eq!(rig.sandbox.drop_live(), 2);
    });
    assert!(hanging.is_err(), "{hanging:?}");
    assert_eq!(socket.next().await, None);
    assert_eq!(polling.poll().await.json()["code"], 1);
    assert!(rig.sandbox.live_sessions().is_empty());
    Socket::open(&rig).await;
    let dropped = rig.post("/_sandbox/live", json!({ "drop": true })).await;
    assert_eq!(dropped.json(), json!({ "polling_only": false, "twice": false, "sessions": [] }));
}

#[tokio::test]
async fn handshakes_are_refused_for_a_while() {
    let rig = Rig::new();
    let polling = Polling::open(&rig).await;
    rig.sandbox.fault("live_handshake:html=502,times=2".parse().unwrap());
    let refused = rig.get("/socket.io/?EIO=3&transport=polling").await;
    assert_eq!(refused.status, 502);
    assert!(refused.text.contains("<html>"), "{refused:?}");
    assert!(Socket::try_open(&rig, "EIO=3&transport=websocket").await.is_err());
    polling.say("2").await;
    assert_eq!(polling.packets().await, ["3"], "who is connected stays so");
    Polling::open(&rig).await;
    rig.sandbox.fault(Fault::at(Endpoint::LiveChannel, Act::drop_before()).times(1));
    let url = format!("{}{}", rig.sandbox.url(), polling.path());
    assert!(rig.http.get(url).send().await.is_err());
    polling.say("2").await;
}

#[tokio::test]
async fn raw_packets_reach_everybody() {
    let rig = Rig::new();
    let mut socket = Socket::open(&rig).await;
    let polling = Polling::open(&rig).await;
    for packet in [r#"42["ev"#, "9", "", "451-[\"x\",{\"_placeholder\":true,\"num\":0}]", "41", "ü"] {
        assert_eq!(rig.sandbox.publish_live_raw(packet), 2);
        assert_eq!(socket.packet().await, packet);
        assert_eq!(polling.packets().await, [packet]);
    }
    rig.post("/_sandbox/live", json!({ "frame": "42[null]" })).await;
    assert_eq!(socket.packet().await, "42[null]");
}

#[tokio::test]
async fn events_are_published_twice_and_with_any_name() {
    let rig = Rig::new();
    let mut socket = Socket::subscribed(&rig, "c").await;
    rig.sandbox.set_live_twice(true);
    assert_eq!(rig.sandbox.publish_live("c", &json!(null), &Value::Null), 1);
    assert_eq!(socket.packet().await, r#"42[null,"c",null]"#);
    assert_eq!(socket.packet().await, r#"42[null,"c",null]"#);
    let order = json!({ "twice": false, "publish": { "channel": "c", "event": { "a": 1 }, "data": [2] } });
    assert_eq!(rig.post("/_sandbox/live", order).await.json()["twice"], false);
    assert_eq!(socket.event().await, json!([{ "a": 1 }, "c", [2]]));
    socket.send("2").await;
    assert_eq!(socket.packet().await, "3");
}

#[tokio::test]
async fn polling_only() {
    let rig = Rig::with(Sandbox::builder().live_polling_only(true));
    let polling = Polling::open(&rig).await;
    assert_eq!(polling.handshake["upgrades"], json!([]));
    for query in
        ["EIO=3&transport=websocket".to_owned(), format!("EIO=3&transport=websocket&sid={}", polling.id)]
    {
        assert!(Socket::try_open(&rig, &query).await.is_err());
    }
    polling.say(&subscription("c", json!({}))).await;
    rig.sandbox.publish_live("c", &json!("e"), &json!(1));
    assert_eq!(event(&polling.packets().await[0]), json!(["e", "c", 1]));
    rig.sandbox.set_live_polling_only(false);
    Socket::open(&rig).await;
    rig.post("/_sandbox/live", json!({ "polling_only": true })).await;
    assert!(Socket::try_open(&rig, "EIO=3&transport=websocket").await.is_err());
    let bad = rig.post("/_sandbox/live", json!({ "colour": 1 })).await;
    assert!(bad.json()["error"].as_str().unwrap().contains("unknown field `colour`"));
}
