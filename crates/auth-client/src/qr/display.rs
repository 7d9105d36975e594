//! The work of a display: a code, its live channel, the next code, until one is approved.
//!
//! 1. The wizard says whether there is QR sign-in at all ([`is_switched_off`]).
//! 2. The host gives a code ([`new_code`]), and its live channel is watched. It is shown once the subscription stands: an approval
//!    before would be lost ([`subscribe`]).
//! 3. The code is shown until it is approved or declined, its lifetime is over, or the live channel was interrupted, when an
//!    approval may have been missed ([`wait_for_end`]). Then the next one follows.
//! 4. An approval is exchanged at once and the session saved, or revoked if the sign-in was given up ([`exchange`](super::exchange)).

use super::{
    completion::Completion,
    exchange::exchange_and_save,
    live::{LiveChannel, Watched},
    retry::Retries,
    state::{QrExpiry, QrShown, QrState},
    state_log::StateLog,
};
use crate::{
    RequestError,
    host::{CookieJar, Exchange},
    run_to_completion::run_to_completion,
    session::{AccountState, check_store},
};
use auth_core::{
    ClockReading, Elapsed,
    ports::{ChannelError, ChannelEvent, ChannelFailure, StoreError},
    qr::{ApprovedCode, CodeAnswer, CodeEvent, NeedQrCode, QrCode, QrSignInError},
    sign_in::Step,
};
use std::{sync::Arc, time::Duration};
use tokio::sync::mpsc;
use tracing::Instrument;

/// How long the first subscription may take.
const FIRST_PATIENCE: Duration = Duration::from_secs(30);
/// How long a display that has shown a code tries to show the next one.
const PATIENCE: Duration = Duration::from_secs(10 * 60);

/// The end of a lifetime is looked for so often: the timers stand still while the machine sleeps, and lifetimes do not.
const RECHECK_INTERVAL: Duration = Duration::from_secs(5);

/// A code that lived no longer than this is not renewed without a pause.
const SHORT_LIVED: Duration = Duration::from_secs(1);

/// A host that has shown codes says so many times that there are none before it is believed.
const MAX_NOT_AVAILABLE: u32 = 4;

type Result<T> = std::result::Result<T, RequestError<QrSignInError>>;

/// How a code that was shown ended.
enum CodeEnd {
    Approved(ApprovedCode),
    Declined,
    Expired(QrExpiry),
}

/// Shows codes until one is approved or declined.
pub(super) async fn run(
    account: &Arc<AccountState>,
    log: &Arc<StateLog>,
    tokens: mpsc::Receiver<Completion>,
) -> Result<()> {
    let span = account.scope.span("qr_sign_in", None);
    let mut display = Display { account, log, tokens, has_shown: false, jar: Arc::default() };
    display.run().instrument(span).await
}

struct Display<'a> {
    account: &'a Arc<AccountState>,
    log: &'a Arc<StateLog>,
    tokens: mpsc::Receiver<Completion>,
    has_shown: bool,
    jar: Arc<CookieJar>,
}

