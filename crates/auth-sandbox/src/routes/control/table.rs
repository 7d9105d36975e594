//! The endpoints of `/_sandbox` that change a running sandbox.

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use super::{clock, faults, live, sessions, settings, wizards};
use crate::host::Host;
use crate::routes::add::add;

pub(in crate::routes) fn routes() -> Router<Arc<Host>> {
    let mut router = Router::new();
    router = add(router, "/_sandbox/faults", get(faults::show).post(faults::set).delete(faults::clear));
    router = add(router, "/_sandbox/clock", get(clock::show).post(clock::set));
    router = add(router, "/_sandbox/settings", get(settings::show).post(settings::set));
    router = add(router, "/_sandbox/live", get(live::show).post(live::act));
    router = add(router, "/_sandbox/sessions", get(sessions::show).post(sessions::act));
    add(router, "/_sandbox/wizards", post(wizards::forget))
}
