//! From a request to its answer: [`InFlight`], and what every step does with an answer.

use super::{SignInError, Step};
use crate::{
    ApiRequest, CallError, Endpoint, HttpResponse, LockedOut, Timestamp,
    attempts::Limits,
    cookies::values_set_by,
    ports::TransportError,
    secret::{TwoFactorToken, WizardId},
    server_message::{Earlier, Secrets},
    wire::{self, Reply},
};
use std::fmt;

/// A request that was handed out. [`resume`](Self::resume) it with the answer.
///
/// Dropping it instead gives the answer up: mark the step with [`Step::with_lost_response`] if the request may have been sent.
#[derive(Clone)]
#[must_use = "resume it with the answer to the request"]
pub struct InFlight<S> {
    from: S,
    endpoint: Endpoint,
    sent: Secrets,
}

impl<S> fmt::Debug for InFlight<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "InFlight({:?})", self.endpoint)
    }
}

/// The step did not advance: why, and at which step the sign-in is now.
///
/// `Display` is [for developers](crate#texts-for-people-and-texts-for-developers).
#[derive(Clone, Debug, thiserror::Error)]
#[error("the sign-in did not advance: {cause}")]
pub struct StepRejected {
    /// The step at which the sign-in is now.
    pub step: Box<Step>,
    /// Why.
    #[source]
    pub cause: SignInError,
}

impl StepRejected {
    pub(super) fn new(step: impl Into<Step>, cause: impl Into<SignInError>) -> Self {
        Self { step: Box::new(step.into()), cause: cause.into() }
    }

    pub(super) fn protocol(step: impl Into<Step>, what: &'static str) -> Self {
        Self::new(step, CallError::Protocol { what })
    }
}

/// The steps that can have a request under way.
pub trait InFlightStep: Clone + Into<Step> + handler::StepHandler {
    /// The account's e-mail, as far as it was given.
    fn account(&self) -> Option<&str>;
}

pub(super) mod handler {
    use super::{Step, StepRejected};
    use crate::{
        Endpoint, ServerMessage, Timestamp,
        server_message::Secrets,
        wire::{ErrorMessages, Json, Refusal},
    };

    /// An answer and when it was received.
    pub struct HostAnswer<'a> {
        pub(in super::super) endpoint: Endpoint,
        pub(in super::super) json: Json<'a>,
        /// What is cut out of the host's texts: the secrets that were sent, and those in the answer.
        pub(in super::super) secrets: Secrets,
        pub(in super::super) now: Timestamp,
        pub(in super::super) host_now: Option<Timestamp>,
    }

    impl HostAnswer<'_> {
        /// The host's message, for an answer that refuses by asking for the same step again.
        pub(in super::super) fn server_message(&self) -> ServerMessage {
            let mut error_messages = ErrorMessages::of(self.json.value());
            error_messages.cut(&self.secrets, "");
            error_messages.server_message()
        }
    }

    /// A refusal by the host, and when it was received.
    pub struct HostRefusal {
        pub(in super::super) refusal: Refusal,
        pub(in super::super) now: Timestamp,
    }

    /// What a step does with an answer.
    pub trait StepHandler {
        fn on_answer(self, answer: &HostAnswer<'_>) -> Result<Step, StepRejected>;
        fn on_refusal(self, refusal: HostRefusal) -> StepRejected;
    }
}

impl<S: InFlightStep> InFlight<S> {
    pub(super) fn new(from: S, endpoint: Endpoint, sent: &[&str]) -> Self {
        Self { from, endpoint, sent: Secrets::of(sent.iter().copied()) }
    }

    /// The next step, from the host's answer or the transport's error.
    ///
    /// `now` is the time of the answer; `limits` say how long a block lasts when the host does not.
    ///
    /// # Errors
    /// [`StepRejected`] with the step at which the sign-in is now; it always has one.
    pub fn resume(
        self,
        outcome: Result<HttpResponse, TransportError>,
        now: Timestamp,
        limits: &Limits,
    ) -> Result<Step, StepRejected> {
        let from: Step = self.from.clone().into();
        let (outcome, secrets) = self.settle(&from.earlier(), outcome, now, limits);
        let outcome = with(outcome.map_err(StepRejected::marking_uncertain), |step| {
            if step.is_over() { step } else { step.with_earlier(&secrets.as_earlier()) }
        });
        if from.opens_wizard_by_post() { with(outcome, Step::with_wizard_by_post) } else { outcome }
    }

