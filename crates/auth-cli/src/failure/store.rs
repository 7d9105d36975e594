//! Errors of the store: what failed where, and what b2auth can do about it.

use super::{Exit, Failure};
use auth_client::{
    AccountKey,
    ports::{RecordKey, StoreError, reason},
    store::KeyringLost,
};
use auth_messages::Message;
use std::error::Error;

/// What is said of it. A message of ours names the place, as far as the store knows it.
pub(super) fn message(error: &StoreError) -> Message {
    match error {
        StoreError::Io { path, source, .. } => {
            Message::new("store-io-at").with("path", path.display()).with("problem", reason(source))
        }
        StoreError::NotAStore { path } => Message::new("not-a-store-at").with("path", path.display()),
        StoreError::KeyMissing { path, source } => {
            let message = Message::new("store-key-missing-at").with("path", path.display());
            message.with("problem", reason(source)).then(Message::new("lost-key"))
        }
        StoreError::Unavailable { source: Some(cause), .. } if cause.is::<KeyringLost>() => {
            Message::from(error).then(Message::new("lost-keyring"))
        }
        StoreError::WrongKey => Message::from(error).then(Message::new("lost-key")),
        StoreError::Unavailable { what, .. } => {
            Message::from(error).then(Message::new("store-reason").with("problem", what))
        }
        StoreError::Corrupt { .. }
        | StoreError::Newer { .. }
        | StoreError::SessionReplaced
        | StoreError::Failed { .. } => error.into(),
    }
}

/// The host has done its part, and then this.
pub(super) fn not_saved(kind: &'static str, error: &StoreError) -> Message {
    Message::new(kind).then(message(error))
}

impl Failure {
    /// What was to be copied would take the place of something else.
    pub(crate) fn differs_there(key: &RecordKey) -> Self {
        let AccountKey { profile, host, office } = &key.account;
        let message = Message::new("usage").about("copy_differs").with("host", host);
        Self::call_of(message.with("office", office).with("profile", profile.as_str()))
    }

    /// A store was written to while it was copied.
    pub(crate) fn changed_meanwhile() -> Self {
        let (error, message) = (StoreError::SessionReplaced, Message::new("store-copy-changed"));
        Self::new(Exit::Store, error.kind(), message, error.recovery()).detail(&error)
    }

    /// Nobody can say whose records a store has.
    pub(crate) fn unlisted(error: StoreError) -> Self {
        Self::about_damage(error, Message::new("store-not-listed"))
    }

    /// Everybody is signed out here, and a record did not read: what it was good for at the host is still there.
    pub(crate) fn signed_out_unread() -> Self {
        let error = StoreError::Corrupt { cause: "its tokens are not known" };
        Self::about_damage(error, Message::new("signed-out-unread"))
    }

    /// Where the usual text would send a user to a sign-in, which was not the matter.
    fn about_damage(error: StoreError, message: Message) -> Self {
        let is_damage = matches!(error, StoreError::Corrupt { .. });
        let failure = Self::from(error);
        if is_damage { Self { message, ..failure } } else { failure }
    }

    /// What lies behind a store's error. The message has said it, so that it is not said again in the same line.
    pub(super) fn behind(mut self, error: Option<&StoreError>) -> Self {
        let Some(error) = error.filter(|error| error.source().is_some()) else { return self };
        let causes = std::iter::successors(Some(error as &dyn Error), |&cause| cause.source());
        self.details.causes = causes.map(ToString::to_string).collect();
        self.details.is_cause_said = true;
        self
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::new(Exit::Store, error.kind(), message(&error), error.recovery())
            .detail(&error)
            .behind(Some(&error))
    }
}
