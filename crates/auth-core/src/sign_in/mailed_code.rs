//! The back office's e-mailed code.

use super::{
    InFlight, NeedCredentials, SignInError, SignedIn, Step, StepRejected,
    in_flight::{
        InFlightStep, ask,
        handler::{HostAnswer, HostRefusal, StepHandler},
    },
    input::{CodeAlphabet, clean_code},
    wizard::step_expiry,
};
use crate::{
    ApiRequest, Endpoint, Office, Timestamp,
    secret::{OneTimeCode, TwoFactorToken},
    server_message::Earlier,
    wire,
};
use std::time::Duration;

/// The back office waits for the code that it has e-mailed.
#[derive(Clone, Debug)]
pub struct NeedMailedCode {
    pub(super) token: TwoFactorToken,
    pub(super) account: String,
    pub(super) provider: Option<String>,
    pub(super) expires_at: Timestamp,
    /// The answer to the last request was lost: the host may have accepted the code.
    pub(super) uncertain: bool,
    /// What was sent before and is cut out of the host's texts.
    pub(super) earlier: Earlier,
}

/// The longest lifetime of a mailed code that is believed.
const MAX_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

impl NeedMailedCode {
    pub(super) fn new(
        account: String,
        (token, provider, expires_at): (TwoFactorToken, Option<String>, Option<Timestamp>),
        answer: &HostAnswer,
    ) -> Self {
        // The expiry by our clock: the time left by the host's clock, from now on. An expiry in the past is ignored.
        let left = expires_at.map(|end| end.duration_since(answer.host_now.unwrap_or(answer.now)));
        let left = left.and_then(|left| Duration::try_from(left).ok()).filter(|left| !left.is_zero());
        let end = left.and_then(|left| answer.now.checked_add(left.min(MAX_LIFE)).ok());
        let expires_at = end.unwrap_or_else(|| step_expiry(answer.now));
        Self { token, account, provider, expires_at, uncertain: false, earlier: Earlier::default() }
    }

    /// The account's e-mail.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// How the code was delivered: `email`, unless the host names another way.
    pub fn provider(&self) -> &str {
        self.provider.as_deref().unwrap_or("email")
    }

    /// When the code expires, by our clock.
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// `POST /2fa/confirm`. It costs one of three attempts a minute, by the host's default. After a wrong code the sign-in
    /// stays at this step.
    ///
    /// # Errors
    /// Input that cannot be a code is rejected before anything is sent.
    pub fn submit(self, code: &OneTimeCode) -> Result<(ApiRequest, InFlight<Self>), StepRejected> {
        let code = match clean_code(code, CodeAlphabet::LettersAndDigits) {
            Ok(code) => code,
            Err(cause) => return Err(StepRejected::new(self, cause)),
        };
        let token = self.token.clone();
        let fields = [("token", token.expose()), ("code", code.as_str())];
        Ok(ask(self, Endpoint::ConfirmMailedCode, &fields, &[token.expose(), &code]))
    }
}

impl InFlightStep for NeedMailedCode {
    fn account(&self) -> Option<&str> {
        Some(&self.account)
    }
}

impl StepHandler for NeedMailedCode {
    fn on_answer(self, answer: &HostAnswer) -> Result<Step, StepRejected> {
        if let Some(pair) = wire::pair(&answer.json) {
            return Ok(SignedIn::new(Office::Back, self.account, pair, answer).into());
        }
        // The host asks for a code again, perhaps with a new token: this one was wrong.
        if let Some(details) = wire::two_factor_details(&answer.json) {
            let step = Self::new(self.account, details, answer);
            return Err(StepRejected::new(
                step,
                SignInError::WrongCode { server_message: answer.server_message(), attempts_left: None },
            ));
        }
        Err(StepRejected::protocol(self, "signed in without a complete pair of tokens"))
    }

    fn on_refusal(self, HostRefusal { refusal, now }: HostRefusal) -> StepRejected {
        if refusal.ends_token() || (self.uncertain && !refusal.is_about_code()) {
            return StepRejected::new(
                NeedCredentials::at_back_office(Some(self.account), now),
                SignInError::WizardEnded,
            );
        }
        StepRejected::new(
            Self { uncertain: false, ..self },
            SignInError::WrongCode { server_message: refusal.server_message(), attempts_left: None },
        )
    }
}
