//! The client of B2Core authentication for Rust programs: name this crate and nothing else of ours.
//!
//! It joins the sign-in machine of `auth-core` with a transport, a store and a clock. With the default features the
//! transport is [`http`] (reqwest and rustls) and the stores are those of [`store`]; without them it takes whatever
//! implements the ports.
//!
//! ```no_run
//! use auth_client::{AuthClient, Login, Office, SignInStep, secret::{OneTimeCode, Password}};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let client = AuthClient::builder("https://broker.example").build()?;
//! let mut step = client.sign_in(Office::Front).current();
//! let session = loop {
//!     step = match step {
//!         SignInStep::Start(start) => start.open().await?,
//!         SignInStep::Credentials(form) => {
//!             form.submit(Login::new("ann@example.com", Password::new("Secret123"))).await?
//!         }
//!         SignInStep::ChooseMethod(choice) => choice.choose(choice.offers()[0].method).await?,
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

mod budget;
mod builder;
mod client;
mod clock;
mod context;
mod failed;
mod finish;
#[cfg(feature = "middleware")]
pub mod middleware;
mod session;
mod sign_in;

pub use auth_core::{
    AccountKey, CallError, CorrelationId, DeviceFingerprint, Header, Host, HostError, HttpMethod,
    HttpRequest, HttpResponse, LockedOut, LockedOutBy, Moment, Office, Profile, ProfileError, Recovery,
    ServerText, SignedDuration, SinceBoot, Timestamp, UnknownOffice,
    attempts::{Limit, Limits},
    ports, secret,
    session::{PackedSession, SessionError, UnpackError},
    sign_in::{InputProblem, Login, Method, Offer, SignInError, Unsupported, WizardFacts},
};
#[cfg(feature = "http")]
pub use auth_http as http;
#[cfg(feature = "file-store")]
pub use auth_store as store;

pub use builder::{AuthClientBuilder, BuildError};
pub use client::AuthClient;
pub use clock::SystemClock;
pub use failed::Failed;
pub use session::{
    AuthState, AuthStates, Delivered, HostTold, Session, SignedOut, StateChange, StateReason, TokenGuard,
};
#[cfg(feature = "http")]
pub use session::{AuthorizeError, Authorized};
pub use sign_in::{
    ChooseMethodStep, CodeStep, CredentialsStep, MailedCodeStep, NewPasswordStep, ResetCodeStep, ResumeError,
    SignIn, SignInStep, StartStep,
};
