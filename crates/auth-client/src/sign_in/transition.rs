//! From a submit to the next step, or to a refusal that keeps the step.
//!
//! 1. [`SignIn::advance`] checks the step's serial and takes the gate (`Busy`, `StaleStep`).
//! 2. The step builds its request and an in-flight value: [`Transition`].
//! 3. [`check_store`]: before credentials are sent, a store that would not take the session is found out.
//! 4. [`send`] asks the rate limiter, marks the step as sent, and sends the request: [`Answer`].
//! 5. [`complete`] takes the answer in, whatever becomes of the caller: the next step or a refusal, the rate limiter's count, the
//!    session or the pending step in the store, and only then the position.
//! 6. [`continue_alone`] makes the transitions that need no user: the only method there is, and the wizard after a reset.
//!
//! Dropping the call before the answer leaves the step, marked as uncertain; from the answer on the work is done to its end.

use super::{flow::Flow, handle::SignIn, step::SignInStep};
use crate::{
    RequestError,
    host::{Denied, Exchange, Permit, Trace},
    pending_step,
    run_to_completion::run_to_completion,
    session::{check_store, keep_new_session},
};
use auth_core::{
    ApiRequest, CallError, Endpoint, HttpResponse, Timestamp,
    attempts::Limits,
    ports::{StoreError, TransportError, WriteCondition},
    session::StoredSession,
    sign_in::{InFlight, InFlightStep, SignInError, SignedIn, Step, StepRejected},
};
use std::sync::Arc;
use tokio::sync::OwnedMutexGuard;
use tracing::Instrument;

/// The way on from an answer.
type Resume = Box<
    dyn FnOnce(Result<HttpResponse, TransportError>, Timestamp, &Limits) -> Result<Step, StepRejected> + Send,
>;

/// A request and the way on from its answer, whichever step it is of: one asynchronous path serves all steps.
struct Transition {
    request: ApiRequest,
    account: String,
    resume: Resume,
}

impl Transition {
    fn of<S: InFlightStep + Send + 'static>((request, in_flight): (ApiRequest, InFlight<S>)) -> Self {
        let account = in_flight.from().account().unwrap_or_default().to_owned();
        Self {
            request,
            account,
            resume: Box::new(move |outcome, now, limits| in_flight.resume(outcome, now, limits)),
        }
    }
}

/// A transition whose request was sent.
struct Answer {
    permit: Permit,
    resume: Resume,
    exchange: Exchange,
    endpoint: Endpoint,
    account: String,
}

impl SignIn {
    /// Moves on from the step with this serial. A second submit answers `Busy` until this one is done.
    pub(super) fn advance<P, S>(
        &self,
        serial: u64,
        submit: impl FnOnce(P) -> Result<(ApiRequest, InFlight<S>), StepRejected>,
    ) -> impl Future<Output = Result<SignInStep, RequestError<SignInError>>> + Send
    where
        P: TryFrom<Step>,
        S: InFlightStep + Send + 'static,
    {
        let prepared = self.flow.begin_submit(serial).and_then(|gate| {
            let step = P::try_from(self.flow.step()).map_err(|_| SignInError::StaleStep)?;
            let request = submit(step).map_err(|rejected| rejected.cause)?;
            Ok((gate, Transition::of(request)))
        });
        self.run(prepared)
    }

    async fn run(
        &self,
        prepared: Result<(OwnedMutexGuard<()>, Transition), SignInError>,
    ) -> Result<SignInStep, RequestError<SignInError>> {
        let (gate, transition) = prepared.map_err(RequestError::here)?;
        let span = self.flow.account.scope.span("sign_in", Some(&transition.account));
        let in_span = span.clone();
        async {
            if matches!(transition.request.endpoint(), Endpoint::SignIn(_)) {
                check_store(&self.flow.account).await.map_err(RequestError::here)?;
            }
            let answer = send(&self.flow, transition).await.map_err(RequestError::here)?;
            let trace = answer.exchange.trace.clone();
            let work = complete_and_continue(self.flow.clone(), gate, answer).instrument(in_span);
            match run_to_completion(&self.flow.account.scope.runtime, work).await {
                Some(Ok(())) => Ok(self.current()),
                Some(Err(cause)) => Err(RequestError::at(cause, trace)),
                None => {
                    let cut_off = StoreError::unavailable("the program is shutting down");
                    Err(RequestError::at(SignInError::Store(cut_off), trace))
                }
            }
        }
        .instrument(span)
        .await
    }
}

/// Asks the rate limiter, then the host. A step that is saved is marked before that, in the same write as the count: a process
/// that dies now leaves a step whose last answer was lost.
async fn send(flow: &Flow, transition: Transition) -> Result<Answer, SignInError> {
    let Transition { request, account, resume } = transition;
    let (scope, endpoint) = (&flow.account.scope, request.endpoint());
    let mark = flow.saved_as().and_then(|own| {
        let sent = flow.step().with_lost_response();
        pending_step::write_of(scope, &sent, &flow.jar.cookies(), own, WriteCondition::SameSession)
    });
    let marks = mark.is_some();
    let limiter = &scope.rate_limiter;
    let mut permit = limiter.acquire_and_save(scope.office, endpoint, &account, mark).await;
    if marks && matches!(permit, Err(Denied::Store(_))) {
        // The step is not this sign-in's any more, or cannot be kept: neither is a reason not to go on.
        permit = limiter.acquire(scope.office, endpoint, &account).await;
    }
    let permit = match permit {
        Ok(permit) => permit,
        Err(Denied::LockedOut(locked_out)) => return Err(CallError::LockedOut(locked_out).into()),
        Err(Denied::Store(error)) => return Err(error.into()),
    };
    flow.mark_sent();
    let exchange = scope.call(request, &flow.jar).await;
    Ok(Answer { permit, resume, exchange, endpoint, account })
}

