//! QR sign-in: the display's work and the approver's, with a live channel and a clock that the tests hold in their hand.

mod approver;
mod display;
mod renewal;

use crate::ports::{Fickle, Scripted, pair};
use async_trait::async_trait;
use auth_client::{
    AuthClient, BootTime, QrSignIn, QrState, QrStates, SignedDuration, Timestamp,
    ports::{
        ApprovalChannel, ChannelError, ChannelEvent, ChannelEvents, ChannelFailure, ChannelSubscription,
        Clock,
    },
    secret::SecretBytes,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::{mpsc, watch};

const WIZARD: &str =
    r#"{"code":200,"data":{"is_qr_available":true},"done":false,"uuid":"u1","workflow":"login"}"#;
const TOKEN: &str = "$2y$10$qZqqwQqqEX7X6nsPLfPkte2pB6gSHazY1v2CLutwBGWCeF4J6ZG06";

fn code(id: &str) -> String {
    format!(r#"{{"id":"{id}","lifetimeMinutes":2,"ip":"192.0.2.1","location":"Berlin"}}"#)
}

/// A clock at which sleepers wait until it is moved past their time.
#[derive(Clone)]
struct StandingClock {
    elapsed: Arc<watch::Sender<Duration>>,
    /// By how many seconds somebody has set the wall clock.
    wall_set_by: Arc<AtomicI64>,
}

impl Default for StandingClock {
    fn default() -> Self {
        let elapsed = Arc::new(watch::Sender::new(Duration::from_secs(3600)));
        Self { elapsed, wall_set_by: Arc::default() }
    }
}

impl StandingClock {
    fn forward(&self, seconds: u64) {
        self.elapsed.send_modify(|now| *now += Duration::from_secs(seconds));
    }

    fn set_wall(&self, by: i64) {
        self.wall_set_by.fetch_add(by, Ordering::SeqCst);
    }
}

#[async_trait]
impl Clock for StandingClock {
    fn now(&self) -> Timestamp {
        let start: Timestamp = "2026-01-01T11:00:00Z".parse().expect("a date");
        let set_by = SignedDuration::from_secs(self.wall_set_by.load(Ordering::SeqCst));
        start.checked_add(*self.elapsed.borrow()).and_then(|now| now.checked_add(set_by)).expect("a date")
    }

    fn boot_time(&self) -> Option<BootTime> {
        Some(BootTime { id: 1, elapsed: *self.elapsed.borrow() })
    }

    async fn sleep(&self, how_long: Duration) {
        let end = *self.elapsed.borrow() + how_long;
        let mut time = self.elapsed.subscribe();
        time.wait_for(|now| *now >= end).await.expect("the clock lives");
    }
}

/// A live channel in the test's hand.
#[derive(Clone)]
struct HandChannel {
    begun: mpsc::UnboundedSender<Watching>,
    /// How many are watched now.
    watched: Arc<AtomicUsize>,
}

/// A channel that is watched.
struct Watching {
    subscription: ChannelSubscription,
    events: ChannelEvents,
    end: mpsc::UnboundedSender<ChannelError>,
}

impl Watching {
    fn send(&self, event: ChannelEvent) {
        self.events.send(event);
    }

    fn publish(&self, name: &str, data: &str) {
        let data = SecretBytes::new(data.as_bytes().to_vec());
        self.send(ChannelEvent::Message { name: name.to_owned(), data });
    }

    fn approve(&self) {
        self.publish("approved", &format!(r#"{{"authorizationToken":"{TOKEN}"}}"#));
    }
}

#[async_trait]
impl ApprovalChannel for HandChannel {
    async fn watch(&self, subscription: ChannelSubscription, events: ChannelEvents) -> ChannelFailure {
        let (end, mut ends) = mpsc::unbounded_channel();
        self.watched.fetch_add(1, Ordering::SeqCst);
        let _leaving = Leaving(self.watched.clone());
        self.begun.send(Watching { subscription, events, end }).expect("the test lives");
        ends.recv().await.unwrap_or(ChannelError::Failed).into()
    }
}

struct Leaving(Arc<AtomicUsize>);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A display and everything around it.
struct Screen {
    host: Scripted,
    clock: StandingClock,
    store: Fickle,
    client: AuthClient,
    begun: mpsc::UnboundedReceiver<Watching>,
    watched: Arc<AtomicUsize>,
}

impl Screen {
    fn new() -> Self {
        let (host, clock, store) = (Scripted::default(), StandingClock::default(), Fickle::default());
        let (begun, watched) = (mpsc::unbounded_channel(), Arc::default());
        let channel = HandChannel { begun: begun.0, watched: Arc::clone(&watched) };
        let client = AuthClient::builder("https://broker.example")
            .transport(host.clone())
            .clock(clock.clone())
            .store(store.clone())
            .approval_channel(channel)
            .build()
            .expect("a client");
        Self { host, clock, store, client, begun: begun.1, watched }
    }

    /// A QR sign-in that shows its first code.
    async fn showing(&mut self) -> (QrSignIn, QrStates, Watching) {
        self.host.say(WIZARD);
        self.host.say(code("one"));
        let sign_in = self.client.qr_sign_in();
        let mut states = sign_in.states();
        let watching = self.subscribe(&mut states).await;
        assert_eq!(name(&mut states).await, "shown");
        (sign_in, states, watching)
    }

    /// The next channel that is watched, subscribed to.
    async fn subscribe(&mut self, states: &mut QrStates) -> Watching {
        let watching = tokio::select! {
            watching = self.begun.recv() => watching.expect("it is watched"),
            state = states.next() => panic!("a state before the subscription: {state:?}"),
        };
        watching.send(ChannelEvent::Subscribed);
        watching
    }

    fn say_tokens(&self) {
        self.host.say(format!(r#"{{"clientId":7,"tokens":{}}}"#, pair("qr", 900, 3600)));
    }
}

async fn state(states: &mut QrStates) -> QrState {
    states.next().await.expect("a state").expect("no error")
}

async fn name(states: &mut QrStates) -> &'static str {
    state(states).await.name()
}

/// The error at the end.
async fn failure(states: &mut QrStates) -> &'static str {
    let error = states.next().await.expect("an error").expect_err("no state");
    assert!(states.next().await.is_none(), "it is the end");
    error.cause.kind()
}
