//! Watching a sign-in channel of the host: how a screen learns that its QR code was approved.

use super::Cause;
use crate::{
    Recovery,
    secret::{ChannelName, SecretBytes},
};
use async_trait::async_trait;
use std::{fmt, sync::Arc};
use zeroize::Zeroizing;

/// Watches a sign-in channel of the host.
///
/// `auth-http` has one for the live channel that B2Core hosts have, a laravel-echo-server. Implement it for another way of
/// delivery, such as an app's own push messages.
#[async_trait]
pub trait ApprovalChannel: Send + Sync {
    /// Watches a channel and reports what happens there, until it cannot go on: that is the error. Dropping the future ends it.
    ///
    /// An implementation
    ///
    /// - reports [`ChannelEvent::Subscribed`] when events that are published from now on arrive;
    /// - reports [`ChannelEvent::Interrupted`] whenever events can have been missed, and when it could not connect; it connects
    ///   and subscribes again by itself, after a back-off with jitter;
    /// - returns only if trying again is of no use;
    /// - logs neither the name of the channel nor what arrives there.
    async fn watch(&self, subscription: ChannelSubscription, events: ChannelEvents) -> ChannelFailure;
}

/// The channel to watch.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ChannelSubscription {
    /// The address of the live channel's server, such as `https://broker.example/socket.io/`.
    pub url: String,
    /// The channel's name. Names with `private-` or `presence-` in them are private: the host authorizes the subscriber.
    pub channel: ChannelName,
    /// Headers by which a private channel's subscriber is authorized.
    pub headers: Vec<ChannelHeader>,
    /// `User-Agent` of the connection.
    pub user_agent: String,
    /// How the server may be reached.
    pub transports: ChannelTransports,
}

impl ChannelSubscription {
    /// A subscription without headers, by any transport.
    pub fn new(url: impl Into<String>, channel: ChannelName) -> Self {
        Self {
            url: url.into(),
            channel,
            headers: Vec::new(),
            user_agent: String::new(),
            transports: ChannelTransports::default(),
        }
    }
}

/// A header of a subscription. `Debug` shows the name only: the value may be a secret.
#[derive(Clone)]
pub struct ChannelHeader {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Zeroizing<String>,
}

impl fmt::Debug for ChannelHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ..", self.name)
    }
}

/// How the live channel's server may be reached.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ChannelTransports {
    /// By polling first, and by a websocket as soon as that works: it gets through everywhere.
    #[default]
    PollingThenWebSocket,
    /// By polling only: for networks that break websockets.
    Polling,
    /// By a websocket only: one connection instead of several requests.
    WebSocket,
}

/// What happens on a channel.
#[derive(Clone, Debug)]
pub enum ChannelEvent {
    /// From now on events arrive. Nothing says whether the host knows the channel.
    Subscribed,
    /// Events can have been missed, or no connection could be made. It is tried again.
    Interrupted(ChannelError),
    /// An event of this channel.
    Message {
        /// The event's name, unchecked.
        name: String,
        /// Its data: a JSON value of any type.
        data: SecretBytes,
    },
}

/// Takes what happens on a channel. Cheap to clone.
#[derive(Clone)]
pub struct ChannelEvents(Arc<dyn Fn(ChannelEvent) + Send + Sync>);

impl ChannelEvents {
    /// Calls this for each event, in their order. It must not block.
    pub fn new(receive: impl Fn(ChannelEvent) + Send + Sync + 'static) -> Self {
        Self(Arc::new(receive))
    }

    /// Reports an event.
    pub fn send(&self, event: ChannelEvent) {
        (self.0)(event);
    }
}

impl fmt::Debug for ChannelEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChannelEvents")
    }
}

/// A channel cannot be watched any more, and why. A bare [`ChannelError`] becomes one by `into()`.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{error}")]
pub struct ChannelFailure {
    /// What the display goes by.
    pub error: ChannelError,
    /// What lies behind it: the `source()` of the error that the caller gets.
    #[source]
    pub cause: Option<Cause>,
}

impl ChannelFailure {
    /// This failure, with what lies behind it.
    pub fn new(error: ChannelError, cause: impl Into<Cause>) -> Self {
        Self { error, cause: Some(cause.into()) }
    }
}

impl From<ChannelError> for ChannelFailure {
    fn from(error: ChannelError) -> Self {
        Self { error, cause: None }
    }
}

/// Why a channel cannot be watched, or not now.
///
/// `Display` is [for developers](crate#texts-for-people-and-texts-for-developers).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChannelError {
    /// The live channel's server cannot be reached, or the connection to it broke.
    #[error("the live channel cannot be reached; check the network")]
    Unreachable,
    /// The TLS handshake failed, or the certificate is not trusted.
    #[error("no secure connection to the live channel: its certificate or TLS is not trusted")]
    Tls,
    /// The certificate is trusted, but has none of the keys that it is [pinned](crate::CertificatePins) to.
    #[error("the live channel's certificate has none of the pinned keys")]
    PinMismatch,
    /// There is no live channel at this address.
    #[error("there is no live channel at this address")]
    NotFound,
    /// What answers does not speak engine.io 3, or not now: a proxy's error page is of this kind too.
    #[error("the live channel does not answer as expected")]
    Protocol,
    /// The host does not let this subscriber listen to the channel.
    #[error("the host refused the subscription")]
    Refused,
    /// What is watched with failed.
    #[error("the live channel failed")]
    Failed,
}

impl ChannelError {
    /// A stable name for programs.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Unreachable => "channel_unreachable",
            Self::Tls => "channel_tls",
            Self::PinMismatch => "channel_pin_mismatch",
            Self::NotFound => "channel_not_found",
            Self::Protocol => "channel_protocol",
            Self::Refused => "channel_refused",
            Self::Failed => "channel_failed",
        }
    }

    /// What the caller can do next.
    pub fn recovery(self) -> Recovery {
        match self {
            Self::Unreachable | Self::Protocol => Recovery::Retry { after: None },
            Self::Tls | Self::PinMismatch | Self::NotFound | Self::Refused | Self::Failed => Recovery::Report,
        }
    }
}
