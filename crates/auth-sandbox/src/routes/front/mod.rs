//! The front office: everything under `/api/v2/my`.

mod choose;
mod code;
mod reset;
mod sign_in;
mod start;

use std::sync::Arc;

use axum::Router;
use axum::routing::MethodFilter;

use super::add;
use super::endpoint::{endpoint, post};
use super::refresh::refresh;
use super::sign_out::sign_out;
use crate::host::Host;
use crate::render::Refusal;
use crate::users::{Method, Office};
use crate::wizard::Gone;

const OFFICE: Office = Office::Front;

pub(super) fn routes() -> Router<Arc<Host>> {
    let mut my = Router::new();
    my = add(my, "/signin/wizard", endpoint(MethodFilter::GET.or(MethodFilter::POST), start::start));
    my = add(my, "/signin", post(sign_in::sign_in));
    my = add(my, "/signin/2fa", post(choose::choose));
    my = add(my, "/2fa/google", post(|host, call| code::code(Method::Google, host, call)));
    my = add(my, "/2fa/sms", post(|host, call| code::code(Method::Sms, host, call)));
    my = add(my, "/signin/password/restore", post(reset::restore));
    my = add(my, "/signin/password/reset", post(reset::reset));
    my = add(my, "/refresh", post(|host, call| refresh(OFFICE, host, call)));
    my = add(my, "/signout", post(|host, call| sign_out(OFFICE, host, call)));
    Router::new().nest("/api/v2/my", my)
}

impl From<Gone> for Refusal {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}
