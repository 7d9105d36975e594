//! Groups of endpoints.

use serde::{Deserialize, Serialize};

/// Endpoints that share a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Group {
    SignIn,
    Refresh,
    Codes,
    Confirm,
    /// A display asks for a code.
    QrChannel,
    /// A display exchanges its authorization token.
    QrExchange,
    /// An approver looks at a display and decides.
    QrDecision,
}
