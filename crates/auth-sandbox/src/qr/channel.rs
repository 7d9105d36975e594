//! One sign-in channel: data only. What may be done with it is decided in `channels.rs`.

use std::net::IpAddr;

use jiff::Timestamp;

use crate::users::UserId;

/// What the host knows of the screen that shows a code.
#[derive(Clone)]
pub(crate) struct Display {
    pub(crate) ip: IpAddr,
    pub(crate) location: Option<String>,
    pub(crate) user_agent: Option<String>,
    pub(crate) created: Timestamp,
    pub(crate) expires: Timestamp,
}

/// How far a channel has come; it holds a token and is deliberately without `Debug`.
pub(super) enum Decision {
    /// Nobody has decided yet.
    Open,
    /// Its time is over, and whoever listens was told.
    Expired,
    /// A user has approved.
    Approved {
        user: UserId,
        token: String,
        /// Whether the token was exchanged for a session.
        is_spent: bool,
    },
    /// A user has declined.
    Declined,
}

/// One channel.
pub(super) struct QrChannel {
    pub(super) display: Display,
    pub(super) decision: Decision,
}

/// The names under which a channel's events are published: the public one and the private one.
pub(crate) fn event_channels(id: &str) -> [String; 2] {
    [format!("qr.{id}"), format!("private-qr.{id}")]
}
