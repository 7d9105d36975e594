//! What can be changed while a sandbox runs: how it speaks, what it offers, how long its tokens live.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::dialect::Dialect;
use crate::qr::QrSettings;

/// What the start of a wizard says is on the sign-in page.
#[derive(Clone, Copy)]
pub(crate) struct Offers {
    pub(crate) recaptcha: bool,
    pub(crate) qr: bool,
    pub(crate) password_recovery: bool,
}

/// How long tokens live from their issue.
#[derive(Clone, Copy)]
pub(crate) struct Lifetimes {
    pub(crate) access: Duration,
    pub(crate) refresh: Duration,
}

/// One set of settings.
pub(crate) struct Values {
    pub(crate) dialect: Arc<Dialect>,
    pub(crate) offers: Offers,
    pub(crate) lifetimes: Lifetimes,
    /// How long after it was spent a refresh token still gives a pair.
    pub(crate) refresh_grace: Duration,
    pub(crate) qr: QrSettings,
}

/// The settings in force. A lock of their own: they are read while the tables are held.
pub(crate) struct Settings(Mutex<Values>);

impl Settings {
    pub(crate) fn new(values: Values) -> Self {
        Self(Mutex::new(values))
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Values)) {
        change(&mut self.values());
    }

    pub(crate) fn dialect(&self) -> Arc<Dialect> {
        Arc::clone(&self.values().dialect)
    }

    pub(crate) fn offers(&self) -> Offers {
        self.values().offers
    }

    pub(crate) fn lifetimes(&self) -> Lifetimes {
        self.values().lifetimes
    }

    pub(crate) fn refresh_grace(&self) -> Duration {
        self.values().refresh_grace
    }

    pub(crate) fn qr(&self) -> QrSettings {
        self.values().qr.clone()
    }

    fn values(&self) -> MutexGuard<'_, Values> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
