//! The connection by polling, and its upgrade to a websocket.
//!
//! One request always hangs until the server has something to say; packets of ours are sent by others. Meanwhile a websocket of the
//! same connection is tried out by `2probe` and `3probe`. Then the hanging request has to end, which the server sees to; packet `5`
//! makes the websocket the connection. If that does not work in time, nothing has happened.

use super::{
    end::End,
    server::{Body, Server},
    session::Session,
    socket::Socket,
    wire::{EnginePacket, Open, Outgoing, Payload, Purpose},
};
use std::{future::pending, pin::Pin, time::Duration};
use tokio::time::{Instant, sleep, sleep_until, timeout};

/// How long the probe of a websocket may take, and then the end of the hanging request.
const PROBE: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_secs(3);
/// How long the last packet of a connection may take.
const FAREWELL: Duration = Duration::from_secs(1);
/// A server that answers at once with nothing is not asked more often.
const IDLE_POLL: Duration = Duration::from_millis(100);

/// Begins a connection: what the server says of itself, and the answer that it stands in.
pub(super) async fn open(server: &mut Server) -> Result<(Open, Body), End> {
    let body = server.handshake().await?;
    let payload = Payload::read(&body);
    let first =
        payload.packets.first().filter(|_| payload.complete).and_then(|packet| EnginePacket::read(packet));
    let Some(EnginePacket::Open(json)) = first else { return Err(End::PROTOCOL) };
    let open = Open::read(json).ok_or(End::PROTOCOL)?;
    Ok((open, body))
}

/// Goes on until the connection ends, or goes on by a websocket.
pub(super) async fn run(
    server: &Server,
    session: &mut Session<'_>,
    open: &Open,
    greeting: &Body,
    upgrade: bool,
) -> Result<Socket, End> {
    let result = match receive(session, greeting) {
        Ok(_) => {
            Polling { server, sid: &open.sid, poll: None, post: None, probe: None, probed: None, upgrade }
                .run(session)
                .await
        }
        Err(end) => Err(end),
    };
    if matches!(result, Err(End::Refused | End::Failed(_))) {
        let _gone_anyway = timeout(FAREWELL, server.post(&open.sid, &Outgoing::leave())).await;
    }
    result
}

/// Takes all packets of an answer; says whether there was a pong or a message among them. A server whose answers have neither is
/// not asked again at once.
fn receive(session: &mut Session<'_>, body: &Body) -> Result<bool, End> {
    let payload = Payload::read(body);
    for packet in &payload.packets {
        session.receive(packet)?;
    }
    if payload.complete {
        Ok(payload.packets.iter().any(|packet| packet.starts_with(['3', '4'])))
    } else {
        Err(End::PROTOCOL)
    }
}

type Running<'a, T> = Option<Pin<Box<dyn Future<Output = T> + Send + 'a>>>;

struct Polling<'a> {
    server: &'a Server,
    sid: &'a str,
    poll: Running<'a, Result<Body, End>>,
    post: Running<'a, (Purpose, Result<(), End>)>,
    probe: Running<'a, Result<Socket, End>>,
    /// A websocket that works, and until when it can wait for the requests to end.
    probed: Option<(Socket, Instant)>,
    /// Whether a websocket has still to be tried.
    upgrade: bool,
}

impl Polling<'_> {
    async fn run(mut self, session: &mut Session<'_>) -> Result<Socket, End> {
        let mut idle = false;
        loop {
            self.start(session, idle);
            if self.poll.is_none()
                && self.post.is_none()
                && let Some((mut socket, _)) = self.probed.take()
            {
                socket.send(&Outgoing::upgrade()).await?;
                return Ok(socket);
            }
            let pause_ends = self.probed.as_ref().map(|(_, until)| *until);
            tokio::select! {
                (purpose, sent) = finished(&mut self.post) => {
                    sent?;
                    session.sent(purpose);
                }
                body = finished(&mut self.poll) => idle = !receive(session, &body?)?,
                probed = finished(&mut self.probe) => match probed {
                    Ok(socket) => self.probed = Some((socket, Instant::now() + PAUSE)),
                    Err(_) => tracing::debug!("no websocket; polling goes on"),
                },
                () = sleep_until(session.next_beat()) => session.beat()?,
                () = until(pause_ends) => {
                    tracing::debug!("the upgrade to a websocket takes too long; polling goes on");
                    self.probed = None;
                }
            }
        }
    }

    /// Starts what has to run now.
    fn start(&mut self, session: &mut Session<'_>, idle: bool) {
        let (server, sid) = (self.server, self.sid);
        if self.probed.is_some() {
            return;
        }
        if self.post.is_none()
            && let Some(packet) = session.next_outgoing()
        {
            self.post = Some(Box::pin(async move { (packet.purpose(), server.post(sid, &packet).await) }));
        }
        if self.poll.is_none() {
            self.poll = Some(Box::pin(async move {
                if idle {
                    sleep(IDLE_POLL).await;
                }
                server.poll(sid).await
            }));
        }
        if self.upgrade && session.subscribed().is_some() {
            self.upgrade = false;
            self.probe = Some(Box::pin(async move { timeout(PROBE, probe(server, sid)).await? }));
        }
    }
}

async fn probe(server: &Server, sid: &str) -> Result<Socket, End> {
    let mut socket = server.websocket(Some(sid)).await?;
    socket.send(&Outgoing::probe()).await?;
    loop {
        if socket.next().await?.as_text() == Some("3probe") {
            return Ok(socket);
        }
    }
}

/// Waits for it, if it runs, and takes it away.
async fn finished<T>(running: &mut Running<'_, T>) -> T {
    let result = match running {
        Some(future) => future.await,
        None => pending().await,
    };
    *running = None;
    result
}

async fn until(end: Option<Instant>) {
    match end {
        Some(end) => sleep_until(end).await,
        None => pending().await,
    }
}
