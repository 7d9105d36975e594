//! How the live channel behaves.

use std::time::Duration;

/// How often a client has to show that it is there, in real time.
#[derive(Clone, Copy)]
pub(crate) struct Heartbeat {
    /// The time between two pings of the client.
    pub(crate) interval: Duration,
    /// How late a ping may be before the session ends.
    pub(crate) timeout: Duration,
}

impl Default for Heartbeat {
    /// The defaults of laravel-echo-server.
    fn default() -> Self {
        Self { interval: Duration::from_secs(25), timeout: Duration::from_secs(5) }
    }
}

/// What can be changed while it runs.
#[derive(Clone, Copy, Default)]
pub(crate) struct LiveSettings {
    /// No WebSocket: neither offered as an upgrade nor taken.
    pub(crate) polling_only: bool,
    /// Every event is published twice.
    pub(crate) twice: bool,
    pub(crate) heartbeat: Heartbeat,
}
