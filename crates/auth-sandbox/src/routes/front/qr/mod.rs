//! QR sign-in: the display's calls and the approver's. `inspect` and `decline` are not the vendor's.

mod approve;
mod channel;
mod decline;
mod exchange;
mod gate;
mod inspect;

pub(super) use approve::approve;
pub(super) use channel::channel;
pub(super) use decline::decline;
pub(super) use exchange::exchange;
pub(super) use inspect::inspect;
