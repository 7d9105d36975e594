//! Driving a sign-in: the steps of [`auth_core::sign_in`] with their calls as async methods. It stands on the host connection
//! and on the session, which it saves.
//!
//! | question | module |
//! | --- | --- |
//! | What can be done with a sign-in as a whole? | `handle`, the public `SignIn` |
//! | What can be done at each step? | `step` (the views), `calls` (their methods) |
//! | What happens from a submit to the next step? | `transition` |
//! | Where is the sign-in, and who may move it on? | `flow` |
//!
//! How a host's answer becomes the next step is decided in [`auth_core::sign_in`]; a step that waits for its user is saved by
//! [`pending_step`](crate::pending_step).

mod calls;
mod flow;
mod handle;
mod step;
mod transition;

pub use handle::SignIn;
pub use step::{
    ChooseMethodStep, CodeStep, CredentialsStep, MailedCodeStep, NewPasswordStep, ResetCodeStep, SignInStep,
    StartStep,
};
