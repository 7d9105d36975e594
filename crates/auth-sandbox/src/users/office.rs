//! The two offices.

use serde::{Deserialize, Serialize};

/// The two offices of a host. A user, a token and a limit belong to one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Office {
    /// The clients' side, under `/api/v2/my`.
    Front,
    /// The broker's staff, under `/api/v2`.
    Back,
}
