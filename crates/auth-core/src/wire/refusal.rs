//! A refusal by the host, and what it is about.

use super::{Json, Value, error_messages::ErrorMessages, hints, info};
use crate::{ServerMessage, secret::WizardId, server_message::Secrets};
use zeroize::Zeroizing;

/// A refusal by the host.
pub(crate) struct Refusal {
    /// The status, from HTTP or from inside a 2xx body.
    pub(crate) status: u16,
    /// True if the body has the form of B2Core's errors, or of Laravel's, which it is built on.
    pub(crate) is_recognized: bool,
    /// True if the body is B2Core's own error envelope, `{"error":{…}}`.
    pub(crate) enveloped: bool,
    /// True if that envelope has what B2Core puts into it, and nothing that gateways put there.
    pub(crate) is_documented: bool,
    /// The `uuid` of the answer: even a refusal may give a new one.
    pub(crate) wizard: Option<WizardId>,
    error_messages: ErrorMessages,
    /// The values of the cookies that the answer sets.
    cookies: Vec<Zeroizing<String>>,
}

/// `{"error":{"code":0,"message":"…","details":[…]}}`, and nothing else in it: a number, a text, a list. Gateways write
/// `"error":"…"`, name a status or a type, or repeat the HTTP status as their code without any details; the usual code of B2Core is 0.
fn is_documented(body: &Value<'_>) -> bool {
    let only = |object: &Value<'_>, names: &[&str]| {
        object.as_object().is_some_and(|object| object.iter().all(|(name, _)| names.contains(&&**name)))
    };
    let Some(error) = body.get("error").filter(|_| only(body, &["error"])) else { return false };
    let code = error.get("code").filter(|code| matches!(code, Value::Number(_)));
    let details = error.get("details").and_then(Value::as_array);
    let says = error.get("message").and_then(Value::as_str).is_some_and(|text| !text.trim().is_empty())
        || details.is_some_and(|details| !details.is_empty());
    let is_own_code = details.is_some() || code.and_then(Value::as_u64) == Some(0);
    code.is_some() && says && is_own_code && only(error, &["code", "message", "details"])
}

impl Refusal {
    /// A refusal without a body.
    pub(super) fn bare(status: u16) -> Self {
        Self::of(status, &Json::null(), ErrorMessages::default())
    }

    pub(super) fn of(status: u16, body: &Json<'_>, error_messages: ErrorMessages) -> Self {
        let has = |key: &str| body.value().get(key).is_some_and(|v| !v.is_null());
        Self {
            status,
            is_recognized: ["error", "errors", "message", "meta", "workflow", "reason"].into_iter().any(has),
            enveloped: body.value().get("error").and_then(Value::as_object).is_some(),
            is_documented: is_documented(body.value()),
            wizard: info::wizard_id(body),
            error_messages,
            cookies: Vec::new(),
        }
    }

    /// The refusal of an answer that sets cookies of these values.
    pub(super) fn beside_cookies(self, cookies: Vec<Zeroizing<String>>) -> Self {
        Self { cookies, ..self }
    }

    /// Cuts the secrets that were sent, and the cookies that came, out of the host's texts, and the account out of what the hints read.
    pub(crate) fn cut(&mut self, secrets: &Secrets, account: &str) {
        let secrets = secrets.clone().and_cookies(self.cookies.iter().map(|value| value.as_str()));
        self.error_messages.cut(&secrets, account);
    }

    /// The host's message.
    pub(crate) fn server_message(&self) -> ServerMessage {
        self.error_messages.server_message()
    }

    /// True for the statuses by which a host turns a caller away, whatever was sent: payment, an upgrade, the law.
    pub(crate) fn is_about_the_caller(&self) -> bool {
        matches!(self.status, 402 | 426 | 451)
    }

    /// True for the statuses that mean that something does not exist any more.
    pub(crate) fn is_gone(&self) -> bool {
        matches!(self.status, 404 | 409 | 410 | 419 | 440)
    }

    /// At the code steps: true if the sign-in has to begin anew. A text about the code is the ordinary refusal, which keeps
    /// the step.
    pub(crate) fn ends_wizard_at_code(&self) -> bool {
        let about = self.error_messages.about();
        let gone = self.is_gone() || hints::says_wizard_is_dead(about);
        self.error_messages.names("uuid")
            || (gone && !hints::is_about_code(about) && !self.error_messages.names("code"))
    }

    /// The same at steps without a code: the choice of a method, and the new password.
    pub(crate) fn ends_wizard(&self) -> bool {
        self.error_messages.names("uuid")
            || self.is_gone()
            || hints::says_wizard_is_dead(self.error_messages.about())
    }

    /// The same at the credentials, where "not found" may be about the user.
    pub(crate) fn ends_wizard_at_credentials(&self) -> bool {
        let about = self.error_messages.about();
        let gone = (self.is_gone() && self.is_recognized) || hints::says_wizard_is_dead_at_credentials(about);
        self.error_messages.names("uuid") || (gone && !hints::is_about_credentials(about))
    }

    /// True if the back office's 2FA token has expired, so that the sign-in has to begin anew.
    pub(crate) fn ends_token(&self) -> bool {
        let about = self.error_messages.about();
        let gone = self.is_gone() || hints::says_token_is_dead(about);
        self.error_messages.names("token")
            || (gone && !hints::is_about_code(about) && !self.error_messages.names("code"))
    }

    /// True if the host's text says that something has expired.
    pub(crate) fn says_expired(&self) -> bool {
        hints::says_expired(self.error_messages.about())
    }

    /// True if the host's text says that something was used before.
    pub(crate) fn says_used(&self) -> bool {
        hints::says_used(self.error_messages.about())
    }

    /// True if the host's text says that something is not known.
    pub(crate) fn says_unknown(&self) -> bool {
        hints::says_unknown(self.error_messages.about())
    }

    pub(crate) fn is_about_code(&self) -> bool {
        self.error_messages.names("code") || hints::is_about_code(self.error_messages.about())
    }

    pub(crate) fn is_about_password(&self) -> bool {
        let named = |field| self.error_messages.names(field);
        named("password")
            || named("passwordConfirmation")
            || hints::is_about_credentials(self.error_messages.about())
    }

    pub(crate) fn is_about_method(&self) -> bool {
        self.error_messages.names("type") || hints::is_about_method(self.error_messages.about())
    }

    pub(crate) fn is_about_recaptcha(&self) -> bool {
        self.error_messages.names("recaptchaResponse") || hints::says_recaptcha(self.error_messages.about())
    }

    /// True if the host names fields as wrong, and none of them is one that the user entered.
    pub(crate) fn is_about_other_than(&self, entered: &[&str]) -> bool {
        self.error_messages.names_only_others(entered)
    }
}
