//! One renewal at a time in this process: whoever comes while it is under way shares its outcome.

use super::{ActiveSession, NEVER_SAVED, Session, renew::renew};
use crate::RequestError;
use auth_core::{
    ports::{SessionId, StoreError},
    session::{RefreshTrigger, SessionError},
};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{runtime::Handle, sync::watch};

/// What everybody is told who waited.
pub(super) type Landed = Result<(), RequestError<SessionError>>;

/// A renewal is waited for no longer than this, which is more than one takes. It may never end: a runtime that nobody
/// drives does not go on with its tasks.
const MAX_WAIT: Duration = Duration::from_secs(150);

/// So many renewals may be cut off before somebody who waits gives up.
const MAX_LOST: u32 = 2;

/// A renewal under way, or none.
#[derive(Default)]
pub(super) struct Flight(Mutex<Option<Boarded>>);

/// A seat on a renewal.
#[derive(Clone)]
pub(super) struct Boarded {
    session_id: SessionId,
    trigger: RefreshTrigger,
    landing: watch::Receiver<Option<Landed>>,
}

impl Flight {
    /// Joins the renewal of this session that is under way, or starts this one in a task of its own, which goes on if
    /// nobody waits.
    pub(super) fn board<F>(
        &self,
        runtime: &Handle,
        session_id: SessionId,
        trigger: RefreshTrigger,
        renewal: impl FnOnce() -> F,
    ) -> Boarded
    where
        F: Future<Output = Landed> + Send + 'static,
    {
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(boarded) = under_way
            .as_ref()
            .filter(|under_way| under_way.session_id == session_id && under_way.is_under_way())
        {
            return boarded.clone();
        }
        let (tell, landing) = watch::channel(None);
        let renewal = renewal();
        runtime.spawn(async move {
            let landed = renewal.await;
            tell.send_replace(Some(landed));
        });
        let boarded = Boarded { session_id, trigger, landing };
        *under_way = Some(boarded.clone());
        boarded
    }

    /// Waits for what is under way, if anything is.
    pub(super) async fn wait_for_refresh(&self) {
        let boarded = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(mut boarded) = boarded {
            let _landed = boarded.landed().await;
        }
    }
}

impl Boarded {
    fn is_under_way(&self) -> bool {
        self.landing.borrow().is_none() && self.landing.has_changed().is_ok()
    }

    /// True if it turned back for a reason that would not have stopped this wish.
    pub(super) fn turned_back_early(&self, trigger: RefreshTrigger, landed: &Landed) -> bool {
        let stopped = matches!(
            landed,
            Err(RequestError {
                cause: SessionError::BackingOff { .. } | SessionError::ReauthenticationRequired { .. },
                correlation_id: None
            })
        );
        stopped && self.trigger < trigger
    }

    /// What came of it; nothing if its task is gone without a word: its runtime was shut down, or it panicked.
    pub(super) async fn landed(&mut self) -> Option<Landed> {
        match tokio::time::timeout(MAX_WAIT, self.landing.wait_for(Option::is_some)).await {
            Ok(Ok(landed)) => landed.clone(),
            Ok(Err(_)) => None,
            Err(_) => Some(Err(cut_off("a renewal under way does not come to its end"))),
        }
    }
}

impl Session {
    /// Renews, or waits for whoever does.
    pub(super) async fn renew(&self, active: &Arc<ActiveSession>, trigger: RefreshTrigger) -> Landed {
        let runtime = Handle::current();
        let mut lost = 0;
        loop {
            let Some(mut boarded) = self.board(&runtime, active, trigger) else {
                return Err(RequestError::here(NEVER_SAVED));
            };
            match boarded.landed().await {
                Some(landed) if boarded.turned_back_early(trigger, &landed) => {}
                Some(landed) => return landed,
                // Begun on a runtime that is gone by now: it is made up for here.
                None if lost < MAX_LOST => lost += 1,
                None => return Err(cut_off("the renewal was cut off")),
            }
        }
    }

    pub(super) fn board(
        &self,
        runtime: &Handle,
        active: &Arc<ActiveSession>,
        trigger: RefreshTrigger,
    ) -> Option<Boarded> {
        let (context, active, session_id) = (self.context.clone(), active.clone(), active.session_id?);
        let renewal = || renew(context, active, session_id, trigger);
        Some(self.shared().flight.board(runtime, session_id, trigger, renewal))
    }
}

pub(super) fn cut_off(what: &'static str) -> RequestError<SessionError> {
    RequestError::here(StoreError::Unavailable { what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_next_sessions_renewal_is_not_the_last_ones() {
        let (flight, runtime) = (Flight::default(), Handle::current());
        let board = |session_id| {
            flight.board(&runtime, SessionId(session_id), RefreshTrigger::TokenNeeded, move || async move {
                if session_id == 1 { std::future::pending().await } else { Ok(()) }
            })
        };
        let _last = board(1);
        assert!(matches!(board(2).landed().await, Some(Ok(()))));
    }
}
