//! One move: ask the budget, ask the host, and settle what its answer means.

use super::{SignIn, SignInStep, flow::Flow, pending};
use crate::{
    RequestError,
    context::{Outcome, new_session_id},
    finish::finish,
    rate_limit::{Denied, Permit},
    session::{self, ActiveSession, StateReason},
};
use auth_core::{
    ApiRequest, CallError, CorrelationId, Endpoint, HttpResponse, Timestamp,
    attempts::Limits,
    ports::{Record, RecordKind, StoreError, TransportError, WriteCondition},
    session::StoredSession,
    sign_in::{InFlight, InFlightStep, SignInError, SignedIn, Step, StepRejected},
};
use std::sync::Arc;
use tokio::sync::OwnedMutexGuard;

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

impl SignIn {
    /// Moves on from the step with this serial.
    ///
    /// Until the host has answered, dropping the future leaves the step, in doubt once the request was out. From then on the move is finished
    /// whatever becomes of the caller, and a second submit answers `Busy` until it is.
    pub(super) fn advance<P, S>(
        &self,
        serial: u64,
        ask: impl FnOnce(P) -> Result<(ApiRequest, InFlight<S>), StepRejected>,
    ) -> impl Future<Output = Result<SignInStep, RequestError<SignInError>>> + Send
    where
        P: TryFrom<Step>,
        S: InFlightStep + Send + 'static,
    {
        let prepared = self.flow.enter(serial).and_then(|gate| {
            let place = P::try_from(self.flow.step()).map_err(|_| SignInError::StaleStep)?;
            let asked = ask(place).map_err(|rejected| rejected.cause)?;
            Ok((gate, Transition::of(asked)))
        });
        self.go(prepared)
    }

    async fn go(
        &self,
        prepared: Result<(OwnedMutexGuard<()>, Transition), SignInError>,
    ) -> Result<SignInStep, RequestError<SignInError>> {
        let (gate, step) = prepared.map_err(RequestError::here)?;
        if matches!(step.request.endpoint(), Endpoint::SignIn(_)) {
            self.check_store().await.map_err(RequestError::here)?;
        }
        let (exchange, outcome) = Exchange::send(&self.flow, step).await.map_err(RequestError::here)?;
        let id = outcome.id.clone();
        match finish(settle(self.flow.clone(), gate, exchange, outcome)).await {
            Some(Ok(())) => Ok(self.current()),
            Some(Err(cause)) => Err(RequestError::at(cause, id)),
            None => {
                let cut_off = StoreError::Unavailable { what: "the program is shutting down" };
                Err(RequestError::at(SignInError::Store(cut_off), id))
            }
        }
    }

    /// A store that will not take the session is found out before an attempt is spent. A damaged record is no
    /// obstacle: it is set aside.
    async fn check_store(&self) -> Result<(), StoreError> {
        let Flow { context, office, .. } = &*self.flow;
        let checked = match context.store.load(&context.key(*office, RecordKind::Session)).await {
            Ok(Some(there)) => StoredSession::check_format(there.body.expose()).map_err(StoreError::from),
            other => other.map(drop),
        };
        match checked {
            Err(StoreError::Corrupt { .. }) => Ok(()),
            checked => checked,
        }
    }
}

/// A move whose request has been made, to be settled.
struct Exchange {
    permit: Permit,
    resume: Resume,
}

impl Exchange {
    /// Asks the budget, then the host.
    async fn send(flow: &Flow, step: Transition) -> Result<(Self, Outcome), SignInError> {
        let Transition { request, account, resume } = step;
        let permit = match flow.context.acquire(flow.office, request.endpoint(), &account).await {
            Ok(permit) => permit,
            Err(Denied::LockedOut(lock)) => return Err(CallError::LockedOut(lock).into()),
            Err(Denied::Store(error)) => return Err(error.into()),
        };
        flow.going_out();
        let outcome = flow.context.call(request).await;
        Ok((Self { permit, resume }, outcome))
    }

    /// Takes in the answer: the budget, the new place, and what has to be kept.
    async fn complete(self, flow: &Flow, outcome: Outcome) -> Result<(), SignInError> {
        let Outcome { result, at, id } = outcome;
        let was_not_sent = result.as_ref().is_err_and(|error| error.was_not_sent());
        let resumed = (self.resume)(result, at, &flow.context.limits);
        let lock = match &resumed {
            Err(StepRejected { cause: SignInError::Call(CallError::LockedOut(lock)), .. }) => Some(*lock),
            _ => None,
        };
        flow.context.settle(self.permit, was_not_sent, lock).await;
        match resumed {
            Ok(step) => {
                keep(flow, &step, &id).await.inspect_err(|_| flow.move_to(step.clone()))?;
                flow.move_to(step);
                Ok(())
            }
            Err(StepRejected { step, cause }) => {
                tracing::info!(correlation_id = %id, step = step.name(), cause = cause.kind(), "sign-in did not advance");
                if matches!(cause, SignInError::WizardEnded) {
                    note(forget_pending(flow).await);
                }
                // The step is taken over even so: the host may have given it a new uuid, or ended the wizard.
                keep(flow, &step, &id).await?;
                flow.stay_at(*step);
                Err(cause)
            }
        }
    }
}

