//! QR sign-in: the display that shows a code, and the approver that scans it.

mod approver;
mod code;
mod details;
mod display;
mod matrix;

pub use approver::{QrRequest, ScanSource};
pub use code::QrCode;
pub use details::{QrDetails, QrRisk};
pub use display::{QrExpiry, QrSignIn, QrState, QrStates};
