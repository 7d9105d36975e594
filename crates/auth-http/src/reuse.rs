//! Whether a connection may serve another request.
//!
//! Keeping one spares every step of a sign-in the way to the host and back, twice with TLS. But a `POST` on a
//! connection that the host is just closing is lost, together with the attempt that it costs, and some hosts close
//! after each answer without saying so, or while saying the opposite. So a host has to show first that it keeps its
//! connections: until one has been used twice, the next request waits until the last answer is [`SETTLED`] old. By then
//! the connection is closed, and the request opens its own, or it stays open.
//!
//! A connection lives on the runtime that opened it. Where a program has several, it serves only the requests of that one:
//! another may stand still, and the request with it.

use auth_core::ports::TransportError;
use reqwest::{Response, Version, header::CONNECTION};
use std::{
    net::SocketAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::runtime::{Handle, Id};

/// A host that closes by itself has closed when this much time has gone by since its answer.
const SETTLED: Duration = Duration::from_millis(25);

/// No connection is used again after so long. It is shorter than the patience of the common web servers, the shortest of
/// which have two seconds, so that a request never meets one that is just being closed.
pub(crate) const IDLE: Duration = Duration::from_millis(1500);

/// What is known of a host's ways.
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
    /// One was gone when it was wanted again.
    Closes,
}

/// A connection that was left open.
#[derive(Clone, Copy, Debug)]
struct Idle {
    since: Instant,
    local: SocketAddr,
    runtime: Option<Id>,
}

impl Reuse {
    /// To be called before a request is sent.
    pub(crate) async fn begin(&self) -> Trip<'_> {
        let (trip, wait) = {
            let mut known = self.known();
            known.under_way += 1;
            let idle = known.idle.filter(|idle| idle.since.elapsed() < IDLE);
            let fresh = idle.filter(|idle| idle.runtime == this_runtime());
            let elsewhere = idle.is_some() && fresh.is_none();
            let wait = fresh
                .filter(|_| known.habit == Habit::Unknown)
                .map_or(Duration::ZERO, |idle| SETTLED.saturating_sub(idle.since.elapsed()));
            // With others under way, a new connection says nothing about the idle one.
            let expected = fresh.filter(|_| known.under_way == 1).map(|idle| idle.local);
            let keep = known.habit != Habit::Closes && !elsewhere;
            (Trip { reuse: self, keep, expected, left_open: None }, wait)
        };
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        trip
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request and its answer.
pub(crate) struct Trip<'a> {
    reuse: &'a Reuse,
    /// Whether the connection may be a kept one, and may be kept.
    pub(crate) keep: bool,
    /// The connection that should serve it.
    expected: Option<SocketAddr>,
    /// The connection that served it, once it is free again.
    left_open: Option<Idle>,
}

/// The way by which an answer came, if it stays open.
pub(crate) struct Open(Option<SocketAddr>);

impl Trip<'_> {
    /// The head of the answer is there.
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

    /// The answer has been read to its end.
    pub(crate) fn finished(mut self, open: &Open) {
        let open = open.0.filter(|_| self.keep);
        self.left_open = open.map(|local| Idle { since: Instant::now(), local, runtime: this_runtime() });
    }

    /// No head of an answer came.
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

impl Drop for Trip<'_> {
    fn drop(&mut self) {
        let mut known = self.reuse.known();
        known.under_way -= 1;
        // The other client's connections are not among those that are kept.
        if self.keep {
            known.idle = self.left_open;
        }
    }
}

fn this_runtime() -> Option<Id> {
    Handle::try_current().ok().map(|runtime| runtime.id())
}
