//! The live channel as laravel-echo-server speaks it: socket.io 2 over engine.io 3. This folder knows sessions, packets and
//! events; `routes/live` carries them over HTTP.

mod event;
mod packet;
mod session;
mod settings;
mod table;

pub(crate) use event::{Authorization, ClientEvent, is_private, refused_subscription};
pub(crate) use packet::{Packet, payload, split};
pub(crate) use session::{End, ForPolling, ForWebSocket, Session};
pub(crate) use settings::{Heartbeat, LiveSettings};
pub(crate) use table::Live;
pub use table::LiveSession;
