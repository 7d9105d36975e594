//! `POST /_page/qr`: a code as a picture. POST, so that the channel's id is in no URL.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::host::Host;
use crate::qr::{page_payload, svg};
use crate::render::{Refusal, refusal};
use crate::routes::call::Call;

pub(super) async fn picture(State(host): State<Arc<Host>>, call: Call) -> Response {
    match drawn(&call) {
        Ok(svg) => {
            let headers = [
                (header::CONTENT_TYPE, "image/svg+xml"),
                (header::CACHE_CONTROL, "no-store"),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            ];
            (headers, svg).into_response()
        }
        Err(None) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(Some(refused)) => refusal(&host.settings.dialect(), &refused),
    }
}

/// `Err(None)` for a text that no code can hold.
fn drawn(call: &Call) -> Result<String, Option<Refusal>> {
    let mut fields = call.fields()?;
    let id = fields.text("id");
    let host = fields.text("host");
    fields.check()?;
    svg(&page_payload(&id, &host)).ok_or(None)
}
