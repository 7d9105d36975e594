//! One sign-in and where it is.

use super::{SignInStep, pending};
use crate::{Session, context::Context, session::ActiveSession};
use auth_core::{
    Office,
    ports::{SessionId, StoreError},
    sign_in::{SignInError, Step},
};
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::OwnedMutexGuard;

/// A sign-in under way. It owns the place where the user is; steps are views of it. Cheap to clone.
///
/// After an error, a cancel or a doubt, [`current`](Self::current) says where the sign-in is.
#[derive(Clone)]
pub struct SignIn {
    pub(super) flow: Arc<Flow>,
}

pub(super) struct Flow {
    pub(super) context: Arc<Context>,
    pub(super) office: Office,
    gate: Arc<tokio::sync::Mutex<()>>,
    place: Mutex<Place>,
}

struct Place {
    serial: u64,
    step: Step,
    /// The epoch of the store's pending record, while that is this sign-in's.
    kept: Option<SessionId>,
    /// It was once, even if another sign-in has the place now.
    was_kept: bool,
    /// The session as it is in use, once it is signed in and saved.
    saved: Option<Arc<ActiveSession>>,
}

impl SignIn {
    pub(crate) fn new(context: Arc<Context>, step: Step) -> Self {
        let office = step.office();
        let place = Mutex::new(Place { serial: 0, step, kept: None, was_kept: false, saved: None });
        Self { flow: Arc::new(Flow { context, office, gate: Arc::default(), place }) }
    }

    pub(crate) fn resumed(context: Arc<Context>, step: Step, session_id: SessionId) -> Self {
        let this = Self::new(context, step);
        this.flow.set_kept(Some(session_id));
        this
    }

    /// The office that is signed in to.
    pub fn office(&self) -> Office {
        self.flow.office
    }

    /// Where the sign-in is now.
    pub fn current(&self) -> SignInStep {
        let place = self.flow.lock();
        let (serial, saved) = (place.serial, place.saved.clone());
        let step = place.step.clone();
        drop(place);
        SignInStep::view(self, serial, step, |signed_in| {
            let active = saved.unwrap_or_else(|| ActiveSession::new(None, signed_in.session().clone()));
            Session::of(self.flow.context.clone(), active)
        })
    }

    /// Keeps the pending step in the store, so that another process can go on from it. A sign-in does so by itself
    /// as soon as the host has accepted something; this also keeps the credentials step, with the e-mail if
    /// [`set_account`](Self::set_account) was told.
    ///
    /// # Errors
    /// The store refused. The sign-in itself is unharmed.
    pub async fn save(&self) -> Result<(), StoreError> {
        let Flow { context, office, .. } = &*self.flow;
        let step = self.flow.step();
        let kept = match pending::save(context, *office, &step, self.flow.kept()).await? {
            // Asked for by name: the place is taken even from another sign-in.
            None => pending::save(context, *office, &step, None).await?,
            kept => kept,
        };
        self.flow.set_kept(kept);
        Ok(())
    }

    /// Notes the e-mail before it is submitted, so that a lock-out is known before the host is asked, and a kept step
    /// knows whose it is. Once credentials were accepted it does nothing.
    pub fn set_account(&self, email: &str) {
        let mut place = self.flow.lock();
        match &place.step {
            Step::Start(step) => place.step = step.clone().for_account(email).into(),
            Step::NeedCredentials(step) => place.step = step.clone().for_account(email).into(),
            _ => {}
        }
    }

    /// Returns when no submit is under way: after a cancel, an answer that had just come may still be being taken in.
    pub async fn wait_until_idle(&self) {
        drop(self.flow.gate.lock().await);
    }

    /// Gives the sign-in up: the pending step is removed from the store. Dropping a `SignIn` keeps it instead.
    ///
    /// # Errors
    /// The store refused.
    pub async fn abandon(self) -> Result<(), StoreError> {
        let kept = self.flow.lock().kept.take();
        match kept {
            Some(session_id) => pending::remove_own(&self.flow.context, self.flow.office, session_id).await,
            None => Ok(()),
        }
    }
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = self.flow.lock();
        f.debug_struct("SignIn")
            .field("office", &self.flow.office)
            .field("step", &place.step.name())
            .finish_non_exhaustive()
    }
}

impl Flow {
    fn lock(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The right to move the sign-in on from this serial; one at a time.
    pub(super) fn enter(&self, serial: u64) -> Result<OwnedMutexGuard<()>, SignInError> {
        let gate = self.gate.clone().try_lock_owned().map_err(|_| SignInError::Busy)?;
        if self.lock().serial != serial {
            return Err(SignInError::StaleStep);
        }
        Ok(gate)
    }

    /// Whether the form of this serial needs a new wizard before it is sent again.
    pub(super) fn needs_new_wizard(&self, serial: u64) -> bool {
        let place = self.lock();
        place.serial == serial && matches!(&place.step, Step::NeedCredentials(form) if form.is_uncertain())
    }

    /// A request goes out. A caller who gives it up leaves a step that the host may have moved on from; an answer sets the
    /// place anew.
    pub(super) fn going_out(&self) {
        let mut place = self.lock();
        place.step = place.step.clone().with_lost_response();
    }

    pub(super) fn step(&self) -> Step {
        self.lock().step.clone()
    }

    /// Views of the place that is left are used up; a form with a new wizard is the same form.
    pub(super) fn move_to(&self, step: Step) {
        let mut place = self.lock();
        if !matches!((&place.step, &step), (Step::NeedCredentials(_), Step::NeedCredentials(_))) {
            place.serial += 1;
        }
        place.step = step;
    }

    /// After a refusal: where the place is the same, its views stay good, though the host may have refreshed its uuid.
    pub(super) fn stay_at(&self, step: Step) {
        let mut place = self.lock();
        if std::mem::discriminant(&place.step) != std::mem::discriminant(&step) {
            place.serial += 1;
        }
        place.step = step;
    }

    pub(super) fn kept(&self) -> Option<SessionId> {
        self.lock().kept
    }

    pub(super) fn was_kept(&self) -> bool {
        self.lock().was_kept
    }

    pub(super) fn set_kept(&self, kept: Option<SessionId>) {
        let mut place = self.lock();
        place.was_kept |= kept.is_some();
        place.kept = kept;
    }

    pub(super) fn set_saved(&self, active: Arc<ActiveSession>) {
        self.lock().saved = Some(active);
    }
}
