//! Which locks between processes this process holds, for whoever has to wait until it holds none.

use std::sync::{Mutex, PoisonError};
use tokio::sync::watch;

/// The locks that are held, or being taken or given back.
#[derive(Default)]
pub(super) struct Holds(Mutex<Vec<watch::Receiver<()>>>);

/// One of them: it counts until this is dropped.
pub(super) struct Hold {
    _counted: watch::Sender<()>,
}

impl Holds {
    pub(super) fn begin(&self) -> Hold {
        let (counted, ended) = watch::channel(());
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(is_under_way);
        all.push(ended);
        Hold { _counted: counted }
    }

    /// Waits for those that there are now; who comes later is not waited for.
    pub(super) async fn wait(&self) {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for mut ended in all {
            // Nothing is sent: it returns when the hold is dropped.
            while ended.changed().await.is_ok() {}
        }
    }
}

fn is_under_way(ended: &watch::Receiver<()>) -> bool {
    ended.has_changed().is_ok()
}
