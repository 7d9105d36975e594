//! What a sandbox cannot do.

use auth_sandbox::{DialectError, FaultError, StartError, UsersError};

/// What was asked for is not possible. Nothing was changed. `problem` says what would be right; it quotes no secret.
#[derive(Clone, Debug, thiserror::Error, uniffi::Error)]
#[uniffi::export(Display)]
pub enum SandboxError {
    /// The sandbox did not start: there is no free port, thread or random number, or the base path or a name is none.
    #[error("{problem}")]
    Start {
        /// What is wrong.
        problem: String,
    },
    /// A user, or a TOML text of users, cannot be used.
    #[error("{problem}")]
    Users {
        /// The line and the field.
        problem: String,
    },
    /// The text is no fault.
    #[error("{problem}")]
    Fault {
        /// Which word is wrong, and which there are.
        problem: String,
    },
    /// The text is no dialect.
    #[error("{problem}")]
    Dialect {
        /// Which word is wrong, and which there are.
        problem: String,
    },
    /// Another setting cannot be used.
    #[error("{problem}")]
    Setting {
        /// What is wrong.
        problem: String,
    },
}

impl From<StartError> for SandboxError {
    fn from(error: StartError) -> Self {
        Self::Start { problem: error.to_string() }
    }
}

impl From<UsersError> for SandboxError {
    fn from(error: UsersError) -> Self {
        Self::Users { problem: error.to_string() }
    }
}

impl From<FaultError> for SandboxError {
    fn from(error: FaultError) -> Self {
        Self::Fault { problem: error.to_string() }
    }
}

impl From<DialectError> for SandboxError {
    fn from(error: DialectError) -> Self {
        Self::Dialect { problem: error.to_string() }
    }
}
