//! B2Core authentication for Kotlin and Swift.
//!
//! This crate mirrors `auth-client`: it maps types and has no logic of its own. Its rules suit the two languages:
//!
//! - a step is a sealed class or an enum, and each case carries an object with the calls that are legal there;
//! - every call that can fail throws [`AuthError`];
//! - no call blocks its thread, and every call that waits takes a [`CancelToken`];
//! - secrets are in objects, or in values whose printing is redacted, and nothing prints them.
//!
//! There are two flavours with the same API: `bundled` has its own HTTP stack, file store and live channel, `platform` has none
//! of them and takes them from the app.

mod cancel;
mod client;
mod config;
mod error;
mod pins;
mod ports;
mod print;
mod qr;
mod runtime;
mod session;
mod sign_in;
mod sign_out;
mod states;
mod steps;
mod test_clock;
mod token_scope;
mod types;

pub use cancel::CancelToken;
pub use client::AuthClient;
pub use config::{AttemptLimits, ClientConfig, Passphrase, StoreChoice, TransportChoice};
pub use error::{
    AuthError, ChannelProblem, InputProblem, NetworkProblem, QrProblem, Reasons, Recovery, ServerMessage,
};
pub use pins::{AfterExpiry, CertificatePins, PinsNow};
pub use ports::{
    ApprovalChannel, ChannelChoice, ChannelEnd, ChannelEvents, ChannelSubscription, HttpHeader, HttpRequest,
    HttpResponse, LoadResult, Presence, ProcessLock, SessionStore, StoreError, Transport, TransportError,
    UserPresence,
};
pub use qr::{QrCode, QrDetails, QrExpiry, QrRequest, QrRisk, QrSignIn, QrState, QrStates, ScanSource};
pub use session::Session;
pub use sign_in::{SignIn, SignInStep};
pub use sign_out::{PendingRevocations, RevocationStatus, SignedOut};
pub use states::{AuthState, AuthStateChanges, Health, StateChange, StateReason};
pub use steps::{
    ChooseMethodStep, CodeStep, CredentialsStep, MailedCodeStep, NewPasswordStep, ResetCodeStep, StartStep,
};
pub use test_clock::TestClock;
pub use token_scope::TokenScope;
pub use types::{AccountKey, MethodOption, Office, TwoFactorMethod, WizardInfo};

uniffi::setup_scaffolding!("auth");
