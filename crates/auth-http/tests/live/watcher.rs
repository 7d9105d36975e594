//! A live channel at work, and what it reports.

use auth_core::{
    ports::{
        ApprovalChannel, ChannelError, ChannelEvent, ChannelEvents, ChannelHeader, ChannelSubscription,
        ChannelTransports,
    },
    secret::ChannelName,
};
use auth_http::{HttpOptions, LiveChannel};
use std::time::Duration;
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::JoinHandle,
    time::timeout,
};

/// Only keeps a broken test from hanging.
pub(crate) const GUARD: Duration = Duration::from_secs(30);

pub(crate) const CHANNEL: &str = "private-qr.1";

/// What was reported, in short: `subscribed`, `interrupted KIND`, `NAME DATA`, `end KIND`.
pub(crate) struct Watcher {
    events: UnboundedReceiver<String>,
    pub(crate) task: JoinHandle<()>,
}

pub(crate) fn subscription(url: &str, transports: ChannelTransports) -> ChannelSubscription {
    let mut subscription = ChannelSubscription::new(url, ChannelName::new(CHANNEL));
    subscription.headers =
        vec![ChannelHeader { name: "Authorization".into(), value: "Bearer t".to_owned().into() }];
    subscription.user_agent = "test/1".into();
    subscription.transports = transports;
    subscription
}

pub(crate) fn channel(options: HttpOptions) -> LiveChannel {
    LiveChannel::new(options).back_off(Duration::from_millis(5), Duration::from_millis(20))
}

impl Watcher {
    pub(crate) fn start(url: &str, transports: ChannelTransports) -> Self {
        Self::start_with(channel(HttpOptions::default()), subscription(url, transports))
    }

    pub(crate) fn start_with(channel: LiveChannel, subscription: ChannelSubscription) -> Self {
        let (sender, events) = unbounded_channel();
        let task = tokio::spawn(async move {
            let copy = sender.clone();
            let report = ChannelEvents::new(move |event| {
                let _nobody_listens = copy.send(match event {
                    ChannelEvent::Subscribed => "subscribed".to_owned(),
                    ChannelEvent::Interrupted(error) => format!("interrupted {}", short(error)),
                    ChannelEvent::Message { name, data } => {
                        format!("{name} {}", String::from_utf8_lossy(data.expose()))
                    }
                });
            });
            let error = channel.watch(subscription, report).await.error;
            let _nobody_listens = sender.send(format!("end {}", short(error)));
        });
        Self { events, task }
    }

    /// The next report.
    pub(crate) async fn next(&mut self) -> String {
        timeout(GUARD, self.events.recv()).await.expect("a report in time").expect("a report")
    }

    /// The next reports have to be these.
    pub(crate) async fn expect(&mut self, reports: &[&str]) {
        for report in reports {
            assert_eq!(self.next().await, *report);
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn short(error: ChannelError) -> &'static str {
    error.kind().trim_start_matches("channel_")
}