impl Display<'_> {
    async fn run(&mut self) -> Result<()> {
        check_store(self.account).await.map_err(RequestError::here)?;
        if is_switched_off(self.account, &self.jar).await {
            self.log.push(Ok(QrState::NotAvailable));
            return Ok(());
        }
        let mut short_lived = Retries::default();
        loop {
            let Some((code, mut live)) = self.next_code().await? else {
                self.log.push(Ok(QrState::NotAvailable));
                return Ok(());
            };
            let shown_at = self.account.scope.clock.reading();
            self.show(&code);
            match self.wait_for_end(&code, &mut live).await? {
                CodeEnd::Approved(approved) => {
                    self.log.push(Ok(QrState::Approved));
                    // It is not watched any more: the approval is here.
                    drop(live);
                    match self.exchange(approved).await {
                        Err(error) if matches!(error.cause, QrSignInError::AuthorizationExpired { .. }) => {
                            self.log.push(Ok(QrState::Expired(QrExpiry::Late)));
                        }
                        exchanged => return exchanged,
                    }
                }
                CodeEnd::Declined => {
                    self.log.push(Ok(QrState::Declined));
                    return Ok(());
                }
                CodeEnd::Expired(reason) => self.log.push(Ok(QrState::Expired(reason))),
            }
            // A host whose codes end at once, or whose live channel does, is not asked without a pause.
            let clock = &self.account.scope.clock;
            if has_passed(&shown_at, &clock.reading(), SHORT_LIVED) {
                short_lived = Retries::default();
            } else {
                clock.sleep(short_lived.back_off()).await;
            }
        }
    }

    fn show(&mut self, code: &Arc<QrCode>) {
        let shown = QrShown::new(code.clone(), self.account.scope.clock.clone());
        // What was handed over for an earlier code is none of this one's.
        while self.tokens.try_recv().is_ok() {}
        let first = !std::mem::replace(&mut self.has_shown, true);
        self.log.push(Ok(if first { QrState::Shown(shown) } else { QrState::Renewed(shown) }));
    }

    /// A code whose live channel is subscribed to; `None` if the host has no QR sign-in. The first one may fail at once; a
    /// display that has shown one tries for a while.
    async fn next_code(&self) -> Result<Option<(Arc<QrCode>, LiveChannel)>> {
        let clock = &self.account.scope.clock;
        let begun = clock.reading();
        let mut retries = Retries::default();
        let mut not_available = 0;
        loop {
            let error = match self.code_and_channel().await {
                // A host that had codes a moment ago may be behind a proxy that cannot reach it now.
                Ok(None) if self.has_shown && not_available < MAX_NOT_AVAILABLE => {
                    not_available += 1;
                    clock.sleep(retries.back_off()).await;
                    continue;
                }
                Ok(found) => return Ok(found),
                Err(error) => error,
            };
            let wait = match &error.cause {
                // Each code is watched anew, so that "not found" can also be a proxy whose server starts again.
                QrSignInError::Channel(
                    ChannelError::Unreachable
                    | ChannelError::Protocol
                    | ChannelError::NotFound
                    | ChannelError::Tls,
                ) => Some(retries.back_off()),
                cause => retries.next(cause),
            };
            let is_late = has_passed(&begun, &clock.reading(), PATIENCE);
            let Some(wait) = wait.filter(|_| self.has_shown && !is_late) else { return Err(error) };
            tracing::info!(cause = error.cause.kind(), "no new code yet");
            clock.sleep(wait).await;
        }
    }

    async fn code_and_channel(&self) -> Result<Option<(Arc<QrCode>, LiveChannel)>> {
        let scope = &self.account.scope;
        let Some(code) = new_code(self.account, &self.jar).await? else { return Ok(None) };
        let subscription = code.subscription(&scope.requests.user_agent);
        let mut live = LiveChannel::watch(scope.approval_channel.as_ref(), subscription);
        let patience = code.time_left(&scope.clock.reading()).min(FIRST_PATIENCE);
        let mut problem = ChannelError::Unreachable;
        tokio::select! {
            subscribed = subscribe(&mut live, &mut problem) => subscribed?,
            () = scope.clock.sleep(patience) => return Err(RequestError::here(problem)),
        }
        Ok(Some((code, live)))
    }

    async fn wait_for_end(&mut self, code: &QrCode, live: &mut LiveChannel) -> Result<CodeEnd> {
        let clock = self.account.scope.clock.clone();
        loop {
            let left = code.time_left(&clock.reading());
            if left.is_zero() {
                return Ok(CodeEnd::Expired(QrExpiry::Lifetime));
            }
            tokio::select! {
                biased;
                watched = live.next() => {
                    if let Some(end) = on_watched(code, watched, &clock.reading()) {
                        return end;
                    }
                }
                Some(Completion { channel, token }) = self.tokens.recv() => {
                    let is_own = channel.expose() == code.channel_id().expose();
                    if is_own && let Ok(approved) = code.complete(token, &clock.reading()) {
                        return Ok(CodeEnd::Approved(approved));
                    }
                }
                () = clock.sleep(left.min(RECHECK_INTERVAL)) => {}
            }
        }
    }

    async fn exchange(&self, approved: ApprovedCode) -> Result<()> {
        let work = exchange_and_save(self.account.clone(), self.log.clone(), self.jar.clone(), approved);
        let work = work.in_current_span();
        let cut_off = StoreError::unavailable("the program is shutting down");
        run_to_completion(&self.account.scope.runtime, work).await.unwrap_or(Err(RequestError::here(cut_off)))
    }
}

