//! The cookies of one sign-in, or of one session in use, while requests of it are sent.

use auth_core::{Cookies, HttpRequest, HttpResponse, Timestamp};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Cookies that requests may change at the same time.
#[derive(Default)]
pub(crate) struct CookieJar(Mutex<Cookies>);

impl CookieJar {
    pub(crate) fn of(cookies: Cookies) -> Self {
        Self(Mutex::new(cookies))
    }

    /// What is in it now.
    pub(crate) fn cookies(&self) -> Cookies {
        self.lock().clone()
    }

    pub(super) fn put_on(&self, request: &mut HttpRequest, now: Timestamp) {
        self.cookies().put_on(request, now);
    }

    pub(super) fn take_in(&self, url: &str, answer: &HttpResponse, now: Timestamp) {
        let mut cookies = self.lock();
        *cookies = cookies.after(url, answer, now);
    }

    fn lock(&self) -> MutexGuard<'_, Cookies> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
