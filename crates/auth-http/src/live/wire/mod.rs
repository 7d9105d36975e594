//! The wire of a laravel-echo-server: engine.io 3 below, socket.io 2 above. Pure: text in, text out.
//!
//! | module | holds |
//! | --- | --- |
//! | `payload` | the body of a polling answer: several packets, each with its length |
//! | `engine_packet` | a packet of engine.io: open, close, ping, pong, message |
//! | `open` | what the server says of itself in the first packet |
//! | `socket_packet` | a message of engine.io as a packet of socket.io |
//! | `event` | an event of a channel |
//! | `outgoing` | the few packets that a client may send |
//! | `conversation` | what to do about each packet that comes |
//!
//! Whatever does not read is skipped: the server passes on anything that is published, and must not be able to end a connection
//! by it.

mod conversation;
mod engine_packet;
mod event;
mod open;
mod outgoing;
mod payload;
mod socket_packet;

pub use conversation::{Conversation, Reaction};
pub use engine_packet::EnginePacket;
pub use event::Event;
pub use open::Open;
pub use outgoing::{Outgoing, Purpose};
pub use payload::{Payload, encode};
pub use socket_packet::{SocketPacket, SocketPacketKind};
