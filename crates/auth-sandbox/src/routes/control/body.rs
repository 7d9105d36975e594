//! Reading bodies, and the refusal of one.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::routes::call::Call;

/// What was asked for makes no sense, and nothing was changed.
pub(super) struct Refused(pub(super) String);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(json!({ "error": self.0 }))).into_response()
    }
}

/// Reads the body; the refusal says what is wrong with it.
pub(super) fn body<T: DeserializeOwned>(call: &Call) -> Result<T, Refused> {
    let object = call.object().ok_or_else(|| Refused("the body must be a JSON object".to_owned()))?;
    serde_json::from_value(Value::Object(object.clone())).map_err(|error| Refused(error.to_string()))
}
