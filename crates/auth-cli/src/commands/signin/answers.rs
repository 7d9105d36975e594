//! What the call brought, each answer to be used once.

use crate::{
    args::{Global, Signin},
    code_command::CodeCommand,
    failure::Failure,
    prompt,
    prompt::Prompt,
    secret_file,
    totp::Authenticator,
};
use auth_client::{
    TwoFactorMethod,
    secret::{OneTimeCode, Password, RecaptchaResponse},
};

/// Answers from options and standard input; what is missing is asked for.
pub(super) struct Answers {
    pub(super) prompt: Prompt,
    email: Option<String>,
    rejected_email: Option<String>,
    password: Option<Password>,
    /// The method asked for with `--method`.
    pub(super) method: Option<TwoFactorMethod>,
    code: Option<OneTimeCode>,
    /// Run once: no host takes a code twice, and a program may well print the same one again.
    code_command: Option<CodeCommand>,
    authenticator: Option<Authenticator>,
    recaptcha: Option<RecaptchaResponse>,
    new_password: Option<Password>,
}

impl Answers {
    pub(super) fn read(args: Signin, global: &Global) -> Result<Self, Failure> {
        let password = || prompt::secret_line("password_unreadable", "password_missing");
        let new_password = || prompt::secret_line("new_password_unreadable", "new_password_missing");
        let password = match &args.password_file {
            Some(file) => {
                Some(Password::new(secret_file::read("--password-file", file, global.timeout)?.as_str()))
            }
            None => args.password_stdin.then(password).transpose()?,
        };
        let new_password = args.new_password_stdin.then(new_password).transpose()?;
        let authenticator = args.totp_secret_file.as_deref();
        let authenticator =
            authenticator.map(|file| Authenticator::read(file, global.timeout)).transpose()?;
        Ok(Self {
            prompt: Prompt::new(global.no_input),
            email: args.email,
            rejected_email: None,
            password,
            // Its codes are of no use for another method.
            method: args.method.or(authenticator.is_some().then_some(TwoFactorMethod::Google)),
            authenticator,
            code: args.code.map(OneTimeCode::new),
            code_command: args.code_command,
            recaptcha: args.recaptcha.map(RecaptchaResponse::new),
            new_password,
        })
    }

    pub(super) fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }

    /// The e-mail given, or known from before; asked for where neither is there, or where the last one did not do.
    pub(super) fn email_or_ask(&mut self, known: Option<&str>) -> Result<Option<String>, Failure> {
        if let Some(rejected) = self.rejected_email.take() {
            return self.prompt.text_with_default("E-mail", rejected);
        }
        if let Some(email) = self.email.as_deref().or(known) {
            return Ok(Some(email.to_owned()));
        }
        self.email = self.prompt.text("E-mail")?;
        Ok(self.email.clone())
    }

    /// The host did not take e-mail and password: which of them is wrong is not known.
    pub(super) fn ask_email_again(&mut self, email: String) {
        self.rejected_email = self.prompt.is_attended().then_some(email);
    }

    /// Puts a password back that was not judged.
    pub(super) fn keep_password(&mut self, password: Password) {
        self.password = Some(password);
    }

    pub(super) fn password_or_ask(&mut self) -> Result<Option<Password>, Failure> {
        self.password.take().map_or_else(|| self.prompt.password("Password"), |given| Ok(Some(given)))
    }

    /// The response given, if one was.
    pub(super) fn recaptcha(&mut self) -> Option<RecaptchaResponse> {
        self.recaptcha.take()
    }

    pub(super) fn recaptcha_or_ask(&mut self) -> Result<Option<RecaptchaResponse>, Failure> {
        match self.recaptcha.take() {
            Some(given) => Ok(Some(given)),
            None => Ok(self.prompt.text("reCAPTCHA response")?.map(RecaptchaResponse::new)),
        }
    }

    pub(super) fn has_code(&self) -> bool {
        self.code.is_some() || self.code_command.is_some()
    }

    /// The code of the authenticator app: from its secret once, since no host takes a code twice.
    pub(super) fn app_code_or_ask(&mut self, question: &str) -> Result<Option<OneTimeCode>, Failure> {
        match self.authenticator.take() {
            Some(authenticator) => Ok(Some(authenticator.code())),
            None => self.code_or_ask(question),
        }
    }

    pub(super) fn code_or_ask(&mut self, question: &str) -> Result<Option<OneTimeCode>, Failure> {
        match (self.code.take(), self.code_command.take()) {
            (Some(given), _) => Ok(Some(given)),
            (None, Some(command)) => command.code().map(Some),
            (None, None) => Ok(self.prompt.text(question)?.map(OneTimeCode::new)),
        }
    }

    /// The new password, which is also the password of the sign-in that follows.
    pub(super) fn new_password_or_ask(&mut self) -> Result<Option<Password>, Failure> {
        let new = match self.new_password.take() {
            Some(given) => Some(given),
            None => self.prompt.new_password("New password")?,
        };
        self.password.clone_from(&new);
        Ok(new)
    }
}
