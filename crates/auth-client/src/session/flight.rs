//! One renewal at a time in this process: whoever comes while it is under way shares its outcome.

use crate::Failed;
use auth_core::{
    ports::StoreError,
    session::{SessionError, Wanted},
};
use std::sync::{Mutex, PoisonError};
use tokio::{runtime::Handle, sync::watch};

/// What everybody is told who waited.
pub(super) type Landed = Result<(), Failed<SessionError>>;

/// A renewal under way, or none.
#[derive(Default)]
pub(super) struct Flight(Mutex<Option<Boarded>>);

/// A seat on a renewal.
#[derive(Clone)]
pub(super) struct Boarded {
    wanted: Wanted,
    landing: watch::Receiver<Option<Landed>>,
}

impl Flight {
    /// Joins the renewal that is under way, or starts this one in a task of its own, which goes on if nobody waits.
    pub(super) fn board<F>(&self, runtime: &Handle, wanted: Wanted, renewal: impl FnOnce() -> F) -> Boarded
    where
        F: Future<Output = Landed> + Send + 'static,
    {
        let mut under_way = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(boarded) = under_way.as_ref().filter(|boarded| boarded.is_under_way()) {
            return boarded.clone();
        }
        let (tell, landing) = watch::channel(None);
        let renewal = renewal();
        runtime.spawn(async move {
            let landed = renewal.await;
            tell.send_replace(Some(landed));
        });
        let boarded = Boarded { wanted, landing };
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

    pub(super) async fn landed(&mut self) -> Landed {
        match self.landing.wait_for(Option::is_some).await {
            Ok(landed) => landed.clone().expect("waited for"),
            // The task is gone without a word: it panicked, or its runtime was shut down.
            Err(_) => Err(Failed::here(StoreError::Failed)),
        }
    }
}
