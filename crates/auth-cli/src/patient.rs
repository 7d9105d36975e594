//! A line on the terminal while a host takes its time: whoever waits wants to know what for.

use crate::{messages, output};
use auth_client::{
    Host, HttpRequest, HttpResponse, async_trait,
    http::{HttpOptions, HttpTransport},
    ports::{Transport, TransportFailure},
};
use auth_messages::Message;
use std::{
    io::{self, IsTerminal},
    pin::pin,
    time::Duration,
};
use tokio::time::timeout;

/// The transport, which says so if an answer takes more than a moment.
pub(crate) struct Patient {
    transport: HttpTransport,
    host: String,
    limit: Duration,
}

impl Patient {
    /// Nothing where nobody sits at a terminal.
    pub(crate) fn new(options: HttpOptions, host: &str, limit: Duration) -> Option<Self> {
        let host = Host::parse(host).map_or_else(|_| host.to_owned(), |host| host.to_string());
        io::stderr().is_terminal().then(|| Self { transport: HttpTransport::new(options), host, limit })
    }

    /// A tenth of the time that there is, and three seconds of the usual half minute.
    fn moment(&self) -> Duration {
        (self.limit / 10).min(Duration::from_secs(3))
    }
}

#[async_trait]
impl Transport for Patient {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, TransportFailure> {
        let mut sending = pin!(self.transport.send(request));
        if let Ok(done) = timeout(self.moment(), sending.as_mut()).await {
            return done;
        }
        let waiting = Message::new("waiting").with("host", &self.host).wait(self.limit);
        output::note(format!("b2auth: {}", messages::say(&waiting)));
        sending.await
    }
}