async fn settle(
    flow: Arc<Flow>,
    gate: OwnedMutexGuard<()>,
    exchange: Exchange,
    outcome: Outcome,
) -> Result<(), SignInError> {
    let result = match exchange.complete(&flow, outcome).await {
        Ok(()) => go_on_alone(&flow).await,
        refused => refused,
    };
    drop(gate);
    result
}

/// Keeps what a new place needs: a session is saved before anybody sees it, a pending step so that it survives.
async fn keep(flow: &Flow, step: &Step, id: &CorrelationId) -> Result<(), SignInError> {
    if let Step::SignedIn(signed_in) = step {
        save_session(flow, signed_in).await.map_err(SignInError::NotSaved)?;
        tracing::info!(correlation_id = %id, office = %flow.office, "signed in");
        return Ok(());
    }
    let kept = flow.kept();
    if pending::worth_keeping(step) || (kept.is_some() && matches!(step, Step::NeedCredentials(_))) {
        // Once the place was lost to another sign-in it is not taken back.
        if kept.is_some() || !flow.was_kept() {
            match pending::save(&flow.context, flow.office, step, kept).await {
                Ok(kept) => flow.set_kept(kept),
                Err(error) => note(Err(error)),
            }
        }
    } else {
        note(forget_pending(flow).await);
    }
    Ok(())
}

/// The step is good; it only cannot be gone on from after this process. `SignIn::keep` says so to whoever needs it.
fn note(noted: Result<(), StoreError>) {
    if let Err(error) = noted {
        tracing::warn!(error = error.kind(), "the pending step could not be kept");
    }
}

async fn forget_pending(flow: &Flow) -> Result<(), StoreError> {
    if let Some(session_id) = flow.kept() {
        pending::remove_own(&flow.context, flow.office, session_id).await?;
        flow.set_kept(None);
    }
    Ok(())
}

async fn save_session(flow: &Flow, signed_in: &SignedIn) -> Result<(), StoreError> {
    let context = &flow.context;
    let key = context.key(flow.office, RecordKind::Session);
    let session_id = new_session_id()?;
    // Whoever refreshes the last session meanwhile finds this one's epoch and leaves it alone: a holder that does not let go
    // cannot keep anybody from signing in.
    let lock = tokio::time::timeout(session::LOCK_WAIT, context.store.lock(&key)).await;
    let _lock = lock.ok().and_then(Result::ok);
    let session = StoredSession { received: context.clock.reading(), ..signed_in.session().clone() };
    let record = Record { session_id, body: session.encode() };
    context.store.save(&key, &record, WriteCondition::Unconditional).await?;
    let active = ActiveSession::new(Some(session_id), session);
    flow.set_saved(active.clone());
    context.account(flow.office).publish(active, StateReason::SignedIn);
    // Whoever's step was pending here, the account is signed in now.
    if let Err(error) = pending::remove(context, flow.office).await {
        tracing::warn!(error = error.kind(), "a finished sign-in is still listed as pending");
    }
    flow.set_kept(None);
    Ok(())
}

/// Moves that need nobody: the only method there is, and the wizard after a reset. The user is where the answer led even
/// if they fail. A choice that failed says so, since it may have sent an SMS; a wizard can simply be opened by hand.
async fn go_on_alone(flow: &Flow) -> Result<(), SignInError> {
    match flow.step() {
        Step::NeedMethod(choice) if choice.options().len() == 1 => {
            let only = choice.options()[0].method;
            let asked = choice.choose(only).map_err(|rejected| rejected.cause)?;
            travel(flow, Transition::of(asked)).await
        }
        Step::Start(start) if start.password_changed() => {
            if let Err(cause) = travel(flow, Transition::of(start.open())).await {
                tracing::warn!(cause = cause.kind(), "the wizard after a password reset could not be opened");
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

async fn travel(flow: &Flow, step: Transition) -> Result<(), SignInError> {
    let (exchange, outcome) = Exchange::send(flow, step).await?;
    exchange.complete(flow, outcome).await
}
