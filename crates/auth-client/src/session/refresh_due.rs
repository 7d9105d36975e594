//! Refreshing all that is due: one round through the sessions of a store, for a service.
//!
//! 1. Where another process has found the host away, nothing is done.
//! 2. The walk through the store's keys begins at a random place and goes once around, in pages.
//! 3. A session that need not be looked at yet ([`DueHints`](crate::host::DueHints)) is passed by. The others are loaded, `at_most` at a
//!    time, and refreshed if they are due, by the refresh that everybody uses: single flight, lock, policy, quota.
//! 4. Three failures in a row stop the round: one account's own block, or one broken record, says nothing of the others. What is under way
//!    comes to its end. Then the host is left alone in the background by all processes, for as long as it asked for.

use super::{
    account_state::SharedAccounts,
    due_session::{LookedAt, RoundContext, look_at},
    refresh_round::{RefreshRound, RoundStop},
    round_tally::RoundTally,
};
use crate::host::HostConnection;
use auth_core::{
    Office,
    ports::{RecordKind, StoreCursor, StoreError},
};
use std::{collections::HashSet, sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// So many keys are held at a time.
const PAGE: usize = 256;
/// The most refreshes at a time, whatever is asked for.
const MAX_AT_A_TIME: usize = 1024;

pub(crate) async fn refresh_due(
    host: &Arc<HostConnection>,
    accounts: &Arc<SharedAccounts>,
    office: Office,
    within: Duration,
    at_most: usize,
) -> RefreshRound {
    let mut tally = RoundTally::new(within);
    match host.refresh_quota.paused().await {
        Ok(None) => {}
        Ok(left) => return tally.not_begun(RoundStop::HostLeftAlone, left),
        Err(error) => return tally.not_begun(RoundStop::StoreUnavailable(error), None),
    }
    let round = Arc::new(RoundContext::new(host, accounts, office, within));
    let mut tasks = JoinSet::new();
    if let Err(error) = walk(&round, &mut tasks, &mut tally, at_most.clamp(1, MAX_AT_A_TIME)).await {
        tally.stop(&round, RoundStop::StoreUnavailable(error));
    }
    while let Some(done) = tasks.join_next().await {
        tally.take_in(&round, done.ok());
    }
    tally.finish(&round).await
}

/// Begins with every session that may be due, at most so many at a time.
async fn walk(
    round: &Arc<RoundContext>,
    tasks: &mut JoinSet<LookedAt>,
    tally: &mut RoundTally,
    at_most: usize,
) -> Result<(), StoreError> {
    let host = &round.host;
    let start = random_place();
    // The second half ends inside the first page, which is not gone through twice.
    let (mut first_page, mut is_first) = (HashSet::new(), true);
    // From a random place to the end, then from the beginning to that place.
    for (mut from, until) in [(start.clone(), None), (StoreCursor::start(), Some(start))] {
        loop {
            let page = host.store.keys_page(&from, PAGE).await?;
            for key in page.keys {
                if is_first {
                    first_page.insert(key.clone());
                } else if first_page.contains(&key) {
                    continue;
                }
                let account = &key.account;
                let is_ours = key.kind == RecordKind::Session
                    && account.office == round.office
                    && account.host == host.host;
                if !is_ours {
                    continue;
                }
                let now = host.clock.reading();
                if let Some(rest) = host.due_hints.rest_of(&key, &now) {
                    tally.pass_by(round, &key, rest, &now);
                    continue;
                }
                while tasks.len() >= at_most {
                    tally.take_in(round, tasks.join_next().await.and_then(Result::ok));
                }
                if round.is_stopping() {
                    return Ok(());
                }
                let round = round.clone();
                tasks.spawn_on(async move { look_at(&round, key).await }, &host.runtime.of_shared_work());
            }
            is_first = false;
            match page.next {
                Some(next) if until.as_ref().is_none_or(|until| next < *until) => from = next,
                _ => break,
            }
        }
    }
    Ok(())
}

/// A place anywhere in the store, so that processes that begin together do not walk together. Without random numbers: the beginning.
fn random_place() -> StoreCursor {
    let mut bytes = [0; 16];
    match getrandom::fill(&mut bytes) {
        Ok(()) => StoreCursor::after(bytes),
        Err(_) => StoreCursor::start(),
    }
}
