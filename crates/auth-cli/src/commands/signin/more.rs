//! Exit 10: what is needed next.

use crate::{
    args::Global,
    failure::{Exit, Failure, quoted},
    messages, output,
};
use auth_client::{SignInStep, TwoFactorMethod};
use auth_messages::Message;
use serde_json::json;
use std::process::ExitCode;

/// What the sign-in waits for.
pub(super) struct Need {
    step: &'static str,
    methods: Vec<String>,
    hint: Message,
}

impl Need {
    /// The step as the contract names it, the message, and the options of the call that goes on.
    fn new(step: &'static str, hint: &'static str, options: &str) -> Self {
        let command = format!("b2auth signin --resume {options}");
        Self { step, methods: Vec::new(), hint: Message::new(hint).with("command", command) }
    }

    pub(super) fn credentials() -> Self {
        Self::new("credentials", "need-credentials", "--email E --password-stdin")
    }

    pub(super) fn recaptcha() -> Self {
        Self::new("recaptcha", "need-recaptcha", "--recaptcha T --password-stdin")
    }

    pub(super) fn method(methods: &[TwoFactorMethod]) -> Self {
        let methods = names(methods);
        let need = Self::new("choose_method", "need-method", &format!("--method {}", methods.join("|")));
        Self { methods, ..need }
    }

    pub(super) fn code(methods: &[TwoFactorMethod]) -> Self {
        let from = methods.first().map_or("", |method| method.as_str());
        let Self { step, hint, .. } = Self::new("code", "need-code", "--code C");
        Self { step, methods: names(methods), hint: hint.with("method", from) }
    }

    pub(super) fn mailed_code(provider: &str) -> Self {
        let Self { step, hint, .. } = Self::new("code", "need-mailed-code", "--code C");
        Self { step, methods: vec![provider.to_owned()], hint: hint.with("provider", quoted(provider)) }
    }

    pub(super) fn reset_code() -> Self {
        Self::new("reset_code", "need-reset-code", "--code C")
    }

    pub(super) fn new_password() -> Self {
        Self::new("new_password", "need-new-password", "--new-password-stdin")
    }

    /// True if it is e-mail and password that are needed.
    pub(super) fn is_credentials(&self) -> bool {
        self.step == "credentials"
    }
}

fn names(methods: &[TwoFactorMethod]) -> Vec<String> {
    methods.iter().map(ToString::to_string).collect()
}

/// The contract's name of a step.
pub(crate) fn name(step: &SignInStep) -> &'static str {
    match step {
        SignInStep::Start(_) => "credentials",
        SignInStep::MailedCode(_) => "code",
        other => other.name(),
    }
}

/// Says what is needed. The step is kept, whoever can be told.
pub(super) fn report(global: &Global, need: &Need) -> Result<ExitCode, Failure> {
    let told = match global.json {
        true => output::data(json!({"step": need.step, "methods": need.methods})),
        false => Ok(()),
    };
    let catalogue = messages::catalogue();
    output::note(format!("b2auth: {}", catalogue.say(&need.hint)));
    told.map_err(Failure::output)?;
    Ok(Exit::MoreInput.into())
}
