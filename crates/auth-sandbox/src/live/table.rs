//! All sessions of the live channel.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::{Value, json};

use super::event::event;
use super::session::{End, Session};
use super::settings::{Heartbeat, LiveSettings};

/// How many sessions there may be; beyond that the one that was silent for the longest time ends.
const MOST_SESSIONS: usize = 1_000;

/// A session cannot begin: the system has no random numbers.
#[derive(Debug)]
pub(crate) struct NoSession;

/// One client of the live channel, as tests see it. Its `Debug` hides the names of channels, which hold channel ids.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LiveSession {
    /// `polling` or `websocket`.
    pub transport: &'static str,
    /// What it is subscribed to.
    pub channels: Vec<String>,
    /// Whether a GET of this client waits for packets; never with a WebSocket.
    pub is_polled: bool,
}

impl fmt::Debug for LiveSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { transport, channels, is_polled } = self;
        f.debug_struct("LiveSession")
            .field("transport", transport)
            .field("channels", &channels.len())
            .field("is_polled", is_polled)
            .finish()
    }
}

/// The live channel of one sandbox.
pub(crate) struct Live {
    settings: Mutex<LiveSettings>,
    sessions: Mutex<HashMap<String, Arc<Session>>>,
}

impl Live {
    pub(crate) fn new(settings: LiveSettings) -> Self {
        Self { settings: Mutex::new(settings), sessions: Mutex::default() }
    }

    pub(crate) fn settings(&self) -> LiveSettings {
        *self.settings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut LiveSettings)) {
        change(&mut self.settings.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Begins a session; its handshake and the greeting of socket.io wait for the client.
    pub(crate) fn open(&self, is_websocket: bool) -> Result<Arc<Session>, NoSession> {
        let mut bytes = [0; 15];
        getrandom::fill(&mut bytes).map_err(|_| NoSession)?;
        let id = URL_SAFE_NO_PAD.encode(bytes);
        let LiveSettings { polling_only, heartbeat: Heartbeat { interval, timeout }, .. } = self.settings();
        let upgrades = if is_websocket || polling_only { json!([]) } else { json!(["websocket"]) };
        let handshake = json!({
            "sid": id,
            "upgrades": upgrades,
            "pingInterval": u64::try_from(interval.as_millis()).unwrap_or(u64::MAX),
            "pingTimeout": u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX),
        });
        let session =
            Arc::new(Session::new(id.clone(), is_websocket, [format!("0{handshake}"), "40".to_owned()]));
        let mut sessions = self.sessions();
        sessions.retain(|_, session| !session.is_over());
        if sessions.len() >= MOST_SESSIONS
            && let Some(silent) = sessions.values().min_by_key(|session| session.last_packet())
        {
            silent.end(End::Closed);
        }
        sessions.insert(id, Arc::clone(&session));
        Ok(session)
    }

    /// The session of this id, unless it has ended.
    pub(crate) fn find(&self, id: &str) -> Option<Arc<Session>> {
        self.sessions().get(id).filter(|session| !session.is_over()).cloned()
    }

    /// Publishes an event to the subscribers of a channel and says how many there are.
    pub(crate) fn publish(&self, channel: &str, name: &Value, data: &Value) -> usize {
        let packet = event(name, channel, data);
        let times = if self.settings().twice { 2 } else { 1 };
        let listening = self.all().into_iter().filter(|session| session.listens_to(channel));
        listening.map(|session| (0..times).for_each(|_| session.push(packet.clone()))).count()
    }

    /// Sends a packet as it is to everybody and says to how many.
    pub(crate) fn publish_raw(&self, packet: &str) -> usize {
        self.all().into_iter().map(|session| session.push(packet.to_owned())).count()
    }

    /// Breaks all connections; their sessions are over. Says how many there were.
    pub(crate) fn drop_all(&self) -> usize {
        let all = self.all();
        all.iter().for_each(|session| session.end(End::Dropped));
        all.len()
    }

    /// Who is connected.
    pub(crate) fn list(&self) -> Vec<LiveSession> {
        let describe = |session: Arc<Session>| LiveSession {
            transport: if session.is_websocket() { "websocket" } else { "polling" },
            channels: session.channels(),
            is_polled: session.is_polled(),
        };
        self.all().into_iter().map(describe).collect()
    }

    fn all(&self) -> Vec<Arc<Session>> {
        self.sessions().values().filter(|session| !session.is_over()).cloned().collect()
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<String, Arc<Session>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_sessions_ends_the_silent_ones() {
        let live = Live::new(LiveSettings::default());
        let first = live.open(false).unwrap();
        for _ in 0..MOST_SESSIONS {
            live.open(false).unwrap();
        }
        assert!(live.find(&first.id).is_none());
        assert_eq!(live.list().len(), MOST_SESSIONS);
    }

    #[test]
    fn a_listing_hides_the_channels() {
        let live = Live::new(LiveSettings::default());
        live.open(true).unwrap().subscribe("qr.secret".to_owned());
        let shown = format!("{:?}", live.list());
        assert!(shown.contains("websocket") && shown.contains("channels: 1"), "{shown}");
        assert!(!shown.contains("secret"), "{shown}");
    }

    #[test]
    fn a_client_that_takes_nothing_is_given_up() {
        let live = Live::new(LiveSettings::default());
        let session = live.open(true).unwrap();
        for _ in 0..300 {
            live.publish_raw("6");
        }
        assert!(session.is_over());
    }
}
