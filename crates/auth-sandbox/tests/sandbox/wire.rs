//! Clients of the live channel, written by hand: one by WebSocket, one by polling.

use std::time::Duration;

use auth_sandbox::LiveSession;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::support::{Reply, Rig};

/// A test that waits longer hangs.
const GUARD: Duration = Duration::from_secs(20);

/// One WebSocket.
pub(crate) struct Socket(WebSocketStream<TcpStream>);

impl Socket {
    pub(crate) async fn try_open(rig: &Rig, query: &str) -> Result<Self, Error> {
        let address = format!("127.0.0.1:{}", rig.sandbox.port());
        let stream = TcpStream::connect(&address).await.unwrap();
        let url = format!("ws://{address}/socket.io/?{query}");
        Ok(Self(client_async(url, stream).await?.0))
    }

    /// A session by WebSocket, greeted.
    pub(crate) async fn open(rig: &Rig) -> Self {
        let mut socket = Self::try_open(rig, "EIO=3&transport=websocket").await.unwrap();
        let handshake = socket.packet().await;
        let facts: Value = serde_json::from_str(handshake.strip_prefix('0').unwrap()).unwrap();
        assert_eq!(facts["upgrades"], json!([]));
        assert_eq!(socket.packet().await, "40");
        socket
    }

    pub(crate) async fn subscribed(rig: &Rig, channel: &str) -> Self {
        let mut socket = Self::open(rig).await;
        socket.subscribe(channel, json!({})).await;
        socket
    }

    /// Subscribes, and waits until the host has read it.
    pub(crate) async fn subscribe(&mut self, channel: &str, headers: Value) {
        self.send(&subscription(channel, headers)).await;
        self.send("2read").await;
        assert_eq!(self.packet().await, "3read");
    }

    pub(crate) async fn send(&mut self, packet: &str) {
        self.0.send(Message::text(packet)).await.unwrap();
    }

    /// The next packet; `None` where the connection is over.
    pub(crate) async fn next(&mut self) -> Option<String> {
        let message = tokio::time::timeout(GUARD, self.0.next()).await.expect("it hangs");
        match message? {
            Ok(Message::Text(text)) => Some(text.to_string()),
            Ok(Message::Close(_)) | Err(_) => None,
            Ok(other) => panic!("{other:?}"),
        }
    }

    pub(crate) async fn packet(&mut self) -> String {
        self.next().await.expect("the connection is over")
    }

    /// The three parts of the next event.
    pub(crate) async fn event(&mut self) -> Value {
        event(&self.packet().await)
    }
}

/// A session by polling.
pub(crate) struct Polling<'a> {
    rig: &'a Rig,
    pub(crate) id: String,
    pub(crate) handshake: Value,
}

impl<'a> Polling<'a> {
    pub(crate) async fn open(rig: &'a Rig) -> Self {
        let reply = rig.get("/socket.io/?EIO=3&transport=polling&t=x&b64=1").await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let packets = packets(&reply.text);
        assert_eq!(packets[1], "40");
        let handshake: Value = serde_json::from_str(packets[0].strip_prefix('0').unwrap()).unwrap();
        let id = handshake["sid"].as_str().unwrap().to_owned();
        assert_eq!(reply.headers["set-cookie"], format!("io={id}; Path=/; HttpOnly"));
        Self { rig, id, handshake }
    }

    pub(crate) fn path(&self) -> String {
        format!("/socket.io/?EIO=3&transport=polling&sid={}", self.id)
    }

    pub(crate) async fn post(&self, body: impl Into<String>) -> Reply {
        let url = format!("{}{}", self.rig.sandbox.url(), self.path());
        let request = self.rig.http.post(url).header("content-type", "text/plain;charset=UTF-8");
        self.rig.send(request.body(body.into())).await
    }

    pub(crate) async fn say(&self, packet: &str) {
        let reply = self.post(format!("{}:{packet}", packet.encode_utf16().count())).await;
        assert_eq!((reply.status, reply.text.as_str()), (200, "ok"));
    }

    pub(crate) async fn poll(&self) -> Reply {
        tokio::time::timeout(GUARD, self.rig.get(&self.path())).await.expect("it hangs")
    }

    /// Waits until a GET hangs.
    pub(crate) async fn is_polled(&self) {
        self.until(|sessions| sessions.iter().any(|session| session.is_polled)).await;
    }

    /// Waits until the sessions are as wanted.
    pub(crate) async fn until(&self, wanted: impl Fn(&[LiveSession]) -> bool) {
        let reached = async {
            while !wanted(&self.rig.sandbox.live_sessions()) {
                // Any request: it leaves the host time for the others.
                self.rig.get("/_sandbox/live").await;
            }
        };
        tokio::time::timeout(GUARD, reached).await.expect("it never comes so");
    }

    pub(crate) async fn packets(&self) -> Vec<String> {
        packets(&self.poll().await.text)
    }
}

pub(crate) fn subscription(channel: &str, headers: Value) -> String {
    format!("42{}", json!(["subscribe", { "channel": channel, "auth": { "headers": headers } }]))
}

pub(crate) fn event(packet: &str) -> Value {
    serde_json::from_str(packet.strip_prefix("42").unwrap_or_else(|| panic!("no event: {packet}"))).unwrap()
}

/// Reads a polling answer, in characters: the tests' texts have none beyond the basic plane.
fn packets(body: &str) -> Vec<String> {
    let mut packets = Vec::new();
    let mut rest = body.to_owned();
    while let Some((length, after)) = rest.split_once(':') {
        let length: usize = length.parse().unwrap();
        packets.push(after.chars().take(length).collect());
        rest = after.chars().skip(length).collect();
    }
    assert!(rest.is_empty(), "{body}");
    packets
}
