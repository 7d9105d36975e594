//! One engine.io session: what waits for its client, which channels it listens to, and which transport carries it.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio::time::Instant;

/// How many packets wait for a client before it is given up.
const MOST_WAITING: usize = 256;
/// How many channels one client may listen to.
const MOST_CHANNELS: usize = 100;

/// How a session ended.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// The client left, was silent for too long, or sent what is no packet.
    Closed,
    /// A fault broke the connection.
    Dropped,
}

/// What carries the packets to the client.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Carrier {
    Polling,
    /// Polling, while a WebSocket has passed its probe.
    Probed,
    WebSocket,
}

struct State {
    waiting: VecDeque<String>,
    channels: BTreeSet<String>,
    carrier: Carrier,
    is_polled: bool,
    last_packet: Instant,
    end: Option<End>,
}

/// One session. Its methods never wait.
pub(crate) struct Session {
    pub(crate) id: String,
    state: Mutex<State>,
    changed: watch::Sender<()>,
}

/// What a GET is answered.
pub(crate) enum ForPolling {
    Packets(VecDeque<String>),
    /// A WebSocket takes over: the GET is let go.
    Noop,
    Ended(End),
    /// Nothing yet.
    Wait,
}

/// What goes over the WebSocket.
pub(crate) enum ForWebSocket {
    Packets(VecDeque<String>),
    Ended(End),
    /// Nothing yet.
    Wait,
}

impl Session {
    /// A session that begins with these packets.
    pub(crate) fn new(id: String, is_websocket: bool, first: impl IntoIterator<Item = String>) -> Self {
        let carrier = if is_websocket { Carrier::WebSocket } else { Carrier::Polling };
        let state = State {
            waiting: first.into_iter().collect(),
            channels: BTreeSet::new(),
            carrier,
            is_polled: false,
            last_packet: Instant::now(),
            end: None,
        };
        Self { id, state: Mutex::new(state), changed: watch::Sender::new(()) }
    }

    /// Tells of every change after this call.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    /// Notes that something was received from the client.
    pub(crate) fn note_received(&self) {
        self.state().last_packet = Instant::now();
    }

    pub(crate) fn last_packet(&self) -> Instant {
        self.state().last_packet
    }

    pub(crate) fn is_over(&self) -> bool {
        self.state().end.is_some()
    }

    /// Ends the session, unless it has ended already.
    pub(crate) fn end(&self, how: End) {
        {
            let mut state = self.state();
            state.end.get_or_insert(how);
            state.channels.clear();
        }
        self.changed.send_replace(());
    }

    /// Hands a packet over for the client. One who takes none for too long is given up.
    pub(crate) fn push(&self, packet: String) {
        {
            let mut state = self.state();
            if state.waiting.len() < MOST_WAITING {
                state.waiting.push_back(packet);
            } else {
                state.end.get_or_insert(End::Closed);
            }
        }
        self.changed.send_replace(());
    }

    /// Listens to a channel; beyond the limit nothing happens.
    pub(crate) fn subscribe(&self, channel: String) {
        let mut state = self.state();
        if state.channels.len() < MOST_CHANNELS && state.end.is_none() {
            state.channels.insert(channel);
        }
    }

    pub(crate) fn unsubscribe(&self, channel: &str) {
        self.state().channels.remove(channel);
    }

    pub(crate) fn leave_all(&self) {
        self.state().channels.clear();
    }

    pub(crate) fn listens_to(&self, channel: &str) -> bool {
        self.state().channels.contains(channel)
    }

    pub(crate) fn channels(&self) -> Vec<String> {
        self.state().channels.iter().cloned().collect()
    }

    pub(crate) fn is_websocket(&self) -> bool {
        self.state().carrier == Carrier::WebSocket
    }

    /// A GET begins to wait. False if one waits already, or a WebSocket carries the session.
    pub(crate) fn begin_poll(&self) -> bool {
        let mut state = self.state();
        let is_free = !state.is_polled && state.carrier != Carrier::WebSocket;
        state.is_polled |= is_free;
        is_free
    }

    pub(crate) fn is_polled(&self) -> bool {
        self.state().is_polled
    }

    pub(crate) fn end_poll(&self) {
        self.state().is_polled = false;
    }

    pub(crate) fn take_for_polling(&self) -> ForPolling {
        let mut state = self.state();
        match (state.end, state.carrier) {
            (Some(end), _) => ForPolling::Ended(end),
            (None, Carrier::WebSocket) => ForPolling::Noop,
            (None, _) if !state.waiting.is_empty() => ForPolling::Packets(std::mem::take(&mut state.waiting)),
            (None, Carrier::Probed) => ForPolling::Noop,
            (None, Carrier::Polling) => ForPolling::Wait,
        }
    }

    pub(crate) fn take_for_websocket(&self) -> ForWebSocket {
        let mut state = self.state();
        match (state.end, state.carrier) {
            (Some(end), _) => ForWebSocket::Ended(end),
            (None, Carrier::WebSocket) if !state.waiting.is_empty() => {
                ForWebSocket::Packets(std::mem::take(&mut state.waiting))
            }
            (None, _) => ForWebSocket::Wait,
        }
    }

    /// A WebSocket has passed its probe. False if another one has, or carries the session.
    pub(crate) fn probe(&self) -> bool {
        let passed = {
            let mut state = self.state();
            let passed = state.carrier == Carrier::Polling;
            if passed {
                state.carrier = Carrier::Probed;
            }
            passed
        };
        self.changed.send_replace(());
        passed
    }

    /// The probed WebSocket takes over.
    pub(crate) fn upgrade(&self) {
        self.state().carrier = Carrier::WebSocket;
        self.changed.send_replace(());
    }

    /// The probed WebSocket is gone before it took over.
    pub(crate) fn forget_probe(&self) {
        let mut state = self.state();
        if state.carrier == Carrier::Probed {
            state.carrier = Carrier::Polling;
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
