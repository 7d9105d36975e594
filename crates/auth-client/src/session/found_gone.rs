//! A session in use that the store has no more.

use super::{account_state::AccountState, auth_state::StateReason, revocations};
use auth_core::ports::SessionId;

/// The store has no such session any more: it was signed out elsewhere. Whoever did so cannot know of a pair that was never saved.
pub(super) async fn find_gone(account: &AccountState, session_id: SessionId) {
    let unsaved = account.active().filter(|active| active.session_id == Some(session_id) && active.unsaved);
    if let Some(unsaved) = unsaved {
        revocations::queue(account, session_id, unsaved.session.clone()).await;
    }
    account.clear(Some(session_id), StateReason::SignedOutElsewhere);
}
