//! Models, wire codec and sign-in steps of B2Core authentication.
//!
//! This crate decides; it never acts. It has no clock, no network, no files and no async runtime: time is a
//! parameter, a request is a value to send, an answer is a value to [resume](sign_in::InFlight::resume) with.
//! Whoever sends the bytes ([`ports::Transport`]), keeps the records ([`ports::SessionStore`]) and tells the time
//! ([`ports::Clock`]) implements a port. `auth-client` is the driver that joins them.
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
//! The state graph is in [`sign_in`].

mod account;
pub mod attempts;
mod clock_reading;
pub mod conformance;
mod correlation;
mod endpoint;
mod error;
mod fingerprint;
mod host;
mod http;
mod office;
pub mod ports;
mod recovery;
mod request;
pub mod secret;
mod server_message;
pub mod session;
pub mod sign_in;
mod tokens;
mod wire;

pub use account::{AccountKey, Profile, ProfileError};
pub use clock_reading::{BootTime, ClockReading, Elapsed};
pub use correlation::CorrelationId;
pub use endpoint::{Endpoint, Replay};
pub use error::{CallError, LockedOut, LockedOutBy};
pub use fingerprint::DeviceFingerprint;
pub use host::{Host, HostError};
pub use http::{Header, HttpMethod, HttpRequest, HttpResponse};
pub use jiff::{SignedDuration, Timestamp};
pub use office::{Office, UnknownOffice};
pub use recovery::Recovery;
pub use request::{ApiRequest, RequestContext};
pub use server_message::ServerMessage;
pub use tokens::{IssuedToken, TokenPair};
