//! QR sign-in, as typed machines without IO: a *display* shows a code, and an *approver*, a phone that is signed in, approves it.
//!
//! ```mermaid
//! sequenceDiagram
//!   participant D as display
//!   participant H as host
//!   participant A as approver
//!   D->>H: GET /my/signin/qrcodes
//!   H-->>D: id, lifetime, ip, location
//!   D->>H: watches the channel of this id
//!   D->>A: shows the code, which A scans
//!   A->>H: POST /my/signin/tokens
//!   H-->>D: event with the authorization token
//!   D->>H: POST /my/signin/qrcodes
//!   H-->>D: tokens
//! ```
//!
//! | role | from | to |
//! | --- | --- | --- |
//! | display | [`NeedQrCode`] | [`QrCode`], by [`CodeInFlight::resume`] |
//! | display | [`QrCode`] | [`ApprovedCode`], by [`QrCode::on_event`] or [`QrCode::complete`]; once it is not usable, [`NeedQrCode`] again |
//! | display | [`ApprovedCode`] | the session, by [`ExchangeInFlight::resume`] |
//! | approver | scanned text | [`ScannedCode`], by [`ScannedCode::read`] |
//! | approver | [`ScannedCode`] | [`QrContext`], by [`ScannedCode::inspect`] or [`ScannedCode::context`] |
//! | approver | [`QrContext`] | a decision, by [`QrContext::approve`] or [`QrContext::decline`] |
//!
//! What no document settles is in [`QrProtocol`].
//!
//! **Invariants**: a code is usable until its lifetime, counted from before it was asked for, is over. An approval can be made
//! only out of a context, which can be made only out of a code of the phone's own host, and making it uses the context up.

mod approval;
mod code;
mod context;
mod error;
mod exchange;
mod payload;
mod protocol;
mod scanned;

pub use approval::{DecisionInFlight, DecisionRejected};
pub use code::{CodeAnswer, CodeEvent, CodeInFlight, NeedQrCode, QrCode};
pub use context::{Approver, InspectInFlight, QrContext, QrDetails, QrRisk};
pub use error::{QrApprovalError, QrSignInError};
pub use exchange::{ApprovedCode, ExchangeFailed, ExchangeInFlight};
pub use protocol::{PayloadForm, QrOptionError, QrProtocol};
pub use scanned::{ScanError, ScanSource, ScannedCode};
