//! QR sign-in: the display that shows a code, and the approver that scans it. It stands on the host connection
//! ([`host`](crate::host)) and the session ([`session`](crate::session)).
//!
//! | question | module |
//! | --- | --- |
//! | What can be done with a QR sign-in? | `handle`, the public `QrSignIn` |
//! | Which states does a display go through? | `state` |
//! | How does a reader miss none of them? | `state_log`, `states` |
//! | What do handles and streams share, and how does it end? | `flow` |
//! | When is a code shown, renewed, exchanged? | `display` |
//! | How is the live channel watched? | `live` |
//! | How does an approval become a session? | `exchange` |
//! | What does an approver see, and how is it approved? | `approver` |
//!
//! What an answer or an event means is decided in [`auth_core::qr`]; these modules carry it out.

mod approver;
mod completion;
mod display;
mod exchange;
mod flow;
mod handle;
mod live;
mod retry;
mod state;
mod state_log;
mod states;

pub use approver::{Declined, QrRequest};
pub use handle::QrSignIn;
pub use state::{QrExpiry, QrShown, QrState};
pub use states::QrStates;
