//! What a caller can do after an error.

use std::time::Duration;

/// What the caller can do next. Every error answers this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// Do the same again, after the wait if there is one.
    Retry {
        /// How long to wait first.
        after: Option<Duration>,
    },
    /// Too many attempts: wait, then ask the user again.
    Wait {
        /// How long the lock lasts.
        retry_after: Duration,
    },
    /// Ask the user for the same input again.
    AskUser,
    /// Begin the sign-in anew.
    Restart,
    /// The session is over: sign in.
    SignInAgain,
    /// Nothing that the user can mend: check the configuration, or report it.
    Report,
}

impl Recovery {
    /// A stable name: `retry`, `wait`, `ask_user`, `restart`, `sign_in_again`, `report`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retry { .. } => "retry",
            Self::Wait { .. } => "wait",
            Self::AskUser => "ask_user",
            Self::Restart => "restart",
            Self::SignInAgain => "sign_in_again",
            Self::Report => "report",
        }
    }
}
