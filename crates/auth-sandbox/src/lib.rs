//! A host that behaves like a B2Core platform's sign-in: for tests, demos and developers of apps.
//!
//! It is a real HTTP server with real TOTP codes (RFC 6238), RS256 tokens, rotation of refresh tokens, limits and
//! blocks, an outbox in place of SMS and mail, and QR sign-in with its live channel and a web page. It writes its own JSON and shares no code with the client, so that one
//! misreading of the API cannot pass on both sides.
//!
//! ```
//! let sandbox = auth_sandbox::Sandbox::start()?;
//! assert!(sandbox.url().starts_with("http://127.0.0.1:"));
//! assert_eq!(sandbox.users().len(), 7);
//! # Ok::<(), auth_sandbox::StartError>(())
//! ```
//!
//! It is not a place for real accounts: its signing key is public, and everything under `/_sandbox` tells secrets to
//! whoever asks from this machine, other than web pages of other origins; elsewhere it takes [`Sandbox::steering_token`].

mod accounts;
mod authority;
mod builder;
mod certificate_error;
mod chain;
mod challenge;
mod clock;
mod codes;
mod connection;
mod connections;
mod dialect;
mod error;
mod faults;
mod guard;
mod host;
mod limits;
mod live;
mod log;
mod names;
mod outbox;
mod qr;
mod qr_sign_in;
mod qr_steering;
mod render;
mod routes;
mod sandbox;
mod server;
mod settings;
mod start;
mod state;
mod steering;
mod steering_token;
mod tls;
mod tokens;
mod upgrade;
mod users;
mod wizard;

pub use authority::CertificateAuthority;
pub use builder::Builder;
pub use certificate_error::CertificateError;
pub use dialect::{
    Cookies, Dates, Dialect, DialectError, Encoding, ErrorShape, Extra, FinalStatus, FinalWorkflow, NoToken,
    Providers, RefreshToken, SingleTwoFactor, TokenShape, UuidPolicy, WizardDone, WizardMethod,
};
pub use error::StartError;
pub use faults::{Act, Endpoint, Fault, FaultError, FaultState, FaultTiming, Framing, RetryAfter};
pub use jiff::{SignedDuration, Timestamp};
pub use limits::Limits;
pub use live::LiveSession;
pub use log::LoggedRequest;
pub use outbox::{Channel, Message, Purpose};
pub use qr::{LifetimeForm, QrOff, QrSettings};
pub use sandbox::Sandbox;
pub use state::StateError;
pub use users::{Method, Office, UserInfo, Users, UsersError};

/// The README's example, compiled.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
