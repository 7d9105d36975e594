//! Whether a connection may be reused for another request.
//!
//! Reuse saves one round exchange for each request, two with TLS. But a `POST` on a connection that the host is closing is lost,
//! together with the attempt that it costs, and some hosts close after each answer without announcing it, or after announcing
//! the opposite. So a host has to show first that it keeps its connections:
//!
//! 1. Until a connection has served two requests, the next request waits until the last answer is [`SETTLED`] old
//!    ([`Reuse::begin`]). By then the host has closed the connection, or it stays open. If another answer came meanwhile, the
//!    request opens a connection of its own.
//! 2. The answer shows by its local address whether a kept connection has served it ([`Exchange::answered`]).
//! 3. If one has, the host keeps connections, and no further request waits. If not, or if the request was cut off
//!    ([`Exchange::failed`]), the host closes them, and each further request opens its own. Requests at the same time show the
//!    former only: each of them may open a connection though others are kept.
//!
//! As many connections are kept as [`HttpOptions::max_idle_connections`](crate::HttpOptions::max_idle_connections) says, so that a service
//! with many requests in flight does not open one for each. Before a kept connection may be used, the runtime has to know what has arrived on all of them
//! (`arrived.rs`): bytes that came before the request are never its answer.
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

/// A connection that was idle for less than this and is gone was closed by a host that closes them after each answer. Common web servers
/// close idle connections after two seconds or more.
const YOUNG: Duration = Duration::from_millis(1500);

/// What is known of the host's connections.
#[derive(Debug)]
pub(crate) struct Reuse {
    limits: Limits,
    known: Mutex<Known>,
}

/// What the client's pool of connections is set to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// How many idle connections there may be.
    pub(crate) most: usize,
    /// How long each of them may be idle.
    pub(crate) idle: Duration,
    /// How long opening one may take.
    pub(crate) connect: Duration,
}

#[derive(Debug, Default)]
struct Known {
    habit: Habit,
    /// The newest last.
    idle: Vec<Idle>,
    /// Requests under way that may use a kept connection.
    keeping: usize,
    /// The runtime that drives the connections of `idle`, those of the requests that are counted in `keeping`, and spare ones.
    owner: Option<Id>,
    /// Until then the pool may have connections that have served nothing yet: a request that finds one that has just become free
    /// leaves the one that was being opened for it to those that come later.
    spares_until: Option<Instant>,
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
}

impl Reuse {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, known: Mutex::default() }
    }

    /// Call it before a request is sent. It may wait: at most for [`SETTLED`], and until the runtime is driven.
    pub(crate) async fn begin(&self) -> Exchange<'_> {
        let wait = self.known().settling();
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        let mut exchange = self.enter();
        // Also without an idle connection: one that another request is using may be free when it is needed.
        if exchange.keep && arrived::is_noticed().await.is_err() {
            exchange.leave();
        }
        exchange
    }

    fn enter(&self) -> Exchange<'_> {
        let now = Instant::now();
        let mut known = self.known();
        known.idle.retain(|idle| idle.since.elapsed() < self.limits.idle);
        known.spares_until = known.spares_until.filter(|until| now < *until);
        let is_used = known.keeping > 0 || !known.idle.is_empty() || known.spares_until.is_some();
        let elsewhere = is_used && known.owner != this_runtime();
        // Another request may have ended during the wait: its connection may be about to be closed.
        let settled = known.settling().is_zero();
        let keep = self.limits.most > 0 && known.habit != Habit::Closes && !elsewhere && settled;
        let mut expects_kept = false;
        if keep {
            known.owner = this_runtime();
            known.keeping += 1;
            self.note_crowd(&mut known);
            let is_young = |idle: &Idle| idle.since.elapsed() < YOUNG;
            // With other requests in flight, a new connection says nothing about the idle ones.
            expects_kept = known.spares_until.is_none() && known.idle.iter().any(is_young);
        }
        let found_idle = !known.idle.is_empty();
        Exchange { reuse: self, keep, expects_kept, found_idle, left_open: None }
    }

    /// More than one request at a time may leave spare connections behind.
    fn note_crowd(&self, known: &mut Known) {
        if known.keeping > 1 {
            known.spares_until =
                Instant::now().checked_add(self.limits.connect.saturating_add(self.limits.idle));
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    /// How long until every idle connection has shown whether it is kept; nothing if that is known of the host.
    fn settling(&self) -> Duration {
        let newest = self.idle.last().filter(|_| self.habit == Habit::Unknown);
        newest.map_or(Duration::ZERO, |idle| SETTLED.saturating_sub(idle.since.elapsed()))
    }
}

/// One request and its answer.
pub(crate) struct Exchange<'a> {
    reuse: &'a Reuse,
    /// Whether the request may use a kept connection, and its connection may be kept.
    pub(crate) keep: bool,
    /// Whether it shows that the host closes connections if a new one serves it.
    expects_kept: bool,
    /// Whether there was an idle connection when it began.
    found_idle: bool,
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
        if let Some(local) = local.filter(|_| self.keep) {
            self.served_by(local);
        }
        let ends =
            response.version() != Version::HTTP_11
                || response.headers().get_all(CONNECTION).iter().any(|value| {
                    value.to_str().is_ok_and(|text| text.to_ascii_lowercase().contains("close"))
                });
        Open(local.filter(|_| !ends))
    }

    fn served_by(&self, local: SocketAddr) {
        let mut known = self.reuse.known();
        let count = known.idle.len();
        known.idle.retain(|idle| idle.local != local);
        if known.idle.len() < count {
            known.learn(Habit::Keeps);
        } else if self.expects_kept && known.spares_until.is_none() {
            known.learn(Habit::Closes);
        }
    }

    /// Call it when the answer has been read completely.
    pub(crate) fn finished(mut self, open: &Open) {
        let open = open.0.filter(|_| self.keep);
        self.left_open = open.map(|local| Idle { since: Instant::now(), local });
    }

    /// Call it when the request ended without the head of an answer.
    pub(crate) fn failed(self, error: TransportError) {
        if !self.keep || error != TransportError::Interrupted {
            return;
        }
        let mut known = self.reuse.known();
        let is_suspect = self.found_idle && known.habit == Habit::Unknown;
        if self.expects_kept || is_suspect {
            known.learn(Habit::Closes);
        }
    }

    /// Whatever comes of it, it keeps no connection from here on, unless one was left open.
    fn leave(&mut self) {
        if !std::mem::take(&mut self.keep) {
            return;
        }
        let mut known = self.reuse.known();
        self.reuse.note_crowd(&mut known);
        known.keeping -= 1;
        // The pool takes no more than that either.
        if let Some(idle) = self.left_open.take().filter(|_| known.idle.len() < self.reuse.limits.most) {
            known.idle.push(idle);
        }
    }
}

impl Known {
    fn learn(&mut self, habit: Habit) {
        if self.habit != habit && self.habit != Habit::Closes {
            self.habit = habit;
            let keeps = habit == Habit::Keeps;
            tracing::debug!(keeps, "whether the host keeps its connections");
        }
    }
}

impl Drop for Exchange<'_> {
    fn drop(&mut self) {
        self.leave();
    }
}

fn this_runtime() -> Option<Id> {
    Handle::try_current().ok().map(|runtime| runtime.id())
}
