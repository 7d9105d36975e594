//! B2Core authentication for Kotlin and Swift.
//!
//! This crate mirrors `auth-client`: it maps types and has no logic of its own. Its rules suit the two languages:
//!
//! - a step is a sealed class or an enum, and each case carries an object with the calls that are legal there;
//! - every call that can fail throws [`AuthError`];
//! - no call blocks its thread, and every call that waits takes a [`CancelToken`];
//! - secrets are in objects, never in records, and nothing prints them.
//!
//! There are two flavours with the same API: `bundled` has its own HTTP stack and file store, `platform` has neither and
//! takes both from the app.

mod cancel;
mod client;
mod config;
mod error;
mod ports;
mod print;
mod runtime;
mod session;
mod sign_in;
mod sign_out;
mod states;
mod steps;
mod types;

pub use cancel::CancelToken;
pub use client::AuthClient;
pub use config::{AttemptLimits, ClientConfig, Passphrase, StoreChoice, TransportChoice};
pub use error::{AuthError, InputProblem, NetworkProblem, Recovery, ServerMessage};
pub use ports::{
    HttpHeader, HttpRequest, HttpResponse, LoadResult, SessionStore, StoreError, Transport, TransportError,
};
pub use session::Session;
pub use sign_in::{SignIn, SignInStep};
pub use sign_out::{PendingRevocations, RevocationStatus, SignedOut};
pub use states::{AuthState, AuthStateChanges, Health, StateChange, StateReason};
pub use steps::{
    ChooseMethodStep, CodeStep, CredentialsStep, MailedCodeStep, NewPasswordStep, ResetCodeStep, StartStep,
};
pub use types::{AccountKey, MethodOption, Office, TwoFactorMethod, WizardInfo};

uniffi::setup_scaffolding!("auth");
