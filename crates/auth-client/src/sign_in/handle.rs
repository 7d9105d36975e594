//! The handle of a sign-in under way.

use super::flow::Flow;
use crate::{pending_step, session::AccountState};
use auth_core::{
    Cookies, Office,
    ports::{SessionId, StoreError},
    sign_in::Step,
};
use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

/// A sign-in under way. It owns the step where the user is; what [`current`](Self::current) gives are views of it. Cheap to
/// clone.
///
/// After an error, a cancelled call or a lost answer, [`current`](Self::current) says where the sign-in is.
#[derive(Clone)]
pub struct SignIn {
    pub(super) flow: Arc<Flow>,
}

impl SignIn {
    pub(crate) fn new(account: Arc<AccountState>, step: Step) -> Self {
        Self { flow: Arc::new(Flow::new(account, step, None, Cookies::default())) }
    }

    pub(crate) fn resumed(
        account: Arc<AccountState>,
        step: Step,
        cookies: Cookies,
        saved_as: SessionId,
    ) -> Self {
        Self { flow: Arc::new(Flow::new(account, step, Some(saved_as), cookies)) }
    }

    /// The office that is signed in to.
    pub fn office(&self) -> Office {
        self.flow.account.scope.office
    }

    /// Saves the pending step in the store, so that another process can [resume](crate::AuthClient::resume_sign_in) it. A sign-in
    /// does so by itself as soon as the host has accepted something; this also saves the credentials step, with the e-mail of
    /// [`set_account`](Self::set_account).
    ///
    /// # Errors
    /// The store refused. The sign-in itself is unharmed.
    pub async fn save(&self) -> Result<(), StoreError> {
        let scope = &self.flow.account.scope;
        let (step, cookies) = (self.flow.step(), self.flow.jar.cookies());
        let saved_as = match pending_step::save(scope, &step, &cookies, self.flow.saved_as()).await? {
            // Asked for explicitly: another sign-in's step is replaced.
            None => pending_step::save(scope, &step, &cookies, None).await?,
            saved_as => saved_as,
        };
        self.flow.set_saved_as(saved_as);
        Ok(())
    }

    /// Sets the e-mail before it is submitted, so that a lock-out is known before the host is asked, and a saved step says whose
    /// it is. It does nothing once credentials were accepted.
    pub fn set_account(&self, email: &str) {
        self.flow.update(|step| match step {
            Step::Start(step) => step.for_account(email).into(),
            Step::NeedCredentials(step) => step.for_account(email).into(),
            step => step,
        });
    }

    /// Waits until no submit is under way: after a cancelled call, an answer that had just come may still be taken in.
    pub async fn wait_until_idle(&self) {
        self.flow.wait_until_idle().await;
    }

    /// Abandons the sign-in: its pending step is removed from the store, its steps become stale, and of an answer that still comes
    /// nothing is kept: tokens are revoked. Dropping a `SignIn` leaves the pending step instead.
    ///
    /// # Errors
    /// The store refused.
    pub async fn abandon(self) -> Result<(), StoreError> {
        self.flow.abandon();
        match self.flow.take_saved_as() {
            Some(own) => pending_step::remove_own(&self.flow.account.scope, own).await,
            None => Ok(()),
        }
    }
}

/// Handles are equal if they are of the same sign-in.
impl PartialEq for SignIn {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.flow, &other.flow)
    }
}

impl Eq for SignIn {}

impl Hash for SignIn {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.flow).hash(state);
    }
}

impl fmt::Debug for SignIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignIn")
            .field("office", &self.office())
            .field("step", &self.flow.step().name())
            .finish_non_exhaustive()
    }
}
