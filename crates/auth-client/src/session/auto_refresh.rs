//! Refreshing in the background with nobody asking for a token.

use super::{handle::Session, refresh::refresh};
use auth_core::{
    Recovery,
    session::{Freshness, RefreshTrigger, SessionError},
};
use std::time::Duration;

/// How long between two checks, at least and at most: a machine that sleeps stops some timers.
const CHECK_INTERVALS: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(30));
/// After failures the interval doubles this many times at most.
const MAX_DOUBLINGS: u32 = 5;

impl Session {
    /// Refreshes the token in the background for as long as the future is polled, with nobody asking for one: for a program that
    /// must never wait for a refresh. Returns when nothing but a new sign-in helps. While the host or the store cannot be reached
    /// it tries at growing intervals, up to half a minute.
    pub async fn auto_refresh(&self) -> SessionError {
        let clock = &self.account_state.scope.clock;
        let mut changes = self.account_state.changes();
        let mut failures = 0;
        loop {
            let active = match self.current() {
                Ok(active) => active,
                Err(ended) => return ended,
            };
            let pause = match active.policy.token_freshness(&active.session, &clock.reading()) {
                Freshness::Fresh(span) if !active.unsaved => span,
                _ => match refresh(&self.account_state, &active, RefreshTrigger::Proactive).await {
                    Ok(()) => {
                        failures = 0;
                        Duration::ZERO
                    }
                    Err(error) => {
                        failures += 1;
                        // Each try costs a few writes to the store, and perhaps an attempt to reach the host.
                        let backoff = Duration::from_secs(1 << u32::min(failures, MAX_DOUBLINGS));
                        match error.recovery() {
                            Recovery::SignInAgain | Recovery::Reload => return error.cause,
                            Recovery::Retry { after: Some(wait) } | Recovery::Wait { retry_after: wait } => {
                                wait
                            }
                            _ => backoff,
                        }
                    }
                },
            };
            // What was published so far has been looked at.
            changes.borrow_and_update();
            if self.current().is_err() {
                continue;
            }
            tokio::select! {
                () = clock.sleep(pause.clamp(CHECK_INTERVALS.0, CHECK_INTERVALS.1)) => {}
                // A sign-out ends it at once. The sender lives in the account that is held here.
                _ = changes.changed() => {}
            }
        }
    }
}
