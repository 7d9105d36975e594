//! Exit 10: what is needed next.

use crate::{args::Global, failure::Exit, output};
use auth_client::{Method, SignInStep};
use serde_json::json;
use std::process::ExitCode;

/// What the sign-in waits for.
pub(super) struct Need {
    pub(super) step: &'static str,
    pub(super) methods: Vec<String>,
    pub(super) hint: String,
}

impl Need {
    pub(super) fn credentials() -> Self {
        let hint =
            "e-mail and password are needed: b2auth signin --resume --email E --password-stdin".to_owned();
        Self { step: "credentials", methods: Vec::new(), hint }
    }

    pub(super) fn recaptcha() -> Self {
        let hint = "a reCAPTCHA response is needed: b2auth signin --resume --recaptcha T --password-stdin"
            .to_owned();
        Self { step: "recaptcha", methods: Vec::new(), hint }
    }

    pub(super) fn method(methods: &[Method]) -> Self {
        let hint = format!("a method is needed: b2auth signin --resume --method {}", join(methods, "|"));
        Self { step: "choose_method", methods: names(methods), hint }
    }

    pub(super) fn code(methods: &[Method]) -> Self {
        let from = methods.first().map_or("", |method| method.as_str());
        Self {
            step: "code",
            methods: names(methods),
            hint: format!("a code is needed ({from}): b2auth signin --resume --code C"),
        }
    }

    pub(super) fn mailed_code(provider: &str) -> Self {
        let hint = format!("the code sent by {provider} is needed: b2auth signin --resume --code C");
        Self { step: "code", methods: vec![provider.to_owned()], hint }
    }

    pub(super) fn reset_code() -> Self {
        let hint =
            "a password reset was ordered; the e-mailed code is needed: b2auth signin --resume --code C"
                .to_owned();
        Self { step: "reset_code", methods: Vec::new(), hint }
    }

    pub(super) fn new_password() -> Self {
        let hint = "a new password is needed: b2auth signin --resume --new-password-stdin".to_owned();
        Self { step: "new_password", methods: Vec::new(), hint }
    }
}

fn names(methods: &[Method]) -> Vec<String> {
    methods.iter().map(ToString::to_string).collect()
}

fn join(methods: &[Method], by: &str) -> String {
    names(methods).join(by)
}

/// The contract's name of a step.
pub(crate) fn name(step: &SignInStep) -> &'static str {
    match step {
        SignInStep::Start(_) => "credentials",
        SignInStep::MailedCode(_) => "code",
        other => other.name(),
    }
}

/// Says what is needed.
pub(super) fn report(global: &Global, need: &Need) -> ExitCode {
    if global.json {
        output::line(json!({"step": need.step, "methods": need.methods}));
    }
    output::note(format!("b2auth: {}", need.hint));
    if !global.store_lasts() {
        output::note("b2auth: the memory store ends with this process; keep the step with --store file:PATH");
    }
    Exit::MoreInput.into()
}
