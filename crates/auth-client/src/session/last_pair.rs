//! The pair of a session that goes, because it is signed out or because another one takes its place: what has to be revoked.

use super::account_state::AccountState;
use auth_core::{ports::SessionId, session::StoredSession};
use std::time::Duration;

/// A refresh under way has ended by then, or its process has.
const MAX_REFRESH: Duration = Duration::from_secs(60);

/// The newest pair of a session whose record is `stored`: the one in memory may be newer than what could be saved, or than what
/// was brought back. `refresh_is_under_way` says that the store's lock could not be had.
pub(super) fn last_pair(
    account: &AccountState,
    session_id: SessionId,
    stored: StoredSession,
    refresh_is_under_way: bool,
) -> StoredSession {
    let active = account.active().filter(|active| active.session_id == Some(session_id));
    let newer = active.filter(|active| {
        // Neither what has landed after all, perhaps with the mark of a refresh by now, nor what another process has refreshed.
        let is_behind = active.session.has_same_pair(&stored) || active.session.is_older_than(&stored);
        !is_behind && (active.unsaved || stored.is_older_than(&active.session))
    });
    let mut session = newer.map_or(stored, |active| active.session.clone());
    if refresh_is_under_way {
        session.refresh_history =
            session.refresh_history.under_way(&account.scope.clock.reading(), MAX_REFRESH);
    }
    session.signing_out = false;
    session
}
