//! A host's no, and what it is about.

use super::{Json, complaints::Complaints, facts, hints};
use crate::{ServerText, secret::WizardId, server_text::Secrets};

/// A refusal and what it says of itself.
pub(crate) struct Refusal {
    /// The status, from HTTP or from inside a 2xx body.
    pub(crate) status: u16,
    /// True if the body has the form of B2Core's errors, or of Laravel's, which it is built on.
    pub(crate) shaped: bool,
    /// True if the body is B2Core's own error envelope, `{"error":{…}}`.
    pub(crate) enveloped: bool,
    /// The `uuid` of the answer: even a refusal may give a new one.
    pub(crate) wizard: Option<WizardId>,
    complaints: Complaints,
}

impl Refusal {
    /// One without a body.
    pub(super) fn bare(status: u16) -> Self {
        Self::of(status, &Json::null(), Complaints::default())
    }

    pub(super) fn of(status: u16, body: &Json, complaints: Complaints) -> Self {
        let has = |key: &str| body.value().get(key).is_some_and(|v| !v.is_null());
        Self {
            status,
            shaped: ["error", "errors", "message", "meta", "workflow", "reason"].into_iter().any(has),
            enveloped: body.value().get("error").is_some_and(serde_json::Value::is_object),
            wizard: facts::wizard_id(body),
            complaints,
        }
    }

    /// Frees the host's words of what was sent.
    pub(crate) fn cut(&mut self, secrets: &Secrets, account: &str) {
        self.complaints.cut(secrets, account);
    }

    /// The host's own words.
    pub(crate) fn said(&self) -> ServerText {
        self.complaints.said()
    }

    /// A status that says that something is not there any more.
    pub(crate) fn is_gone(&self) -> bool {
        matches!(self.status, 404 | 409 | 410 | 419 | 440)
    }

    /// At the code steps: the sign-in has to begin anew. A text about the code is the ordinary refusal, which keeps the
    /// step.
    pub(crate) fn ends_wizard_at_code(&self) -> bool {
        let about = self.complaints.about();
        let gone = self.is_gone() || hints::says_wizard_is_dead(about);
        self.complaints.names("uuid")
            || (gone && !hints::is_about_code(about) && !self.complaints.names("code"))
    }

    /// Where no code is in question: the choice of a method, the new password.
    pub(crate) fn ends_wizard(&self) -> bool {
        self.complaints.names("uuid") || self.is_gone() || hints::says_wizard_is_dead(self.complaints.about())
    }

    /// At the credentials, where "not found" may be the user.
    pub(crate) fn ends_wizard_at_credentials(&self) -> bool {
        let about = self.complaints.about();
        let gone = (self.is_gone() && self.shaped) || hints::says_wizard_is_dead_at_credentials(about);
        self.complaints.names("uuid") || (gone && !hints::is_about_credentials(about))
    }

    /// The back office's 2FA token has to be asked for anew.
    pub(crate) fn ends_token(&self) -> bool {
        let about = self.complaints.about();
        let gone = self.is_gone() || hints::says_token_is_dead(about);
        self.complaints.names("token")
            || (gone && !hints::is_about_code(about) && !self.complaints.names("code"))
    }

    pub(crate) fn is_about_code(&self) -> bool {
        self.complaints.names("code") || hints::is_about_code(self.complaints.about())
    }

    pub(crate) fn is_about_password(&self) -> bool {
        let named = |field| self.complaints.names(field);
        named("password")
            || named("passwordConfirmation")
            || hints::is_about_credentials(self.complaints.about())
    }

    pub(crate) fn is_about_method(&self) -> bool {
        self.complaints.names("type") || hints::is_about_method(self.complaints.about())
    }

    pub(crate) fn is_about_recaptcha(&self) -> bool {
        self.complaints.names("recaptchaResponse") || hints::says_recaptcha(self.complaints.about())
    }

    /// The host complains about something that the user did not enter.
    pub(crate) fn is_about_other_than(&self, entered: &[&str]) -> bool {
        self.complaints.names_only_others(entered)
    }
}
