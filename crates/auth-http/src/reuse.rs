//! Whether a connection may be reused for another request.
//!
//! Reuse saves one round exchange for each request, two with TLS. But a `POST` on a connection that the host is closing is lost,
//! together with the attempt that it costs, and some hosts close after each answer without announcing it, or after announcing
//! the opposite. So a host has to show first that it keeps its connections:
//!
//! 1. Until a connection has served two requests, the next request waits until the last answer is [`SETTLED`] old
//!    ([`Reuse::begin`]). By then the host has closed the connection, or it stays open.
//! 2. The answer shows by its local address whether the kept connection has served it ([`Exchange::answered`]).
//! 3. If it has, the host keeps connections, and no further request waits. If not, or if the request was cut off
//!    ([`Exchange::failed`]), the host closes them, and each further request opens its own.
//!
//! Before a kept connection may be used, the runtime has to know what has arrived on it (`arrived.rs`): bytes that came before the
//! request are never its answer.
//!
//! A connection is driven by the runtime that opened it. In a program with several runtimes it serves only requests of that
//! one: the other runtime may not be running, and the request would not advance.

use crate::arrived;
use auth_core::ports::TransportError;
use reqwest::{Response, Version, header::CONNECTION};
use std::{
    net::SocketAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::runtime::{Handle, Id};

/// A host that closes the connection after an answer has done so by this time.
const SETTLED: Duration = Duration::from_millis(25);

/// A connection that was idle for this long is not reused. Common web servers close idle connections after two seconds or more,
/// so a request does not use one that is being closed.
pub(crate) const IDLE: Duration = Duration::from_millis(1500);

/// What is known of the host's connections.
#[derive(Debug, Default)]
pub(crate) struct Reuse {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    habit: Habit,
    idle: Option<Idle>,
    under_way: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Habit {
    #[default]
    Unknown,
    /// A connection has served two requests.
    Keeps,
    /// A connection that was kept here was closed when it was needed again.
    Closes,
}

/// A connection that is open and idle.
#[derive(Clone, Copy, Debug)]
struct Idle {
    since: Instant,
    local: SocketAddr,
    runtime: Option<Id>,
}

impl Reuse {
    /// Call it before a request is sent. It may wait: at most for [`SETTLED`], and until the runtime is driven.
    pub(crate) async fn begin(&self) -> Exchange<'_> {
        let (mut exchange, wait) = {
            let mut known = self.known();
            known.under_way += 1;
            let idle = known.idle.filter(|idle| idle.since.elapsed() < IDLE);
            let fresh = idle.filter(|idle| idle.runtime == this_runtime());
            let elsewhere = idle.is_some() && fresh.is_none();
            let wait = fresh
                .filter(|_| known.habit == Habit::Unknown)
                .map_or(Duration::ZERO, |idle| SETTLED.saturating_sub(idle.since.elapsed()));
            // With other requests in flight, a new connection says nothing about the idle one.
            let expected = fresh.filter(|_| known.under_way == 1).map(|idle| idle.local);
            let keep = known.habit != Habit::Closes && !elsewhere;
            (Exchange { reuse: self, keep, expected, left_open: None }, wait)
        };
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        // Also without an idle connection: one that another request is using may be free when it is needed.
        if exchange.keep && arrived::is_noticed().await.is_err() {
            (exchange.keep, exchange.expected) = (false, None);
        }
        exchange
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request and its answer.
pub(crate) struct Exchange<'a> {
    reuse: &'a Reuse,
    /// Whether the request may use a kept connection, and its connection may be kept.
    pub(crate) keep: bool,
    /// The local address of the connection that is expected to serve it.
    expected: Option<SocketAddr>,
    /// The connection that served it, once it is free again.
    left_open: Option<Idle>,
}

/// The local address of the connection of an answer, if it stays open.
pub(crate) struct Open(Option<SocketAddr>);

impl Exchange<'_> {
    /// Call it when the head of the answer has been received.
    pub(crate) fn answered(&self, response: &Response) -> Open {
        let info = response.extensions().get::<hyper_util::client::legacy::connect::HttpInfo>();
        let local = info.map(hyper_util::client::legacy::connect::HttpInfo::local_addr);
        if let (Some(expected), Some(local)) = (self.expected, local) {
            self.learn(if local == expected { Habit::Keeps } else { Habit::Closes });
        }
        let ends =
            response.version() != Version::HTTP_11
                || response.headers().get_all(CONNECTION).iter().any(|value| {
                    value.to_str().is_ok_and(|text| text.to_ascii_lowercase().contains("close"))
                });
        Open(local.filter(|_| !ends))
    }

    /// Call it when the answer has been read completely.
    pub(crate) fn finished(mut self, open: &Open) {
        let open = open.0.filter(|_| self.keep);
        self.left_open = open.map(|local| Idle { since: Instant::now(), local, runtime: this_runtime() });
    }

    /// Call it when the request ended without the head of an answer.
    pub(crate) fn failed(self, error: TransportError) {
        if self.expected.is_some() && error == TransportError::Interrupted {
            self.learn(Habit::Closes);
        }
    }

    fn learn(&self, habit: Habit) {
        let mut known = self.reuse.known();
        if known.habit != habit && known.habit != Habit::Closes {
            known.habit = habit;
            let keeps = habit == Habit::Keeps;
            tracing::debug!(keeps, "whether the host keeps its connections");
        }
    }
}

impl Drop for Exchange<'_> {
    fn drop(&mut self) {
        let mut known = self.reuse.known();
        known.under_way -= 1;
        // A request that keeps nothing has used the other client, so the idle connection is still there.
        if self.keep {
            known.idle = self.left_open;
        }
    }
}

fn this_runtime() -> Option<Id> {
    Handle::try_current().ok().map(|runtime| runtime.id())
}
