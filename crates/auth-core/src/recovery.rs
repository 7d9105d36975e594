//! What a caller can do after an error. What is sent again without the caller: [`Endpoint::replay`](crate::Endpoint::replay).

use std::time::Duration;

/// What a caller can do after an error. Every error has a `recovery()`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// Repeat the call, after the wait if there is one.
    Retry {
        /// How long to wait first. `None`: at once, or when the user asks for it.
        after: Option<Duration>,
    },
    /// Too many attempts: wait, then ask the user for the input again.
    Wait {
        /// How long to wait.
        retry_after: Duration,
    },
    /// Ask the user for the same input again.
    AskUser,
    /// Begin the sign-in anew.
    Restart,
    /// The session has ended: sign in.
    SignInAgain,
    /// What is held here is not in force any more: somebody else has signed in, or the sign-in has moved on. Get the session or the step
    /// anew, and go on with that. Whoever signs in again instead takes the session from whoever has just signed in.
    Reload,
    /// The user cannot solve it: check the configuration, or report it.
    Report,
}

impl Recovery {
    /// A stable name: `retry`, `wait`, `ask_user`, `restart`, `sign_in_again`, `reload`, `report`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retry { .. } => "retry",
            Self::Wait { .. } => "wait",
            Self::AskUser => "ask_user",
            Self::Restart => "restart",
            Self::SignInAgain => "sign_in_again",
            Self::Reload => "reload",
            Self::Report => "report",
        }
    }
}