/// What happened on the channel of a code that is shown.
///
/// A refusal comes after the subscription, which nobody acknowledges: no other code would be better off.
fn on_watched(code: &QrCode, watched: Watched, now: &ClockReading) -> Option<Result<CodeEnd>> {
    match watched {
        Watched::Event(ChannelEvent::Message { name, data }) => match code.on_event(&name, &data, now) {
            CodeEvent::Approved(approved) => Some(Ok(CodeEnd::Approved(approved))),
            CodeEvent::Declined => Some(Ok(CodeEnd::Declined)),
            CodeEvent::Expired => {
                let reason = if code.is_usable(now) { QrExpiry::Host } else { QrExpiry::Lifetime };
                Some(Ok(CodeEnd::Expired(reason)))
            }
            CodeEvent::Ignored => None,
        },
        Watched::Event(ChannelEvent::Subscribed) => None,
        Watched::Ended(failure) if matches!(failure.error, ChannelError::Refused | ChannelError::Failed) => {
            Some(Err(failure.into()))
        }
        // There is no replay: an approval meanwhile is lost, and nobody knows whether there was one.
        Watched::Event(ChannelEvent::Interrupted(error)) | Watched::Ended(ChannelFailure { error, .. }) => {
            tracing::info!(cause = error.kind(), "the live channel was interrupted");
            Some(Ok(CodeEnd::Expired(QrExpiry::ConnectionLost)))
        }
    }
}

/// Waits until the subscription stands, and notes what is in its way.
async fn subscribe(live: &mut LiveChannel, problem: &mut ChannelError) -> Result<()> {
    loop {
        match live.next().await {
            Watched::Event(ChannelEvent::Subscribed) => return Ok(()),
            Watched::Event(ChannelEvent::Interrupted(error)) => {
                tracing::info!(cause = error.kind(), "the live channel is not reached yet");
                *problem = error;
            }
            Watched::Event(ChannelEvent::Message { .. }) => {}
            Watched::Ended(failure) => return Err(failure.into()),
        }
    }
}

async fn new_code(account: &AccountState, jar: &CookieJar) -> Result<Option<Arc<QrCode>>> {
    let scope = &account.scope;
    let display = NeedQrCode::new(scope.host.clone(), scope.qr_protocol.clone());
    let (request, in_flight) = display.request(scope.clock.reading());
    let Exchange { result, at, trace } = scope.call(request, jar).await;
    match in_flight.resume(result, at, &scope.limits) {
        Ok(CodeAnswer::Code(code)) => Ok(Some(Arc::from(code))),
        Ok(CodeAnswer::NotAvailable) => Ok(None),
        Err(cause) => Err(RequestError::at(cause, trace)),
    }
}

/// Whether the host's wizard says that there is no QR sign-in. If it does not say, asking for a code will.
async fn is_switched_off(account: &AccountState, jar: &CookieJar) -> bool {
    let scope = &account.scope;
    let Step::Start(start) = scope.known(Step::begin(scope.office, scope.clock.now())) else { return false };
    let (request, in_flight) = start.open();
    let Exchange { result, at, .. } = scope.call(request, jar).await;
    match in_flight.resume(result, at, &scope.limits) {
        Ok(Step::NeedCredentials(form)) => form.info().qr_available == Some(false),
        _ => false,
    }
}

fn has_passed(begun: &ClockReading, now: &ClockReading, span: Duration) -> bool {
    match now.since(begun) {
        Elapsed::Certain(elapsed) | Elapsed::Likely(elapsed) => elapsed >= span,
        Elapsed::Unknown => true,
    }
}
