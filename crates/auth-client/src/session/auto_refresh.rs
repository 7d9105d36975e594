//! Renewing with nobody asking.

use super::Session;
use auth_core::{
    Recovery,
    session::{Freshness, RefreshTrigger, SessionError},
};
use std::time::Duration;

/// How long between two looks, at least and at most: a machine that sleeps stops some timers.
const PAUSES: (Duration, Duration) = (Duration::from_millis(200), Duration::from_secs(30));

impl Session {
    /// Keeps the token fresh as long as the future is polled, with nobody asking for it: for a program that must never wait
    /// for a renewal. Returns when nothing but a new sign-in helps. While the host or the store cannot be reached it tries
    /// at growing intervals, up to half a minute.
    pub async fn auto_refresh(&self) -> SessionError {
        let mut failures = 0;
        loop {
            let active = match self.mine() {
                Ok(active) => active,
                Err(over) => return over,
            };
            let pause = match active.policy.freshness(&active.session, &self.context.clock.reading()) {
                Freshness::Fresh(span) if !active.unsaved => span,
                _ => match self.renew(&active, RefreshTrigger::Proactive).await {
                    Ok(()) => {
                        failures = 0;
                        Duration::ZERO
                    }
                    Err(failed) => {
                        failures += 1;
                        // Each look costs a few writes to the store, and perhaps an attempt to reach the host.
                        let unasked = Duration::from_secs(1 << u32::min(failures, 5));
                        match failed.recovery() {
                            Recovery::SignInAgain => return failed.cause,
                            Recovery::Retry { after: Some(wait) } | Recovery::Wait { retry_after: wait } => {
                                wait
                            }
                            _ => unasked,
                        }
                    }
                },
            };
            self.context.clock.sleep(pause.clamp(PAUSES.0, PAUSES.1)).await;
        }
    }
}
