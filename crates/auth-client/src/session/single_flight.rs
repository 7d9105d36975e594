//! One refresh at a time in this process: whoever comes while it is under way shares its result.

use crate::{RequestError, host::WorkRuntime};
use auth_core::{
    CallError, LockedOut, LockedOutBy,
    ports::{SessionId, StoreError},
    session::{RefreshTrigger, SessionError},
};
use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};
use tokio::{runtime::Handle, sync::watch};
use tracing::instrument::WithSubscriber;

/// What all who waited get.
pub(super) type SharedResult = Result<(), RequestError<SessionError>>;

/// A refresh on a runtime that the program drives is waited for no longer than this, which is more than one takes. It may never
/// end: a runtime that nobody drives does not go on with its tasks.
const MAX_WAIT: Duration = Duration::from_secs(150);

/// The refresh under way, or none.
#[derive(Default)]
pub(super) struct SingleFlight(Mutex<Option<Joined>>);

/// A share in a refresh under way.
#[derive(Clone)]
pub(super) struct Joined {
    session_id: SessionId,
    trigger: RefreshTrigger,
    result: watch::Receiver<Option<SharedResult>>,
    /// The runtime of the refresh, if the program has to drive it.
    driven_by: Option<Handle>,
}

impl SingleFlight {
    /// Joins the refresh of this session that is under way, or starts one in a task of its own, which goes on if nobody waits.
    pub(super) fn join<F>(
        &self,
        runtime: &WorkRuntime,
        session_id: SessionId,
        trigger: RefreshTrigger,
        start: impl FnOnce() -> F,
    ) -> Joined
    where
        F: Future<Output = SharedResult> + Send + 'static,
    {
        let mut current = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(joined) =
            current.as_ref().filter(|current| current.session_id == session_id && current.is_under_way())
        {
            return joined.clone();
        }
        let (sender, result) = watch::channel(None);
        let refresh = start();
        let work = async move {
            let result = refresh.await;
            sender.send_replace(Some(result));
        };
        runtime.of_shared_work().spawn(work.with_current_subscriber());
        let joined = Joined { session_id, trigger, result, driven_by: runtime.given().cloned() };
        *current = Some(joined.clone());
        joined
    }

    /// Waits for the refresh under way, if there is one.
    pub(super) async fn wait(&self) {
        let joined = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(mut joined) = joined {
            let _result = joined.result().await;
        }
    }
}

impl Joined {
    fn is_under_way(&self) -> bool {
        self.result.borrow().is_none() && self.result.has_changed().is_ok()
    }

    /// True if the refresh was not sent for a reason that would not have held this trigger back.
    pub(super) fn aborted_before_send(&self, trigger: RefreshTrigger, result: &SharedResult) -> bool {
        let held_back = matches!(
            result,
            Err(RequestError {
                // A call that was not made has no id: the host was left alone.
                cause: SessionError::BackingOff { .. }
                    | SessionError::ReauthenticationRequired { .. }
                    | SessionError::Call(
                        CallError::Transport(_)
                            | CallError::LockedOut(LockedOut { by: LockedOutBy::RateLimiter, .. })
                    ),
                correlation_id: None,
                ..
            })
        );
        held_back && self.trigger < trigger
    }

    /// The result; `None` if the task is gone without one: its runtime was shut down, or it panicked.
    pub(super) async fn result(&mut self) -> Option<SharedResult> {
        let ended = self.result.wait_for(Option::is_some);
        let ended = match &self.driven_by {
            Some(runtime) => {
                let in_time = {
                    // The caller's timer: the refresh's may stand still. But the caller may have no runtime.
                    let runtime = Handle::try_current().unwrap_or_else(|_| runtime.clone());
                    let _inside = runtime.enter();
                    tokio::time::timeout(MAX_WAIT, ended)
                };
                match in_time.await {
                    Ok(ended) => ended,
                    Err(_) => return Some(Err(unavailable("a refresh under way does not come to its end"))),
                }
            }
            None => ended.await,
        };
        ended.ok().and_then(|result| result.clone())
    }
}

/// Nothing came of a call, and nothing is known against the session.
pub(super) fn unavailable(what: &'static str) -> RequestError<SessionError> {
    RequestError::here(StoreError::unavailable(what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_next_sessions_refresh_is_not_the_last_ones() {
        let (flight, runtime) = (SingleFlight::default(), WorkRuntime::own().unwrap());
        let join = |id| {
            flight.join(&runtime, SessionId(id), RefreshTrigger::TokenNeeded, move || async move {
                if id == 1 { std::future::pending().await } else { Ok(()) }
            })
        };
        let _last = join(1);
        assert!(matches!(join(2).result().await, Some(Ok(()))));
    }
}
