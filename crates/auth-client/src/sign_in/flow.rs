//! A sign-in under way: where it is, and who may move it on.

use crate::{
    host::CookieJar,
    session::{AccountState, ActiveSession},
};
use auth_core::{
    Cookies,
    ports::SessionId,
    sign_in::{SignInError, Step},
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OwnedMutexGuard;

pub(super) struct Flow {
    pub(super) account: Arc<AccountState>,
    /// Held while a submit is under way.
    gate: Arc<tokio::sync::Mutex<()>>,
    position: Mutex<Position>,
    pub(super) jar: CookieJar,
    /// How often somebody had signed out here when it was begun.
    begun_after: u64,
}

/// Where the sign-in is.
struct Position {
    /// Grows whenever the views of the step become stale.
    serial: u64,
    step: Step,
    /// The id of the pending record in the store, while it is this sign-in's.
    saved_as: Option<SessionId>,
    /// It was once, even if another sign-in has replaced it.
    was_saved: bool,
    /// The session in use, once it is signed in and saved.
    session: Option<Arc<ActiveSession>>,
    /// It was given up: nothing that still comes of it is kept.
    abandoned: bool,
}

impl Flow {
    pub(super) fn new(
        account: Arc<AccountState>,
        step: Step,
        saved_as: Option<SessionId>,
        cookies: Cookies,
    ) -> Self {
        let was_saved = saved_as.is_some();
        let position = Position { serial: 0, step, saved_as, was_saved, session: None, abandoned: false };
        let begun_after = account.sign_outs();
        let (position, jar) = (Mutex::new(position), CookieJar::of(cookies));
        Self { account, gate: Arc::default(), position, jar, begun_after }
    }

    fn lock(&self) -> MutexGuard<'_, Position> {
        self.position.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The right to move the sign-in on from the step with this serial; one submit at a time.
    pub(super) fn begin_submit(&self, serial: u64) -> Result<OwnedMutexGuard<()>, SignInError> {
        let gate = self.gate.clone().try_lock_owned().map_err(|_| SignInError::Busy)?;
        if self.lock().serial != serial || self.is_abandoned() {
            return Err(SignInError::StaleStep);
        }
        Ok(gate)
    }

    /// From now on it is given up.
    pub(super) fn abandon(&self) {
        self.lock().abandoned = true;
    }

    /// True if it was given up, by itself or by a sign-out of whoever is here.
    pub(super) fn is_abandoned(&self) -> bool {
        self.lock().abandoned || self.account.sign_outs() != self.begun_after
    }

    /// Waits until no submit is under way.
    pub(super) async fn wait_until_idle(&self) {
        drop(self.gate.lock().await);
    }

    /// True if the credentials step with this serial needs a new wizard first: the host may have moved the old one on.
    pub(super) fn needs_new_wizard(&self, serial: u64) -> bool {
        let position = self.lock();
        position.serial == serial
            && matches!(&position.step, Step::NeedCredentials(form) if form.is_uncertain())
    }

    /// The request leaves now. If its answer is lost, the step is uncertain; the answer sets the step anew.
    pub(super) fn mark_sent(&self) {
        let mut position = self.lock();
        position.step = position.step.clone().with_lost_response();
    }

    pub(super) fn step(&self) -> Step {
        self.lock().step.clone()
    }

    /// The step, its serial, and the session if it is signed in.
    pub(super) fn current(&self) -> (u64, Step, Option<Arc<ActiveSession>>) {
        let position = self.lock();
        (position.serial, position.step.clone(), position.session.clone())
    }

    /// Changes the step without making its views stale.
    pub(super) fn update(&self, change: impl FnOnce(Step) -> Step) {
        let mut position = self.lock();
        position.step = change(position.step.clone());
    }

    /// Views of the step that is left become stale; a form with a new wizard is the same form.
    pub(super) fn advance_to(&self, step: Step) {
        let mut position = self.lock();
        if !matches!((&position.step, &step), (Step::NeedCredentials(_), Step::NeedCredentials(_))) {
            position.serial += 1;
        }
        position.step = step;
    }

    /// After a refusal: if the step is the same, its views stay good, though the host may have given it another uuid.
    pub(super) fn stay_at(&self, step: Step) {
        let mut position = self.lock();
        if std::mem::discriminant(&position.step) != std::mem::discriminant(&step) {
            position.serial += 1;
        }
        position.step = step;
    }

    pub(super) fn saved_as(&self) -> Option<SessionId> {
        self.lock().saved_as
    }

    pub(super) fn take_saved_as(&self) -> Option<SessionId> {
        self.lock().saved_as.take()
    }

    pub(super) fn was_saved(&self) -> bool {
        self.lock().was_saved
    }

    pub(super) fn set_saved_as(&self, saved_as: Option<SessionId>) {
        let mut position = self.lock();
        position.was_saved |= saved_as.is_some();
        position.saved_as = saved_as;
    }

    pub(super) fn set_session(&self, session: Arc<ActiveSession>) {
        self.lock().session = Some(session);
    }
}
