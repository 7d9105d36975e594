//! An approval that was learned in another way than by the live channel.

use auth_core::secret::{AuthorizationToken, QrChannelId};

/// An authorization token, and the code that it is of.
pub(super) struct Completion {
    pub(super) channel: QrChannelId,
    pub(super) token: AuthorizationToken,
}
