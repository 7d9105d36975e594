//! QR sign-in: channels of displays, their authorization tokens, and codes as pictures.

mod channel;
mod channels;
mod drawing;
mod refusal;
mod settings;
mod token;

pub(crate) use channel::{Display, event_channels};
pub(crate) use channels::QrChannels;
pub(crate) use drawing::{page_payload, svg};
pub(crate) use refusal::QrRefusal;
pub use settings::{LifetimeForm, QrOff, QrSettings};
