//! The small things that an answer says beside its tokens.

use super::{Json, dates::date};
use crate::{
    Timestamp,
    secret::{TwoFactorToken, WizardId},
    server_message,
    sign_in::WizardInfo,
};
use serde_json::Value;

/// PHP hosts write booleans in more than one way.
pub(super) fn truthy(value: &Value) -> bool {
    match value {
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64().is_some_and(|n| n != 0.0),
        Value::String(text) => matches!(text.as_str(), "1" | "true" | "yes" | "on"),
        _ => false,
    }
}

const MAX_ID_BYTES: usize = 128;

fn text(value: &Value) -> Option<&str> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// The `uuid` of a wizard answer. Each answer's is taken over; it may change on the way.
pub(crate) fn wizard_id(answer: &Json) -> Option<WizardId> {
    answer.field("uuid").and_then(text).map(WizardId::new)
}

/// The `workflow` hint, in lower case: sources disagree on its spelling.
pub(crate) fn workflow(answer: &Json) -> Option<String> {
    answer.field("workflow").and_then(text).map(str::to_lowercase)
}

/// What a wizard's start says about itself.
pub(crate) fn wizard_info(answer: &Json) -> WizardInfo {
    let flag = |name| answer.field(name).map(truthy);
    let recaptcha = answer.field("recaptcha");
    WizardInfo {
        recaptcha_required: recaptcha.is_some_and(|r| r.get("enabled").map_or_else(|| truthy(r), truthy)),
        qr_available: flag("is_qr_available"),
        password_recovery_available: flag("is_password_recovery_available"),
    }
}

/// The back office's `2faDetails`: the token, how the code was delivered, and when both expire.
pub(crate) fn two_factor_details(
    answer: &Json,
) -> Option<(TwoFactorToken, Option<String>, Option<Timestamp>)> {
    let details = answer.field("2faDetails")?;
    let token = details.get("token").and_then(text)?;
    let provider = details.get("provider").and_then(text).map(server_message::clean);
    Some((TwoFactorToken::new(token), provider, details.get("expiresAt").and_then(date)))
}

/// The client's id, where an answer has one. What is long or has control characters is none.
pub(crate) fn client_id(answer: &Json) -> Option<String> {
    let id = answer.field("clientId").or_else(|| answer.field("client")?.get("id"))?;
    match id {
        Value::String(text) => {
            Some(text.clone()).filter(|id| id.len() <= MAX_ID_BYTES && server_message::clean(id) == *id)
        }
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
