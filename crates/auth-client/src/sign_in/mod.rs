//! Driving a sign-in: the places of `auth_core::sign_in` with their calls as async methods.

mod advance;
mod flow;
pub(crate) mod pending;
mod place;
mod steps;

pub use flow::SignIn;
pub use pending::ResumeError;
pub use place::SignInStep;
pub use steps::{
    ChooseMethodStep, CodeStep, CredentialsStep, MailedCodeStep, NewPasswordStep, ResetCodeStep, StartStep,
};
