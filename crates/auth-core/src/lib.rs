//! Models, wire codec and sign-in steps of B2Core authentication.
//!
//! This crate decides and does no IO. It has no clock, no network, no files and no async runtime. Time is a parameter, a
//! request is a value to send, and its answer is a value to [resume](sign_in::InFlight::resume) with. What the outside
//! has to do is in three traits: [`ports::Transport`] sends requests, [`ports::SessionStore`] keeps records,
//! [`ports::Clock`] reads the time. `auth-client` is the driver that joins them with this crate; applications use that.
//!
//! ```
//! use auth_core::{Host, Office, sign_in::{Credentials, Step}, secret::Password, DeviceFingerprint, Timestamp};
//!
//! let host = Host::parse("https://broker.example/")?;
//! let now: Timestamp = "2026-01-01T00:00:00Z".parse()?;
//! let Step::NeedCredentials(step) = Step::begin(Office::Back, now) else { unreachable!() };
//! let login = Credentials::new("ops@broker.example", Password::new("Secret123"));
//! let (request, in_flight) = step.submit(login, &DeviceFingerprint::new("docs/1"))?;
//! assert_eq!(request.url(&host), "https://broker.example/api/v2/signin");
//! # drop(in_flight);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | question | where |
//! | --- | --- |
//! | which steps a sign-in has, and what leads from one to the next | [`sign_in`] |
//! | how a QR code is shown, approved and exchanged | [`qr`] |
//! | when a token is refreshed, what a 401 or a failed refresh means | [`session::SessionPolicy`] |
//! | how many attempts the host allows | [`attempts`] |
//! | what a store, a transport or a clock must do | [`ports`] |
//! | what a caller can do after an error | [`Recovery`], which every error's `recovery()` returns |
//!
//! # Texts for people and texts for developers
//!
//! - **`Display` of an error** (the sentences in `#[error("…")]`) is English, for logs and for developers. It is never shown
//!   to a user, and its wording may change at any time.
//! - **`kind()`** is a stable name for programs. It is also the id of the text that a user reads: those texts are in the
//!   catalogue of `auth-messages`, in several languages.
//! - **[`ServerMessage`]** is text that the host wrote for the user, in the host's language. It is data: show it beside a text
//!   of ours, never instead of one.

mod account;
pub mod attempts;
mod clock_reading;
pub mod conformance;
mod cookies;
mod correlation;
mod date_text;
mod endpoint;
mod error;
mod fingerprint;
mod host;
mod http;
mod office;
mod pins;
pub mod ports;
pub mod qr;
mod rate_limit_reset;
mod recovery;
mod request;
pub mod secret;
mod server_message;
pub mod session;
mod shown_as;
pub mod sign_in;
mod token_scope;
mod tokens;
mod wire;
mod work;

pub use account::{AccountKey, Profile, ProfileError};
pub use clock_reading::{BootTime, ClockReading, Elapsed};
pub use cookies::Cookies;
pub use correlation::CorrelationId;
pub use endpoint::{Endpoint, Replay};
pub use error::{CallError, Gateway, LockedOut, LockedOutBy};
pub use fingerprint::DeviceFingerprint;
pub use host::{Host, HostError};
pub use http::{Header, HttpMethod, HttpRequest, HttpResponse};
pub use jiff::{SignedDuration, Timestamp};
pub use office::{Office, UnknownOffice};
pub use pins::{AfterExpiry, CertificatePins, Pin, PinsError, PinsNow};
pub use recovery::Recovery;
pub use request::{ApiRequest, RequestContext};
pub use server_message::ServerMessage;
pub use shown_as::{shown_as, visible};
pub use token_scope::TokenScope;
pub use tokens::{IssuedToken, TokenPair};
