//! The known ways in which hosts and documents differ, each a switch of its own.
//!
//! This module says what can differ; [`crate::render`] is the only reader of the switches that shape answers.

mod after_credentials;
mod choices;
mod presets;
mod settings;
mod text;

pub(crate) use after_credentials::Next;
pub use choices::{
    Cookies, Dates, Encoding, ErrorShape, Extra, FinalStatus, FinalWorkflow, NoToken, Providers,
    RefreshToken, SingleTwoFactor, TokenShape, UuidPolicy, WizardDone, WizardMethod,
};
pub use settings::Dialect;
pub use text::DialectError;
