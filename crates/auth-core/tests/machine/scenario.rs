//! Fast ways to any step, and answers to give there.

use auth_core::{
    ApiRequest, DeviceFingerprint, Endpoint, HttpResponse, Office, Timestamp,
    attempts::Limits,
    ports::TransportError,
    secret::{OneTimeCode, Password, RecaptchaResponse, SecretBytes},
    sign_in::{Credentials, InFlight, InFlightStep, SignInError, Step, StepRejected, TwoFactorMethod},
};

pub(crate) const UUID: &str = "36f59381-5b54-48bd-a0c7-3b908c476732";
pub(crate) const WIZARD: &str = include_str!("../wire/front_wizard.json");
pub(crate) const CHOICE: &str = include_str!("../wire/front_2fa.json");
pub(crate) const MAILED: &str = include_str!("../wire/back_2fa.json");

pub(crate) fn now() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().expect("a date")
}

pub(crate) fn ok(body: &str) -> Result<HttpResponse, TransportError> {
    answer(200, body)
}

pub(crate) fn answer(status: u16, body: &str) -> Result<HttpResponse, TransportError> {
    Ok(HttpResponse { status, headers: Vec::new(), body: SecretBytes::new(body.as_bytes().to_vec()) })
}

/// A wizard answer without tokens.
pub(crate) fn workflow(name: &str) -> String {
    format!(r#"{{"code":200,"data":null,"done":false,"uuid":"{UUID}","workflow":"{name}"}}"#)
}

pub(crate) fn login() -> Credentials {
    Credentials::new("jdoe@example.com", Password::new("Secret123"))
        .with_recaptcha(RecaptchaResponse::new("recaptcha-proof"))
}

fn resume<S: InFlightStep>(
    asked: Result<(ApiRequest, InFlight<S>), StepRejected>,
    outcome: Result<HttpResponse, TransportError>,
) -> (Option<Endpoint>, Result<Step, StepRejected>) {
    match asked {
        Ok((request, in_flight)) => {
            (Some(request.endpoint()), in_flight.resume(outcome, now(), &Limits::default()))
        }
        Err(rejected) => (None, Err(rejected)),
    }
}

/// Does the usual thing at a step and gives it this outcome.
pub(crate) fn act(
    step: Step,
    outcome: Result<HttpResponse, TransportError>,
) -> (Option<Endpoint>, Result<Step, StepRejected>) {
    let code = OneTimeCode::new("123 456");
    match step {
        Step::Start(s) => resume(Ok(s.open()), outcome),
        Step::NeedCredentials(s) => resume(s.submit(login(), &DeviceFingerprint::new("test/1")), outcome),
        Step::NeedMethod(s) => {
            let method = s.options()[0].method;
            resume(s.choose(method), outcome)
        }
        Step::NeedCode(s) => resume(s.submit(&code), outcome),
        Step::NeedMailedCode(s) => resume(s.submit(&code), outcome),
        Step::NeedResetCode(s) => resume(s.submit(&code), outcome),
        Step::NeedNewPassword(s) => resume(s.submit(&Password::new("NewSecret456")), outcome),
        over @ (Step::SignedIn(_) | Step::Unsupported(_)) => (None, Ok(over)),
    }
}

/// Changes the method at the code step.
pub(crate) fn change(
    step: Step,
    method: TwoFactorMethod,
    outcome: Result<HttpResponse, TransportError>,
) -> Result<Step, StepRejected> {
    match step {
        Step::NeedCode(s) => resume(s.choose(method), outcome).1,
        Step::NeedMethod(s) => resume(s.choose(method), outcome).1,
        other => panic!("no choice at {}", other.name()),
    }
}

pub(crate) fn after(step: Step, body: &str) -> Step {
    act(step, ok(body)).1.unwrap_or_else(|rejected| panic!("{:?}", rejected.cause))
}

/// Each kind of step that waits for the user, by name.
pub(crate) fn at(name: &str) -> Step {
    let front = || after(Step::begin(Office::Front, now()), WIZARD);
    match name {
        "start" => Step::begin(Office::Front, now()),
        "credentials" => front(),
        "back_credentials" => Step::begin(Office::Back, now()),
        "choose_method" => after(front(), CHOICE),
        "code" => after(at("choose_method"), &workflow("2fa_google_auth")),
        "mailed_code" => after(at("back_credentials"), MAILED),
        "reset_code" => after(front(), &workflow("reset_password_email")),
        "new_password" => after(at("reset_code"), &workflow("reset_password")),
        other => panic!("no step {other}"),
    }
}

pub(crate) const WAITING: [&str; 8] = [
    "start",
    "credentials",
    "back_credentials",
    "choose_method",
    "code",
    "mailed_code",
    "reset_code",
    "new_password",
];

/// Where an outcome leads from a step, in short: `code`, or `code: wrong_code` if it was rejected.
pub(crate) fn leads(from: &str, outcome: Result<HttpResponse, TransportError>) -> String {
    short(act(at(from), outcome).1)
}

pub(crate) fn short(result: Result<Step, StepRejected>) -> String {
    match result {
        Ok(step) => step.name().to_owned(),
        Err(StepRejected { step, cause }) => format!("{}: {}", step.name(), cause.kind()),
    }
}

/// The request that a step makes, as JSON.
pub(crate) fn body_of(request: ApiRequest) -> serde_json::Value {
    let context = auth_core::RequestContext {
        host: auth_core::Host::parse("https://broker.example").expect("a host"),
        user_agent: "test/1".into(),
        language: None,
    };
    let http = request.into_http(&context, auth_core::CorrelationId::new("id"));
    http.body.map_or(serde_json::Value::Null, |body| serde_json::from_slice(body.expose()).expect("JSON"))
}

pub(crate) fn cause(result: Result<Step, StepRejected>) -> SignInError {
    result.expect_err("rejected").cause
}

/// The fields of a complete pair.
pub(crate) const PAIR: &str = r#""accessToken":{"token":"a"},"refreshToken":{"token":"r"}"#;

pub(crate) fn wizard_with_recaptcha() -> String {
    WIZARD.replacen("\"enabled\": false", "\"enabled\": true", 1)
}

pub(crate) fn with_header(
    status: u16,
    body: &str,
    (name, value): (&str, &str),
) -> Result<auth_core::HttpResponse, TransportError> {
    let mut response = answer(status, body)?;
    response.headers.push((name.to_owned(), value.to_owned()));
    Ok(response)
}
