//! Why a text is no fault.

use super::Endpoint;

/// Why a text is no fault. Every message names what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FaultError {
    /// There is no `:` in it.
    #[error("a fault is written ENDPOINT:ACT, such as sign_in:status=503,times=1")]
    NoAct,
    /// There is no endpoint of this name.
    #[error("no endpoint is called {name:?}; there are any, {}", Endpoint::ALL.map(Endpoint::name).join(", "))]
    UnknownEndpoint {
        /// The name given.
        name: String,
    },
    /// There is no office of this name.
    #[error("no office is called {name:?}; there are front and back")]
    UnknownOffice {
        /// The name given.
        name: String,
    },
    /// There is no act of this name.
    #[error("no fault is called {name:?}; there are {}", ACTS.join(", "))]
    UnknownAct {
        /// The name given.
        name: String,
    },
    /// This act has no such option, or it was given twice.
    #[error("{act} cannot take {name:?} here; beside times and after, each once, it takes {allowed}")]
    UnknownOption {
        /// The act.
        act: &'static str,
        /// The name given.
        name: String,
        /// What the act takes.
        allowed: String,
    },
    /// Something is missing or is not what it must be.
    #[error("{name} must be {expected}")]
    BadValue {
        /// The act or option.
        name: &'static str,
        /// What it must be.
        expected: &'static str,
    },
}

/// The names of all acts.
pub(super) const ACTS: [&str; 12] = [
    "status",
    "delay",
    "drop",
    "cut",
    "drip",
    "garbage",
    "html",
    "redirect",
    "huge",
    "bomb",
    "non_utf8",
    "dead_wizards",
];
