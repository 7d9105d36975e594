//! The back office's e-mailed code.

use super::{
    InFlight, NeedCredentials, Rejected, SignInError, SignedIn, Step,
    code::{Alphabet, clean},
    heading::step_expiry,
    in_flight::{
        Asked, ask,
        decide::{Answered, Decide, Refused},
    },
};
use crate::{
    ApiRequest, Endpoint, Office, Timestamp,
    secret::{OneTimeCode, TwoFactorToken},
    wire,
};
use std::time::Duration;

/// The back office waits for a code that it has mailed.
#[derive(Clone, Debug)]
pub struct NeedMailedCode {
    pub(super) token: TwoFactorToken,
    pub(super) account: String,
    pub(super) provider: Option<String>,
    pub(super) expires_at: Timestamp,
    /// An answer was lost: the host may have taken the code.
    pub(super) in_doubt: bool,
}

/// No mailed code lives longer than a day; a host that says so is mistaken.
const MOST_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

impl NeedMailedCode {
    pub(super) fn new(
        account: String,
        (token, provider, expires_at): (TwoFactorToken, Option<String>, Option<Timestamp>),
        answered: &Answered,
    ) -> Self {
        // The end by our clock: what is left by the host's clock, from now on. An end in the past is no end told.
        let left = expires_at.map(|end| end.duration_since(answered.host_now.unwrap_or(answered.now)));
        let left = left.and_then(|left| Duration::try_from(left).ok()).filter(|left| !left.is_zero());
        let end = left.and_then(|left| answered.now.checked_add(left.min(MOST_LIFE)).ok());
        let expires_at = end.unwrap_or_else(|| step_expiry(answered.now));
        Self { token, account, provider, expires_at, in_doubt: false }
    }

    /// The account's e-mail.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// How the code was delivered: `email`, the only way documented.
    pub fn provider(&self) -> &str {
        self.provider.as_deref().unwrap_or("email")
    }

    /// When the code is over, by our clock.
    pub fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// `POST /2fa/confirm`. Three attempts a minute by default; a wrong code keeps this step.
    ///
    /// # Errors
    /// What cannot be a code is refused before anything is sent.
    pub fn submit(self, code: &OneTimeCode) -> Result<(ApiRequest, InFlight<Self>), Rejected> {
        let code = match clean(code, Alphabet::LettersAndDigits) {
            Ok(code) => code,
            Err(cause) => return Err(Rejected::new(self, cause)),
        };
        let token = self.token.clone();
        let fields = [("token", token.expose()), ("code", code.as_str())];
        Ok(ask(self, Endpoint::ConfirmMailedCode, &fields, &[token.expose(), &code]))
    }
}

impl Asked for NeedMailedCode {
    fn account(&self) -> Option<&str> {
        Some(&self.account)
    }
}

impl Decide for NeedMailedCode {
    fn answered(self, answered: &Answered) -> Result<Step, Rejected> {
        if let Some(pair) = wire::pair(&answered.json) {
            return Ok(SignedIn::new(Office::Back, self.account, pair, answered).into());
        }
        // Asked again, perhaps with a new token: the code was not taken.
        if let Some(details) = wire::two_factor_details(&answered.json) {
            let step = Self::new(self.account, details, answered);
            return Err(Rejected::new(step, SignInError::WrongCode { said: answered.said() }));
        }
        Err(Rejected::protocol(self, "signed in without a complete pair of tokens"))
    }

    fn refused(self, Refused { refusal, now }: Refused) -> Rejected {
        if refusal.ends_token() || (self.in_doubt && !refusal.is_about_code()) {
            return Rejected::new(
                NeedCredentials::at_back_office(Some(self.account), now),
                SignInError::WizardEnded,
            );
        }
        Rejected::new(Self { in_doubt: false, ..self }, SignInError::WrongCode { said: refusal.said() })
    }
}
