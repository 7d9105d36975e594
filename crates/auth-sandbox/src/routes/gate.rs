//! Which requests come in at all. What is refused here is not read further, acted on or logged.

use axum::Json;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::page::is_page;
use crate::guard::{Place, Refused};
use crate::host::Host;

/// Below `/_sandbox`, what tells nothing that the client does not know: the owner of its own token, and public keys.
const PUBLIC: [&str; 3] = ["whoami", "ca.pem", "jwt.pem"];

/// Refuses what a web page of another origin sends, and steering without the token where there is one.
pub(super) fn admit(host: &Host, request: &Parts, path: &str, inner: &str) -> Result<(), Refused> {
    let place = if is_steering(path) || is_steering(inner) {
        Place::Steering
    } else if is_page(request, inner) {
        Place::Page
    } else {
        Place::Open
    };
    host.guard.check(request, place)
}

/// What answers where a body did not arrive in time.
pub(super) fn too_slow() -> Response {
    (StatusCode::REQUEST_TIMEOUT, Json(json!({ "error": "the body did not arrive in time" }))).into_response()
}

fn is_steering(path: &str) -> bool {
    let asked = path.strip_prefix("/_sandbox/").map(|rest| rest.trim_end_matches('/'));
    asked.is_some_and(|asked| !PUBLIC.contains(&asked))
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (StatusCode::FORBIDDEN, Json(json!({ "error": self.text() }))).into_response()
    }
}
