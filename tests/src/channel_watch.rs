//! A live channel that is watched, and what it reports.

use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use auth_core::ports::{
    ApprovalChannel, ChannelEvent, ChannelEvents, ChannelHeader, ChannelSubscription, ChannelTransports,
};
use auth_core::secret::ChannelName;
use auth_http::{HttpOptions, LiveChannel};
use serde_json::{Value, json};

use crate::echo_server::EchoServer;
use crate::waiting::{GUARD, until};

/// What is watched.
#[derive(Clone, Debug)]
pub struct Watched {
    url: String,
    channel: String,
    transports: ChannelTransports,
    headers: Vec<(String, String)>,
    options: HttpOptions,
}

impl Watched {
    /// This channel at this address.
    pub fn new(url: impl Into<String>, channel: &str) -> Self {
        let transports = ChannelTransports::default();
        Self {
            url: url.into(),
            channel: channel.to_owned(),
            transports,
            headers: Vec::new(),
            options: HttpOptions::default(),
        }
    }

    /// By these transports.
    #[must_use]
    pub fn by(mut self, transports: ChannelTransports) -> Self {
        self.transports = transports;
        self
    }

    /// With this header for the host.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With these settings.
    #[must_use]
    pub fn options(mut self, options: HttpOptions) -> Self {
        self.options = options;
        self
    }

    /// Begins.
    pub fn start(self) -> Watch {
        let (report, reports) = channel();
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let name = self.channel.clone();
        thread::spawn(move || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                tokio::select! {
                    () = self.watch(report) => {}
                    _ = stopped => {}
                }
            });
        });
        Watch { channel: name, reports, _stop: stop }
    }

    async fn watch(self, report: std::sync::mpsc::Sender<Report>) {
        let mut subscription = ChannelSubscription::new(self.url, ChannelName::new(self.channel));
        subscription.transports = self.transports;
        subscription.user_agent = "e2e".to_owned();
        subscription.headers = self
            .headers
            .into_iter()
            .map(|(name, value)| ChannelHeader { name, value: value.into() })
            .collect();
        let copy = report.clone();
        let events = ChannelEvents::new(move |event| {
            let _nobody_listens = copy.send(match event {
                ChannelEvent::Subscribed => Report::Subscribed,
                ChannelEvent::Interrupted(error) => Report::Interrupted(error.kind()),
                ChannelEvent::Message { name, data } => {
                    Report::Message(name, serde_json::from_slice(data.expose()).expect("data is JSON"))
                }
            });
        });
        let channel =
            LiveChannel::new(self.options).back_off(Duration::from_millis(20), Duration::from_millis(200));
        let failure = channel.watch(subscription, events).await;
        let _nobody_listens = report.send(Report::End(failure.error.kind()));
    }
}

/// One report.
#[derive(Clone, Debug, PartialEq)]
pub enum Report {
    /// Events arrive from now on.
    Subscribed,
    /// Events may have been missed, for this reason.
    Interrupted(&'static str),
    /// An event, and its data.
    Message(String, Value),
    /// It is of no use to go on, for this reason.
    End(&'static str),
}

/// A channel that is watched until this is dropped.
#[derive(Debug)]
pub struct Watch {
    channel: String,
    reports: Receiver<Report>,
    _stop: tokio::sync::oneshot::Sender<()>,
}

impl Watch {
    /// The next report.
    #[track_caller]
    pub fn next(&self) -> Report {
        self.reports.recv_timeout(GUARD).expect("a report in time")
    }

    /// The next report has to be this event.
    #[track_caller]
    pub fn message(&self, name: &str, data: Value) {
        assert_eq!(self.next(), Report::Message(name.to_owned(), data));
    }

    /// Waits until it is subscribed. At least so many interruptions have to come before; gives their reasons.
    #[track_caller]
    pub fn subscribed_after(&self, interruptions: usize) -> Vec<&'static str> {
        let mut reasons = Vec::new();
        loop {
            match self.next() {
                Report::Interrupted(reason) => reasons.push(reason),
                Report::Subscribed if reasons.len() >= interruptions => return reasons,
                Report::Subscribed => {}
                other => panic!("{other:?} after {reasons:?}"),
            }
        }
    }

    /// Waits until it is subscribed and the server has taken note of it, which nothing else tells than an event.
    #[track_caller]
    pub fn ready(&self, server: &EchoServer) {
        self.subscribed_after(0);
        self.settled(server);
    }

    /// Waits until events arrive, whatever is reported before, and takes those that were published for it away.
    #[track_caller]
    pub fn settled(&self, server: &EchoServer) {
        let mut number = 0;
        until("an event", || {
            number += 1;
            server.publish(&self.channel, "try", &json!(number));
            let newest = Report::Message("try".to_owned(), json!(number));
            while let Ok(report) = self.reports.recv_timeout(Duration::from_millis(50)) {
                if report == newest {
                    return Some(());
                }
            }
            None
        });
    }

    /// Publishes events until there is an interruption; gives its reason.
    #[track_caller]
    pub fn interrupted_under_traffic(&self, server: &EchoServer) -> &'static str {
        until("an interruption", || {
            server.publish(&self.channel, "traffic", &json!("a"));
            while let Ok(report) = self.reports.recv_timeout(Duration::from_millis(5)) {
                if let Report::Interrupted(reason) = report {
                    return Some(reason);
                }
            }
            None
        })
    }
}
