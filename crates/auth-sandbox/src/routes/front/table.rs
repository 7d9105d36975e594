//! The endpoints of the front office.

use std::sync::Arc;

use axum::Router;
use axum::routing::MethodFilter;

use super::{accounts, choose, code, qr, reset, sign_in, start};
use crate::host::Host;
use crate::routes::add::add;
use crate::routes::endpoint::{endpoint, post};
use crate::routes::refresh::refresh;
use crate::routes::sign_out::sign_out;
use crate::users::{Method, Office};

pub(in crate::routes) fn routes() -> Router<Arc<Host>> {
    let mut my = Router::new();
    my = add(my, "/signin/wizard", endpoint(MethodFilter::GET.or(MethodFilter::POST), start::start));
    my = add(my, "/signin", post(sign_in::sign_in));
    my = add(my, "/signin/2fa", post(choose::choose));
    my = add(my, "/2fa/google", post(|host, call| code::code(Method::Google, host, call)));
    my = add(my, "/2fa/sms", post(|host, call| code::code(Method::Sms, host, call)));
    my = add(my, "/signin/password/restore", post(reset::restore));
    my = add(my, "/signin/password/reset", post(reset::reset));
    let display = endpoint(MethodFilter::GET, qr::channel).merge(post(qr::exchange));
    my = add(my, "/signin/qrcodes", display);
    my = add(my, "/signin/qrcodes/inspect", post(qr::inspect));
    my = add(my, "/signin/qrcodes/decline", post(qr::decline));
    my = add(my, "/signin/tokens", post(qr::approve));
    my = add(my, "/accounts", endpoint(MethodFilter::GET, accounts::accounts));
    my = add(my, "/refresh", post(|host, call| refresh(Office::Front, host, call)));
    my = add(my, "/signout", post(|host, call| sign_out(Office::Front, host, call)));
    Router::new().nest("/api/v2/my", my)
}
