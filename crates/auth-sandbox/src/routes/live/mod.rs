//! The live channel over HTTP: `/socket.io/` with polling and WebSocket. Faults on `live_handshake` and `live_channel` act here.

mod open;
mod polling;
mod query;
mod receive;
mod table;
mod websocket;

pub(super) use table::routes;
