//! The live channel with the clients that web pages use: socket.io-client 2, bare and under Laravel Echo.

use auth_sandbox::Sandbox;
use e2e::node::Driver;
use e2e::waiting::until;
use serde_json::{Value, json};

use super::browser::phone;

/// One client that is connected.
fn connected(sandbox: &Sandbox, transports: &[&str], bare: bool, headers: &Value) -> Driver {
    let mut client = Driver::start("live.cjs");
    let url = sandbox.url();
    client.ask("connect", json!({ "url": url, "transports": transports, "bare": bare, "headers": headers }));
    assert_eq!(client.ask("next", json!({})), "connect");
    client
}

fn subscribe(client: &mut Driver, channel: &str, is_private: bool) {
    client.ask(
        "subscribe",
        json!({ "channel": channel, "event": "approved", "headers": {}, "isPrivate": is_private }),
    );
}

/// Waits for a subscriber: the host acknowledges none.
fn subscribed(sandbox: &Sandbox, channel: &str, transport: &str) {
    until("the subscription", || {
        let sessions = sandbox.live_sessions();
        let found = sessions
            .iter()
            .any(|session| session.transport == transport && session.channels == [channel.to_owned()]);
        found.then_some(())
    });
}

/// Subscribe, event, interruption, and the same again.
fn comes_back(transports: &[&str], bare: bool) {
    let sandbox = Sandbox::start().expect("it starts");
    let mut client = connected(&sandbox, transports, bare, &json!({}));
    subscribe(&mut client, "qr.1", false);
    let transport = if transports.contains(&"websocket") { "websocket" } else { "polling" };
    subscribed(&sandbox, "qr.1", transport);
    let data = json!({ "authorizationToken": "$2y$10$ü😀" });
    for _ in 0..2 {
        assert_eq!(sandbox.publish_live("qr.1", &json!("approved"), &data), 1);
        assert_eq!(client.ask("next", json!({})), json!(["approved", "qr.1", data]));
    }
    assert_eq!(sandbox.drop_live(), 1);
    assert_eq!(client.ask("next", json!({})), "disconnect");
    assert_eq!(client.ask("next", json!({})), "connect");
    subscribed(&sandbox, "qr.1", transport);
    assert_eq!(sandbox.publish_live("qr.1", &json!("approved"), &data), 1);
    assert_eq!(client.ask("next", json!({})), json!(["approved", "qr.1", data]));
}

#[test]
fn socket_io_by_polling() {
    comes_back(&["polling"], true);
}

#[test]
fn socket_io_by_websocket() {
    comes_back(&["websocket"], true);
}

#[test]
fn socket_io_by_polling_and_then_websocket() {
    comes_back(&["polling", "websocket"], true);
}

#[test]
fn laravel_echo() {
    comes_back(&["polling", "websocket"], false);
}

#[test]
fn laravel_echo_keeps_to_polling_where_there_is_nothing_else() {
    let sandbox = Sandbox::builder().live_polling_only(true).start().unwrap();
    let mut client = connected(&sandbox, &["polling", "websocket"], false, &json!({}));
    subscribe(&mut client, "qr.1", false);
    subscribed(&sandbox, "qr.1", "polling");
    sandbox.publish_live("qr.1", &json!("approved"), &json!({}));
    assert_eq!(client.ask("next", json!({})), json!(["approved", "qr.1", {}]));
    client.ask("leave", json!({ "channel": "qr.1" }));
    until("the end of the subscription", || sandbox.live_sessions()[0].channels.is_empty().then_some(()));
}

#[test]
fn a_private_channel_takes_a_good_token_only() {
    let sandbox = Sandbox::start().unwrap();
    let good = json!({ "Authorization": format!("Bearer {}", phone(&sandbox)) });
    let mut client = connected(&sandbox, &["websocket"], false, &good);
    subscribe(&mut client, "qr.1", true);
    subscribed(&sandbox, "private-qr.1", "websocket");
    sandbox.publish_live("private-qr.1", &json!("approved"), &json!(1));
    assert_eq!(client.ask("next", json!({})), json!(["approved", "qr.1", 1]));

    let bad = json!({ "Authorization": "Bearer guess" });
    let mut client = connected(&sandbox, &["websocket"], false, &bad);
    subscribe(&mut client, "qr.1", true);
    assert_eq!(client.ask("next", json!({})), json!(["subscription_error", "private-qr.1", 403]));
}

#[test]
fn a_heartbeat_keeps_a_client_and_refused_handshakes_do_not_lose_it() {
    let short = std::time::Duration::from_millis(60);
    let sandbox = Sandbox::builder().live_heartbeat(short, short * 20).start().unwrap();
    let mut client = connected(&sandbox, &["websocket"], true, &json!({}));
    subscribe(&mut client, "qr.1", false);
    subscribed(&sandbox, "qr.1", "websocket");
    sandbox.fault("live_handshake:html=502,times=4".parse().unwrap());
    sandbox.drop_live();
    assert_eq!(client.ask("next", json!({})), "disconnect");
    assert_eq!(client.ask("next", json!({})), "connect");
    subscribed(&sandbox, "qr.1", "websocket");
    assert_eq!(sandbox.faults()[0].acted, 4);
}
