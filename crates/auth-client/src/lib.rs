//! The client of B2Core authentication for Rust programs: name this crate and nothing else of ours.
//!
//! It joins the sign-in machine of `auth-core` with a transport, a store and a clock. With the default features the
//! transport is that of the module `http` (reqwest and rustls) and the stores are those of the module `store`; without
//! them it takes whatever implements the ports.
//!
//! | feature | adds |
//! | --- | --- |
//! | `http` (default) | the transport over reqwest, and `Session::authorize` for reqwest's requests |
//! | `live` (default) | the host's live channel, by which a display of QR sign-in learns of its approval; turns on `http` |
//! | `rustls` (default) | TLS for it, by reqwest's own feature `rustls`; turns on `http` |
//! | `file-store` (default) | the encrypted file as a store; turns on `sealed-store` |
//! | `keyring-store` | the keyring of the system as a store, or for the key of another one; turns on `sealed-store` |
//! | `sqlite-store` | an SQLite database as a store, for very many accounts, and SQLite with it; turns on `sealed-store` |
//! | `redis-store` | a Redis or Valkey server as a store, for services on several machines; turns on `sealed-store`. TLS to it takes rustls' provider of the process |
//! | `sealed-store` | encryption around any store |
//! | `middleware` | `middleware::Bearer` for reqwest-middleware; turns on `http`, but not `rustls` |
//!
//! Cargo unifies features: what is turned on here in `reqwest` or `rustls` is turned on for the whole program. `http` and
//! `middleware` turn on nothing there. `rustls` turns on reqwest's feature `rustls`, which is one of reqwest's defaults: `https`
//! then works in a program whose own reqwest has no TLS, and rustls has the crypto provider aws-lc-rs. No provider is installed
//! for the process, and one that the program has installed is used.
//!
//! Leave `rustls` out, with `default-features = false, features = ["http", "file-store"]`, if your reqwest has native-tls, or if
//! your program uses rustls with `ring` only and calls `rustls::ClientConfig::builder()` without installing that provider: rustls
//! panics there once it has two. Requests to the host then use the TLS of your own reqwest, and `https` needs one of its TLS
//! features.
//!
//! Every method that talks to the host can be cancelled by dropping its future; the step it was called on stays
//! usable. What has to be finished once the host has answered (keeping tokens, counting attempts) runs in a task of
//! its own, so calls need a tokio runtime.
//!
//! An error says what to do next (`recovery()`), has a stable name for programs (`kind()`), and its source. Its `Display` text is
//! English and for developers; texts for users are in the catalogue of `auth-messages`, by `kind()`.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(all(feature = "http", feature = "file-store"), doc = include_str!("examples.md"))]

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// The example of a service compiles.
#[cfg(doctest)]
#[cfg_attr(feature = "sqlite-store", doc = include_str!("../../../docs/fleet.md"))]
struct Fleet;

mod builder;
mod client;
mod host;
#[cfg(feature = "middleware")]
pub mod middleware;
mod pending_step;
mod qr;
mod request_error;
mod run_to_completion;
mod session;
mod sign_in;

/// For implementations of the ports.
pub use async_trait::async_trait;
pub use auth_core::{
    AccountKey, AfterExpiry, BootTime, CallError, CertificatePins, ClockReading, CorrelationId,
    DeviceFingerprint, Gateway, Header, Host, HostError, HttpMethod, HttpRequest, HttpResponse, LockedOut,
    LockedOutBy, Office, Pin, PinsError, PinsNow, Profile, ProfileError, Recovery, ServerMessage,
    SignedDuration, Timestamp, TokenScope, UnknownOffice,
    attempts::{Limit, LimitGroup, Limits, RefreshQuota},
    ports,
    qr::{
        PayloadForm, QrApprovalError, QrDetails, QrOptionError, QrProtocol, QrRisk, QrSignInError, ScanError,
        ScanSource,
    },
    secret,
    session::{
        RecordError, RestoreError, SessionEnd, SessionEndReason, SessionError, SessionSnapshot,
        SnapshotContent, StoredSession,
    },
    sign_in::{
        Credentials, InputProblem, MethodOption, SignInError, TwoFactorMethod, UnknownMethod, Unsupported,
        WizardInfo,
    },
};
#[cfg(feature = "http")]
pub use auth_http as http;
pub use auth_store as store;
/// The version that [`Session::authorize`] and the middleware speak.
#[cfg(feature = "http")]
pub use reqwest;
/// The version that [`middleware::Bearer`] is for.
#[cfg(feature = "middleware")]
pub use reqwest_middleware;

pub use builder::{AuthClientBuilder, BuildError};
pub use client::AuthClient;
#[doc(hidden)]
pub use host::{SharedRuntime, start_runtime};
pub use host::{SystemClock, TestClock};
pub use pending_step::ResumeError;
pub use qr::{Declined, QrExpiry, QrRequest, QrShown, QrSignIn, QrState, QrStates};
pub use request_error::RequestError;
pub use session::{
    AuthState, AuthStateChanges, Health, PendingRevocations, RefreshRound, RevocationStatus, RoundStop,
    Session, SignedOut, StateChange, StateReason, TokenGuard,
};
#[cfg(feature = "http")]
pub use session::{AuthorizeError, Authorized};
pub use sign_in::{
    ChooseMethodStep, CodeStep, CredentialsStep, MailedCodeStep, NewPasswordStep, ResetCodeStep, SignIn,
    SignInStep, StartStep,
};
