//! A balancer that pins a client to one machine by a cookie, for hosts whose dialect says so.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::dialect::Cookies;
use crate::host::Host;
use crate::render::{Refusal, refusal};

const NAME: &str = "ROUTEID";
const SET: &str = "ROUTEID=.1; Path=/; HttpOnly; SameSite=Lax";

/// Answers with the cookie. Where a sign-in or a session has to be known, a request without it comes to another machine.
pub(super) async fn pin(State(host): State<Arc<Host>>, request: Request, next: Next) -> Response {
    if host.settings.dialect().cookies == Cookies::Unused {
        return next.run(request).await;
    }
    let is_pinned = is_pinned(request.headers());
    let unknown = unknown_elsewhere(request.uri().path()).filter(|_| !is_pinned);
    let mut response = match unknown {
        Some(refused) => refusal(&host.settings.dialect(), &refused),
        None => next.run(request).await,
    };
    if !is_pinned {
        response.headers_mut().append(header::SET_COOKIE, HeaderValue::from_static(SET));
    }
    response
}

fn is_pinned(headers: &HeaderMap) -> bool {
    let pairs = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    pairs.flat_map(|value| value.split("; ")).any(|pair| pair.split('=').next() == Some(NAME))
}

/// What another machine says; `None` where a client may come without having been here.
fn unknown_elsewhere(path: &str) -> Option<Refusal> {
    let path = path.trim_end_matches('/');
    let ends = |ends: &[&str]| ends.iter().any(|end| path.ends_with(end));
    if ends(&["/v2/signin", "/signin/wizard", "/accounts", "/qrcodes", "/inspect", "/decline"]) {
        None
    } else if ends(&["/refresh", "/signout"]) {
        Some(Refusal::OtherMachine)
    } else {
        Some(Refusal::Gone)
    }
}
