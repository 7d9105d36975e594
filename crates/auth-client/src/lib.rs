//! The client of B2Core authentication for Rust programs: name this crate and nothing else of ours.
//!
//! It joins the sign-in machine of `auth-core` with a transport, a store and a clock. With the default features the
//! transport is [`http`] (reqwest and rustls) and the stores are those of [`store`]; without them it takes whatever
//! implements the ports.
//!
//! ```no_run
//! use auth_client::{AuthClient, Credentials, Office, SignInStep, secret::{OneTimeCode, Password}};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let client = AuthClient::builder("https://broker.example").build()?;
//! let mut step = client.sign_in(Office::Front).current();
//! let session = loop {
//!     step = match step {
//!         SignInStep::Start(start) => start.open().await?,
//!         SignInStep::Credentials(form) => {
//!             form.submit(Credentials::new("ann@example.com", Password::new("Secret123"))).await?
//!         }
//!         SignInStep::ChooseMethod(choice) => choice.choose(choice.options()[0].method).await?,
//!         SignInStep::Code(code) => code.submit(OneTimeCode::new("123456")).await?,
//!         SignInStep::SignedIn(session) => break session,
//!         other => return Err(format!("go on at {}", other.name()).into()),
//!     };
//! };
//! println!("{}", session.access_token().await?.expose());
//! # Ok(()) }
//! ```
//!
//! Every method that talks to the host can be cancelled by dropping its future; the step it was called on stays
//! usable. What has to be finished once the host has answered (keeping tokens, counting attempts) runs in a task of
//! its own, so calls need a tokio runtime.

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

mod builder;
mod client;
mod host;
#[cfg(feature = "middleware")]
pub mod middleware;
mod pending_step;
mod request_error;
mod run_to_completion;
mod session;
mod sign_in;

pub use auth_core::{
    AccountKey, BootTime, CallError, ClockReading, CorrelationId, DeviceFingerprint, Header, Host, HostError,
    HttpMethod, HttpRequest, HttpResponse, LockedOut, LockedOutBy, Office, Profile, ProfileError, Recovery,
    ServerMessage, SignedDuration, Timestamp, UnknownOffice,
    attempts::{Limit, Limits},
    ports, secret,
    session::{RestoreError, SessionError, SessionSnapshot},
    sign_in::{
        Credentials, InputProblem, MethodOption, SignInError, TwoFactorMethod, Unsupported, WizardInfo,
    },
};
#[cfg(feature = "http")]
pub use auth_http as http;
#[cfg(feature = "file-store")]
pub use auth_store as store;

pub use builder::{AuthClientBuilder, BuildError};
pub use client::AuthClient;
pub use host::SystemClock;
pub use pending_step::ResumeError;
pub use request_error::RequestError;
pub use session::{
    AuthState, AuthStateChanges, Health, PendingRevocations, RevocationStatus, Session, SignedOut,
    StateChange, StateReason, TokenGuard,
};
#[cfg(feature = "http")]
pub use session::{AuthorizeError, Authorized};
pub use sign_in::{
    ChooseMethodStep, CodeStep, CredentialsStep, MailedCodeStep, NewPasswordStep, ResetCodeStep, SignIn,
    SignInStep, StartStep,
};
