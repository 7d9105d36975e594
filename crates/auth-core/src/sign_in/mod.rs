//! The sign-in, as a typed machine without IO.
//!
//! Each step is a struct that holds what is known there, with methods for what is possible there. `submit` does no IO: it
//! returns the request to send and an [`InFlight`] value. [`InFlight::resume`] takes the answer and returns the next
//! [`Step`], or [`StepRejected`], which has the reason and the step at which the sign-in is now.
//!
//! ```mermaid
//! stateDiagram-v2
//!   [*] --> Start: front office
//!   [*] --> NeedCredentials: back office
//!   Start --> NeedCredentials: wizard opened
//!   NeedCredentials --> SignedIn: a complete pair
//!   NeedCredentials --> NeedMethod: 2fa
//!   NeedCredentials --> NeedCode: 2fa_google_auth, 2fa_sms_auth
//!   NeedCredentials --> NeedMailedCode: 2faRequired (back office)
//!   NeedCredentials --> NeedResetCode: reset_password_email
//!   NeedMethod --> NeedCode: method chosen
//!   NeedCode --> NeedCode: another method, or a second factor
//!   NeedCode --> SignedIn: a complete pair
//!   NeedMailedCode --> SignedIn: a complete pair
//!   NeedResetCode --> NeedNewPassword: reset_password
//!   NeedNewPassword --> Start: password changed
//!   NeedCredentials --> Unsupported: unknown workflow
//!   NeedCode --> Start: the wizard ended
//!   NeedMailedCode --> NeedCredentials: the 2FA token ended
//!   SignedIn --> [*]
//! ```
//!
//! | question | file |
//! | --- | --- |
//! | Where does an answer of the host become the next step? | `next_step.rs`, then `on_answer` in the step's file |
//! | What does a refusal mean? | `on_refusal` in the step's file; the words are in `wire/hints.rs` |
//! | What if the answer to a request is lost? | `lost_response.rs`, `reopen_wizard.rs` |
//! | How is another two-factor method added? | `two_factor_method.rs` |
//! | How is a step kept for another process? | `checkpoint.rs` |
//!
//! **Invariant**: [`SignedIn`] is reached if and only if the endpoint is one that issues tokens and the answer has a
//! complete pair. `done`, `code`, `workflow` and the HTTP status are hints: documents and hosts disagree on them.

mod checkpoint;
mod choose_method;
mod code;
mod credentials;
mod error;
mod in_flight;
mod input;
mod lost_response;
mod mailed_code;
mod new_password;
mod next_step;
mod reopen_wizard;
mod reset_code;
mod signed_in;
mod start;
mod step;
mod two_factor_method;
mod wizard;
mod wizard_info;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use choose_method::NeedMethod;
pub use code::NeedCode;
pub use credentials::{Credentials, NeedCredentials};
pub use error::SignInError;
pub use in_flight::{InFlight, InFlightStep, StepRejected};
pub use input::InputProblem;
pub use mailed_code::NeedMailedCode;
pub use new_password::NeedNewPassword;
pub use reopen_wizard::ReopenWizard;
pub use reset_code::NeedResetCode;
pub use signed_in::SignedIn;
pub use start::Start;
pub use step::{Step, Unsupported};
pub use two_factor_method::{MethodOption, TwoFactorMethod, UnknownMethod};
pub use wizard_info::WizardInfo;
