//! The back office: everything directly under `/api/v2`.

mod confirm;
mod sign_in;

use std::sync::Arc;

use axum::Router;

use super::add;
use super::endpoint::post;
use super::refresh::refresh;
use super::sign_out::sign_out;
use crate::host::Host;
use crate::users::Office;

const OFFICE: Office = Office::Back;

pub(super) fn routes() -> Router<Arc<Host>> {
    let mut back = Router::new();
    back = add(back, "/signin", post(sign_in::sign_in));
    back = add(back, "/2fa/confirm", post(confirm::confirm));
    back = add(back, "/refresh", post(|host, call| refresh(OFFICE, host, call)));
    back = add(back, "/signout", post(|host, call| sign_out(OFFICE, host, call)));
    Router::new().nest("/api/v2", back)
}