    /// The outcome, and what the steps that follow have to know of.
    fn settle(
        self,
        earlier: &Earlier,
        outcome: Result<HttpResponse, TransportError>,
        now: Timestamp,
        limits: &Limits,
    ) -> (Result<Step, StepRejected>, Secrets) {
        let Self { from, endpoint, sent } = self;
        let mut secrets = sent.behind(earlier);
        let mut response = match outcome {
            Ok(response) => response,
            Err(error) => return (Err(StepRejected::new(from, CallError::from(error))), secrets),
        };
        secrets = secrets.and_cookies(values_set_by(&response).iter().map(|value| value.as_str()));
        let account = from.account().unwrap_or_default().to_owned();
        let outcome = match receive(&mut response, endpoint, &mut secrets, &account, now, limits) {
            Received::Answer(answer) => {
                with(from.on_answer(&answer), |step| step.with_texts_free_of(&answer.secrets))
            }
            Received::Refusal(handler::HostRefusal { refusal, .. }) if refusal.is_about_the_caller() => {
                let server_message = refusal.server_message();
                Err(StepRejected::new(from, SignInError::Refused { server_message }))
            }
            Received::Refusal(refusal) => Err(from.on_refusal(refusal)),
            Received::Failure(error) => Err(StepRejected::new(from, error)),
        };
        (outcome, secrets)
    }

    /// The step that made the request.
    pub fn from(&self) -> &S {
        &self.from
    }
}

/// Changes the step that an outcome leads to, or that it keeps.
fn with(
    outcome: Result<Step, StepRejected>,
    change: impl FnOnce(Step) -> Step,
) -> Result<Step, StepRejected> {
    match outcome {
        Ok(step) => Ok(change(step)),
        Err(StepRejected { step, cause }) => Err(StepRejected { step: Box::new(change(*step)), cause }),
    }
}

/// What came back, before the step judges it.
enum Received<'a> {
    Answer(handler::HostAnswer<'a>),
    Refusal(handler::HostRefusal),
    Failure(CallError),
}

/// Sorts a response and frees it of secrets: the part of an answer that is the same for all steps.
fn receive<'a>(
    response: &'a mut HttpResponse,
    endpoint: Endpoint,
    secrets: &mut Secrets,
    account: &str,
    now: Timestamp,
    limits: &Limits,
) -> Received<'a> {
    let host_now = response.date();
    match wire::read(response, now) {
        Reply::Answer(json) => {
            let id = wire::wizard_id(&json);
            let token = wire::two_factor_details(&json).map(|(token, ..)| token);
            let given = [id.as_ref().map(WizardId::expose), token.as_ref().map(TwoFactorToken::expose)];
            *secrets = std::mem::take(secrets).and(given.into_iter().flatten());
            Received::Answer(handler::HostAnswer { endpoint, json, secrets: secrets.clone(), now, host_now })
        }
        Reply::Refused(mut refusal) => {
            *secrets = std::mem::take(secrets).and(refusal.wizard.as_ref().map(WizardId::expose));
            refusal.cut(secrets, account);
            Received::Refusal(handler::HostRefusal { refusal, now })
        }
        Reply::LockedOut(wait) => Received::Failure(CallError::LockedOut(LockedOut::by_host(wait, limits))),
        Reply::Failed(error) => Received::Failure(error),
    }
}

/// Builds a request with these fields. `secrets` are cut out of the host's texts in the answer.
pub(super) fn ask<S: InFlightStep>(
    from: S,
    endpoint: Endpoint,
    fields: &[(&str, &str)],
    secrets: &[&str],
) -> (ApiRequest, InFlight<S>) {
    (ApiRequest::with_fields(endpoint, fields), InFlight::new(from, endpoint, secrets))
}
