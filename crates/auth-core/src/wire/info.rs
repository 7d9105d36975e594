//! What an answer has beside its tokens: the wizard's id and workflow, its page settings, 2FA details, the client's id.

use super::{Json, Value, dates::date};
use crate::{
    Timestamp,
    secret::{TwoFactorToken, WizardId},
    server_message,
    sign_in::WizardInfo,
};

/// A boolean. PHP hosts write it in several ways.
pub(super) fn truthy(value: &Value<'_>) -> bool {
    match value {
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_f64().is_some_and(|n| n != 0.0),
        Value::String(text) => matches!(&**text, "1" | "true" | "yes" | "on"),
        _ => false,
    }
}

const MAX_ID_BYTES: usize = 128;

/// A text that is not empty, trimmed.
pub(super) fn text<'a>(value: &'a Value<'_>) -> Option<&'a str> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// The `uuid` of a wizard answer. It may change from one answer to the next.
pub(crate) fn wizard_id(answer: &Json<'_>) -> Option<WizardId> {
    answer.field("uuid").and_then(text).map(WizardId::new)
}

/// The `workflow` hint, in lower case: sources disagree on its spelling.
pub(crate) fn workflow(answer: &Json<'_>) -> Option<String> {
    answer.field("workflow").and_then(text).map(str::to_lowercase)
}

/// What the answer that opens a wizard says of the sign-in page.
pub(crate) fn wizard_info(answer: &Json<'_>) -> WizardInfo {
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
    answer: &Json<'_>,
) -> Option<(TwoFactorToken, Option<String>, Option<Timestamp>)> {
    let details = answer.field("2faDetails")?;
    let token = details.get("token").and_then(text)?;
    let provider = details.get("provider").and_then(text).map(server_message::clean);
    Some((TwoFactorToken::new(token), provider, details.get("expiresAt").and_then(date)))
}

/// The client's id, if an answer has one of at most 128 bytes without control characters.
pub(crate) fn client_id(answer: &Json<'_>) -> Option<String> {
    let id = answer.field("clientId").or_else(|| answer.field("client")?.get("id"))?;
    match id {
        Value::String(text) => {
            let fits = text.len() <= MAX_ID_BYTES && server_message::clean(text) == **text;
            fits.then(|| text.to_string())
        }
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
