//! Every step at which a host answers, and the usual request there.

use crate::now;
use auth_core::{
    ApiRequest, CorrelationId, DeviceFingerprint, Endpoint, Host, HttpResponse, Office, RequestContext,
    attempts::Limits,
    secret::{OneTimeCode, Password, RecaptchaResponse},
    sign_in::{Credentials, InFlight, InFlightStep, Step, StepRejected, TwoFactorMethod},
};
use serde_json::Value;
use std::sync::LazyLock;

/// Secrets that the user enters. The seeds and the dictionary know them, so that an answer can echo them.
pub(crate) const ENTERED: [&str; 4] = ["S3cret-Pa55", "recaptcha-pr00f", "73519264", "N3w-S3cret"];

/// Whether the method is changed where that is possible.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum MethodAction {
    Keep,
    Change,
}

/// What came of one answer.
pub(crate) struct Outcome {
    pub(crate) endpoint: Endpoint,
    /// The secrets of the request.
    pub(crate) sent: Vec<String>,
    pub(crate) result: Result<Step, StepRejected>,
}

/// Each step that waits for the user.
pub(crate) fn all() -> &'static [Step] {
    static ALL: LazyLock<Vec<Step>> = LazyLock::new(kept);
    &ALL
}

fn kept() -> Vec<Step> {
    let far = "2030-01-01T00:00:00Z";
    let wizard = r#""uuid":"36f59381-5b54-48bd-a0c7-3b908c476732","account":"ann@example.com""#;
    let options = r#""offers":[{"method":"google","caption":null},{"method":"sms","caption":"SMS"}]"#;
    let kept = [
        format!(
            r#""step":"credentials","office":"front",{wizard},"recaptcha":true,"qr":null,"recovery":null,"password_changed":false"#
        ),
        format!(r#""step":"choose_method",{wizard},{options}"#),
        format!(r#""step":"code",{wizard},"method":"google",{options}"#),
        r#""step":"mailed_code","token":"b2fcf999-2b0b-451d-9888-094a79117aa5","account":"ann@example.com","provider":null"#.to_owned(),
        format!(r#""step":"reset_code",{wizard}"#),
        format!(r#""step":"new_password",{wizard}"#),
    ];
    let begin = [Office::Front, Office::Back].map(|office| Step::begin(office, now()));
    let restored = kept.iter().map(|fields| {
        let text = format!(r#"{{"v":1,"expires_at":"{far}",{fields}}}"#);
        Step::from_checkpoint(text.as_bytes(), now()).expect("a kept step")
    });
    begin.into_iter().chain(restored).collect()
}

/// Does the usual thing at a step and goes on with this answer. Nothing, where nothing can be done.
pub(crate) fn act(step: Step, action: MethodAction, response: HttpResponse) -> Option<Outcome> {
    let code = OneTimeCode::new("735-192 64");
    let login = Credentials::new("ann@example.com", Password::new(ENTERED[0]))
        .with_recaptcha(RecaptchaResponse::new(ENTERED[1]));
    Some(match step {
        Step::Start(step) => resume(step.open(), response),
        Step::NeedCredentials(step) => {
            resume(step.submit(login, &DeviceFingerprint::new("fuzz/1")).expect("good input"), response)
        }
        Step::NeedMethod(step) => {
            let method = step.options().first().expect("there is something to choose").method;
            resume(step.choose(method).expect("it is offered"), response)
        }
        Step::NeedCode(step) if action == MethodAction::Change => {
            let methods = step.methods();
            let method = methods.last().copied().unwrap_or(TwoFactorMethod::Google);
            resume(step.choose(method).expect("it is offered"), response)
        }
        Step::NeedCode(step) => resume(step.submit(&code).expect("good input"), response),
        Step::NeedMailedCode(step) => resume(step.submit(&code).expect("good input"), response),
        Step::NeedResetCode(step) => resume(step.submit(&code).expect("good input"), response),
        Step::NeedNewPassword(step) => {
            resume(step.submit(&Password::new(ENTERED[3])).expect("good input"), response)
        }
        Step::SignedIn(_) | Step::Unsupported(_) => return None,
    })
}

fn resume<S: InFlightStep>(
    (request, in_flight): (ApiRequest, InFlight<S>),
    response: HttpResponse,
) -> Outcome {
    let endpoint = request.endpoint();
    let sent = secrets(request);
    Outcome { endpoint, sent, result: in_flight.resume(Ok(response), now(), &Limits::default()) }
}

/// The secrets that a request carries.
pub(crate) fn secrets(request: ApiRequest) -> Vec<String> {
    let context = RequestContext {
        host: Host::parse("https://broker.example").expect("a host"),
        user_agent: "fuzz/1".to_owned(),
        language: None,
    };
    let body = request.into_http(&context, CorrelationId::new("id")).body;
    let fields: Value = body.map_or(Value::Null, |body| serde_json::from_slice(body.expose()).expect("JSON"));
    let is_secret = |name: &str| !matches!(name, "email" | "device_fingerprint" | "action" | "type");
    let fields = fields.as_object().into_iter().flatten().filter(|(name, _)| is_secret(name));
    fields.filter_map(|(_, value)| value.as_str()).map(str::to_owned).collect()
}
