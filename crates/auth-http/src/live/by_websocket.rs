//! The connection by a websocket.

use super::{
    end::End,
    server::Server,
    session::Session,
    socket::Socket,
    wire::{EnginePacket, Open},
};
use tokio::time::{sleep_until, timeout};

/// Begins a connection by a websocket alone.
pub(super) async fn open(server: &Server) -> Result<(Socket, Open), End> {
    let mut socket = server.websocket(None).await?;
    let greeting = timeout(server.patience().read, socket.next()).await??;
    let text = greeting.as_text().ok_or(End::PROTOCOL)?;
    let Some(EnginePacket::Open(json)) = EnginePacket::read(text) else { return Err(End::PROTOCOL) };
    let open = Open::read(json).ok_or(End::PROTOCOL)?;
    Ok((socket, open))
}

/// Goes on until the connection ends.
pub(super) async fn run(mut socket: Socket, session: &mut Session<'_>) -> End {
    let end = loop {
        if let Err(end) = step(&mut socket, session).await {
            break end;
        }
    };
    if matches!(end, End::Refused | End::Failed(_)) {
        socket.leave().await;
    }
    end
}

async fn step(socket: &mut Socket, session: &mut Session<'_>) -> Result<(), End> {
    while let Some(packet) = session.next_outgoing() {
        socket.send(&packet).await?;
        session.sent(packet.purpose());
    }
    let message = tokio::select! {
        message = socket.next() => message?,
        () = sleep_until(session.next_beat()) => return session.beat(),
    };
    message.as_text().map_or(Ok(()), |packet| session.receive(packet))
}
