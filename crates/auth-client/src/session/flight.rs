//! One renewal at a time in this process: whoever comes while it is under way shares its outcome.

use super::{Live, NEVER_SAVED, Session, renew::renew};
use crate::Failed;
use auth_core::{
    ports::{Epoch, StoreError},
    session::{SessionError, Wanted},
};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{runtime::Handle, sync::watch};

/// What everybody is told who waited.
pub(super) type Landed = Result<(), Failed<SessionError>>;

/// A renewal is waited for no longer than this, which is more than one takes. It may never end: a runtime that nobody
/// drives does not go on with its tasks.
const MOST_WAIT: Duration = Duration::from_secs(150);

/// So many renewals may be cut off before somebody who waits gives up.
const MOST_LOST: u32 = 2;

/// A renewal under way, or none.
#[derive(Default)]
pub(super) struct Flight(Mutex<Option<Boarded>>);

/// A seat on a renewal.
#[derive(Clone)]
pub(super) struct Boarded {
    epoch: Epoch,
    wanted: Wanted,
    landing: watch::Receiver<Option<Landed>>,
}

impl Flight {
    /// Joins the renewal of this session that is under way, or starts this one in a task of its own, which goes on if
    /// nobody waits.
    pub(super) fn board<F>(
        &self,
        runtime: &Handle,
        epoch: Epoch,
        wanted: Wanted,
        renewal: impl FnOnce() -> F,
    ) -> Boarded
    where
        F: Future<Output = Landed> + Send + 'static,
    {
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(boarded) =
            under_way.as_ref().filter(|under_way| under_way.epoch == epoch && under_way.is_under_way())
        {
            return boarded.clone();
        }
        let (tell, landing) = watch::channel(None);
        let renewal = renewal();
        runtime.spawn(async move {
            let landed = renewal.await;
            tell.send_replace(Some(landed));
        });
        let boarded = Boarded { epoch, wanted, landing };
        *under_way = Some(boarded.clone());
        boarded
    }

    /// Waits for what is under way, if anything is.
    pub(super) async fn at_rest(&self) {
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
    pub(super) fn turned_back_early(&self, wanted: Wanted, landed: &Landed) -> bool {
        let stopped = matches!(
            landed,
            Err(Failed {
                cause: SessionError::Resting { .. } | SessionError::NeedsSignIn { .. },
                correlation_id: None
            })
        );
        stopped && self.wanted < wanted
    }

    /// What came of it; nothing if its task is gone without a word: its runtime was shut down, or it panicked.
    pub(super) async fn landed(&mut self) -> Option<Landed> {
        match tokio::time::timeout(MOST_WAIT, self.landing.wait_for(Option::is_some)).await {
            Ok(Ok(landed)) => landed.clone(),
            Ok(Err(_)) => None,
            Err(_) => Some(Err(cut_off("a renewal under way does not come to its end"))),
        }
    }
}

impl Session {
    /// Renews, or waits for whoever does.
    pub(super) async fn renew(&self, live: &Arc<Live>, wanted: Wanted) -> Landed {
        let runtime = Handle::current();
        let mut lost = 0;
        loop {
            let Some(mut boarded) = self.board(&runtime, live, wanted) else {
                return Err(Failed::here(NEVER_SAVED));
            };
            match boarded.landed().await {
                Some(landed) if boarded.turned_back_early(wanted, &landed) => {}
                Some(landed) => return landed,
                // Begun on a runtime that is gone by now: it is made up for here.
                None if lost < MOST_LOST => lost += 1,
                None => return Err(cut_off("the renewal was cut off")),
            }
        }
    }

    pub(super) fn board(&self, runtime: &Handle, live: &Arc<Live>, wanted: Wanted) -> Option<Boarded> {
        let (context, live, epoch) = (self.context.clone(), live.clone(), live.epoch?);
        let renewal = || renew(context, live, epoch, wanted);
        Some(self.shared().flight.board(runtime, epoch, wanted, renewal))
    }
}

pub(super) fn cut_off(what: &'static str) -> Failed<SessionError> {
    Failed::here(StoreError::Unavailable { what })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_next_sessions_renewal_is_not_the_last_ones() {
        let (flight, runtime) = (Flight::default(), Handle::current());
        let board = |epoch| {
            flight.board(&runtime, Epoch(epoch), Wanted::Needed, move || async move {
                if epoch == 1 { std::future::pending().await } else { Ok(()) }
            })
        };
        let _last = board(1);
        assert!(matches!(board(2).landed().await, Some(Ok(()))));
    }
}
