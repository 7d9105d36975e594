//! The endpoints of the back office.

use std::sync::Arc;

use axum::Router;

use super::{confirm, sign_in};
use crate::host::Host;
use crate::routes::add::add;
use crate::routes::endpoint::post;
use crate::routes::refresh::refresh;
use crate::routes::sign_out::sign_out;
use crate::users::Office;

pub(in crate::routes) fn routes() -> Router<Arc<Host>> {
    let mut back = Router::new();
    back = add(back, "/signin", post(sign_in::sign_in));
    back = add(back, "/2fa/confirm", post(confirm::confirm));
    back = add(back, "/refresh", post(|host, call| refresh(Office::Back, host, call)));
    back = add(back, "/signout", post(|host, call| sign_out(Office::Back, host, call)));
    Router::new().nest("/api/v2", back)
}
