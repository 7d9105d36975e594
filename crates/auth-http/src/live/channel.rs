//! The live channel: one connection after the other.

use super::{
    connection::{self, Ended},
    end::End,
    server::Patience,
};
use crate::{
    ClientError, HttpOptions, client,
    proxy_in_use::{ProxyInUse, is_https},
    tls::Tls,
};
use async_trait::async_trait;
use auth_core::ports::{
    ApprovalChannel, ChannelError, ChannelEvent, ChannelEvents, ChannelFailure, ChannelSubscription,
};
use backon::{BackoffBuilder, ExponentialBuilder};
use reqwest::Client;
use std::time::Duration;
use tokio::time::sleep;

/// A connection that lasted so long was a good one: the next attempt does not wait for what came before it.
const GOOD: Duration = Duration::from_secs(5);

/// Watches channels of a laravel-echo-server, by engine.io 3 and socket.io 2.
///
/// Proxy, trusted certificates and timeouts are those of the options, for polling and for websockets alike. The read timeout does
/// not end a wait for events; the connection's heartbeat does, if nobody is there any more.
#[derive(Debug)]
pub struct LiveChannel {
    options: HttpOptions,
    https: Tls,
    plain: Tls,
    first_wait: Duration,
    longest_wait: Duration,
}

impl LiveChannel {
    /// A live channel; nothing is loaded or opened yet.
    pub fn new(options: HttpOptions) -> Self {
        Self {
            options,
            https: Tls::default(),
            plain: Tls::default(),
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(30),
        }
    }

    /// How long to wait before another connection is tried: at least `first` after the first failure, then longer and longer, but
    /// never longer than `longest`, with jitter. Default: half a second and 30 seconds.
    #[must_use]
    pub fn back_off(mut self, first: Duration, longest: Duration) -> Self {
        (self.first_wait, self.longest_wait) = (first, longest);
        self
    }

    fn waits(&self) -> impl Iterator<Item = Duration> + Send + use<> {
        let longest = self.longest_wait;
        // Jitter adds up to as much again.
        let builder = ExponentialBuilder::new().with_min_delay(self.first_wait).with_max_delay(longest / 2);
        builder.without_max_times().with_jitter().build().map(move |wait| wait.min(longest))
    }

    fn client(&self, url: &str) -> Result<Client, ClientError> {
        let https = is_https(url);
        let tls = if https { &self.https } else { &self.plain };
        let proxy = https.then(|| ProxyInUse::of(&self.options));
        proxy.as_ref().map_or(Ok(()), |proxy| proxy.check(url))?;
        // Polling takes two connections at a time only while a packet is sent; the server closes the idle one soon.
        client::build(
            client::builder(&self.options, tls, proxy.as_ref())?.pool_idle_timeout(self.options.idle_timeout),
        )
    }

    async fn connection(
        &self,
        client: Client,
        subscription: &ChannelSubscription,
        events: &ChannelEvents,
    ) -> Ended {
        let HttpOptions { read_timeout, total_timeout, .. } = self.options;
        let patience = Patience { total: total_timeout, read: read_timeout.min(total_timeout) };
        connection::run(client, subscription, patience, events).await
    }
}

/// Another attempt would meet the same.
fn failure(error: ClientError) -> ChannelFailure {
    let kind = match error {
        ClientError::TrustStore => ChannelError::Tls,
        ClientError::Proxy | ClientError::ProxyVariable { .. } | ClientError::Build => ChannelError::Failed,
    };
    ChannelFailure::new(kind, error)
}

#[async_trait]
impl ApprovalChannel for LiveChannel {
    async fn watch(&self, subscription: ChannelSubscription, events: ChannelEvents) -> ChannelFailure {
        let mut greeted = false;
        let mut waits = self.waits();
        loop {
            let client = match self.client(&subscription.url) {
                Ok(client) => client,
                Err(error) => return failure(error),
            };
            let ended = self.connection(client, &subscription, &events).await;
            greeted |= ended.greeted;
            let error = match ended.end {
                End::Refused => return ChannelError::Refused.into(),
                End::Final(error) => return error.into(),
                End::NotFound if !greeted => return ChannelError::NotFound.into(),
                End::NotFound => ChannelError::NotFound,
                End::ForNow(error) | End::Failed(error) => error,
            };
            events.send(ChannelEvent::Interrupted(error));
            if ended.subscribed.is_some_and(|since| since.elapsed() >= GOOD) {
                waits = self.waits();
            }
            let wait = waits.next().unwrap_or(self.longest_wait);
            tracing::debug!(
                error = error.kind(),
                wait_ms = wait.as_millis(),
                "the live channel is interrupted"
            );
            sleep(wait).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_the_longest() {
        let waits: Vec<_> = LiveChannel::new(HttpOptions::default()).waits().take(40).collect();
        let (first, longest) = (Duration::from_millis(500), Duration::from_secs(30));
        assert!(waits[0] >= first && waits[0] <= first * 2, "{waits:?}");
        assert!(waits.iter().all(|wait| (first..=longest).contains(wait)), "{waits:?}");
        assert!(waits[20..].iter().all(|wait| *wait >= longest / 2), "{waits:?}");
    }
}