/// Takes the answer in: the rate limiter's count, what has to be saved, and the new position.
async fn complete(flow: &Flow, answer: Answer) -> Result<(), SignInError> {
    let Answer { permit, resume, exchange, endpoint, account } = answer;
    let scope = &flow.account.scope;
    let was_not_sent = exchange.was_not_sent();
    let Exchange { result, at, trace } = exchange;
    let resumed = resume(result, at, &scope.limits)
        .map(|step| scope.known(step))
        .map_err(|rejected| StepRejected { step: Box::new(scope.known(*rejected.step)), ..rejected });
    let locked_out = match &resumed {
        Err(StepRejected { cause: SignInError::Call(CallError::LockedOut(locked_out)), .. }) => {
            Some(*locked_out)
        }
        _ => None,
    };
    scope.rate_limiter.settle(permit, was_not_sent, locked_out).await;
    if flow.is_abandoned() && !matches!(resumed, Ok(Step::SignedIn(_))) {
        return Err(SignInError::StaleStep);
    }
    match resumed {
        Ok(step) => {
            let kept = persist(flow, &step, &trace).await;
            let (.., session) = flow.current();
            // A session that was saved before is not given up any more.
            if flow.is_abandoned() && session.is_none() {
                return Err(SignInError::StaleStep);
            }
            flow.advance_to(step);
            kept?;
            Ok(())
        }
        Err(StepRejected { step, cause }) => {
            tracing::info!(correlation_id = %trace, step = step.name(), cause = cause.kind(), "sign-in did not advance");
            if matches!(cause, SignInError::WizardEnded) {
                log_if_not_saved(remove_pending(flow).await);
            }
            // The step is taken over even so: the host may have given it a new uuid, or ended the wizard.
            persist(flow, &step, &trace).await?;
            flow.stay_at(*step);
            let is_counted =
                matches!(cause, SignInError::WrongCredentials { .. } | SignInError::WrongCode { .. });
            if !is_counted {
                return Err(cause);
            }
            Err(cause.with_attempts_left(scope.rate_limiter.left(scope.office, endpoint, &account).await))
        }
    }
}

async fn complete_and_continue(
    flow: Arc<Flow>,
    gate: OwnedMutexGuard<()>,
    answer: Answer,
) -> Result<(), SignInError> {
    let result = match complete(&flow, answer).await {
        Ok(()) => continue_alone(&flow).await,
        refused => refused,
    };
    drop(gate);
    result
}

/// Saves what a new step needs: a session before anybody sees it, a pending step so that it survives this process.
async fn persist(flow: &Flow, step: &Step, trace: &Trace) -> Result<(), SignInError> {
    let scope = &flow.account.scope;
    if let Step::SignedIn(signed_in) = step {
        save_session(flow, signed_in).await.map_err(SignInError::NotSaved)?;
        tracing::info!(correlation_id = %trace, office = %scope.office, "signed in");
        return Ok(());
    }
    let saved_as = flow.saved_as();
    let updates_form = saved_as.is_some() && matches!(step, Step::NeedCredentials(_));
    if pending_step::is_worth_saving(step) || updates_form {
        // Once another sign-in has replaced the record it is not taken back.
        if saved_as.is_some() || !flow.was_saved() {
            match pending_step::save(scope, step, &flow.jar.cookies(), saved_as).await {
                Ok(saved_as) => {
                    flow.set_saved_as(saved_as);
                    // It may have been given up while it was saved.
                    if flow.is_abandoned() {
                        log_if_not_saved(remove_pending(flow).await);
                    }
                }
                Err(error) => log_if_not_saved(Err(error)),
            }
        }
    } else {
        log_if_not_saved(remove_pending(flow).await);
    }
    Ok(())
}

/// The step is good; it only cannot be resumed after this process. [`SignIn::save`] returns this error to whoever needs it.
fn log_if_not_saved(saved: Result<(), StoreError>) {
    if let Err(error) = saved {
        tracing::warn!(error = error.kind(), "the pending step could not be saved");
    }
}

async fn remove_pending(flow: &Flow) -> Result<(), StoreError> {
    if let Some(own) = flow.saved_as() {
        pending_step::remove_own(&flow.account.scope, own).await?;
        flow.set_saved_as(None);
    }
    Ok(())
}

async fn save_session(flow: &Flow, signed_in: &SignedIn) -> Result<(), StoreError> {
    let session = StoredSession { cookies: flow.jar.cookies(), ..signed_in.session().clone() };
    let Some(active) = keep_new_session(&flow.account, session, || !flow.is_abandoned()).await? else {
        return Ok(());
    };
    flow.set_session(active);
    flow.set_saved_as(None);
    Ok(())
}

/// Transitions that need no user. The user is where the answer led even if they fail. A choice that failed is an error, since
/// it may have sent an SMS; a wizard can simply be opened by hand.
async fn continue_alone(flow: &Flow) -> Result<(), SignInError> {
    match flow.step() {
        Step::NeedMethod(choice) if choice.options().len() == 1 => {
            let only = choice.options()[0].method;
            let request = choice.choose(only).map_err(|rejected| rejected.cause)?;
            send_and_complete(flow, Transition::of(request)).await
        }
        Step::Start(start) if start.password_changed() => {
            if let Err(cause) = send_and_complete(flow, Transition::of(start.open())).await {
                tracing::warn!(cause = cause.kind(), "the wizard after a password reset could not be opened");
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

async fn send_and_complete(flow: &Flow, transition: Transition) -> Result<(), SignInError> {
    let answer = send(flow, transition).await?;
    complete(flow, answer).await
}
