//! A live channel written in Kotlin or Swift, and its bridge to the core's port.

use super::Thrown;
use crate::{ChannelProblem, HttpHeader, print::redacted};
use async_trait::async_trait;
use auth_client::{
    ports::{self, ChannelEvent},
    secret::SecretBytes,
};
use std::sync::Arc;

/// A live channel of the app's own: how a display learns that its code was approved, such as by the app's push messages or
/// its own client of the host's laravel-echo-server.
#[uniffi::export(foreign)]
#[async_trait]
pub trait ApprovalChannel: Send + Sync {
    /// Watches the channel and reports what happens there, until it cannot go on: that is the result. It is cancelled when
    /// nobody waits any more. It connects again by itself, and logs neither the channel's name nor what arrives there.
    async fn watch(&self, subscription: ChannelSubscription, events: Arc<ChannelEvents>) -> ChannelEnd;
}

/// Why a channel cannot be watched any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ChannelEnd {
    /// Why.
    pub problem: ChannelProblem,
    /// The number by which the layer finds what was thrown again; null if nothing was.
    pub thrown: Option<i64>,
}

impl From<ChannelEnd> for ports::ChannelFailure {
    fn from(ChannelEnd { problem, thrown }: ChannelEnd) -> Self {
        Self { error: problem.into(), cause: Thrown::by("live channel", thrown).map(ports::Cause::new) }
    }
}

/// The channel to watch. Its name is a secret, so printing it shows the server's address only.
#[derive(Clone, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ChannelSubscription {
    /// The address of the live channel's server, such as `https://broker.example/socket.io/`.
    pub url: String,
    /// The channel's name.
    pub channel: String,
    /// Headers by which the subscriber of a private channel is authorized.
    pub headers: Vec<HttpHeader>,
    /// `User-Agent` of the connection.
    pub user_agent: String,
}

redacted!(ChannelSubscription, |it, f| write!(f, "ChannelSubscription({})", it.url));

impl From<ports::ChannelSubscription> for ChannelSubscription {
    fn from(subscription: ports::ChannelSubscription) -> Self {
        let headers = subscription.headers.into_iter();
        Self {
            channel: subscription.channel.expose().to_owned(),
            headers: headers.map(|h| HttpHeader { name: h.name, value: h.value.to_string() }).collect(),
            url: subscription.url,
            user_agent: subscription.user_agent,
        }
    }
}

/// Takes what happens on a channel. Its calls return at once; after the end of the watch they do nothing.
#[derive(uniffi::Object)]
pub struct ChannelEvents {
    inner: ports::ChannelEvents,
}

#[uniffi::export]
impl ChannelEvents {
    /// Events that are published from now on arrive. The code is shown only after this.
    pub fn subscribed(&self) {
        self.inner.send(ChannelEvent::Subscribed);
    }

    /// Events can have been missed, or no connection could be made. It is tried again.
    pub fn interrupted(&self, problem: ChannelProblem) {
        self.inner.send(ChannelEvent::Interrupted(problem.into()));
    }

    /// An event of this channel: its name, and its data as JSON.
    pub fn message(&self, name: String, data: Vec<u8>) {
        self.inner.send(ChannelEvent::Message { name, data: SecretBytes::new(data) });
    }
}

/// How a display learns of its approval.
#[derive(Clone, uniffi::Enum)]
pub enum ChannelChoice {
    /// By the live channel of this library. Flavour `bundled` only; in the other one a display ends with `ChannelProblem.Failed`.
    Bundled,
    /// By a live channel of the app's own.
    Custom {
        /// The channel.
        channel: Arc<dyn ApprovalChannel>,
    },
    /// By `QrSignIn.complete` alone.
    Off,
}

/// Stands in the flavour `platform` for the live channel, so that no code is shown which nobody can approve. It is no error of
/// the set-up, since few apps are displays.
#[cfg(not(feature = "bundled"))]
pub(crate) struct NoChannel;

#[cfg(not(feature = "bundled"))]
#[async_trait]
impl ports::ApprovalChannel for NoChannel {
    async fn watch(&self, _: ports::ChannelSubscription, _: ports::ChannelEvents) -> ports::ChannelFailure {
        ports::ChannelError::Failed.into()
    }
}

/// Adapts a foreign channel to [`ports::ApprovalChannel`].
pub(crate) struct ChannelBridge(pub(crate) Arc<dyn ApprovalChannel>);

#[async_trait]
impl ports::ApprovalChannel for ChannelBridge {
    async fn watch(
        &self,
        subscription: ports::ChannelSubscription,
        events: ports::ChannelEvents,
    ) -> ports::ChannelFailure {
        self.0.watch(subscription.into(), Arc::new(ChannelEvents { inner: events })).await.into()
    }
}
