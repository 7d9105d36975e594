//! What a sign-in leaves behind: a token to give, to renew and to revoke.

mod renew;
mod sign_out;

use crate::{Failed, context::Context};
use auth_core::{
    Office, Timestamp,
    ports::{Epoch, Slot, StoreError},
    secret::AccessToken,
    session::{SessionError, StoredSession},
};
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

pub use sign_out::SignedOut;
pub(crate) use sign_out::sign_out;

/// A signed-in account. Cheap to clone; all clones share the tokens.
#[derive(Clone)]
pub struct Session {
    context: Arc<Context>,
    held: Arc<Held>,
}

struct Held {
    /// The epoch that the session is saved under; none if it could not be saved.
    epoch: Option<Epoch>,
    current: Mutex<StoredSession>,
}

pub(crate) async fn load(context: &Arc<Context>, office: Office) -> Result<Option<Session>, StoreError> {
    let Some(record) = context.store.load(&context.key(office, Slot::Session)).await? else {
        return Ok(None);
    };
    let stored = StoredSession::decode(record.body.expose())?;
    Ok(Some(Session::of(context.clone(), stored, Some(record.epoch))))
}

impl Session {
    pub(crate) fn of(context: Arc<Context>, stored: StoredSession, epoch: Option<Epoch>) -> Self {
        Self { context, held: Arc::new(Held { epoch, current: Mutex::new(stored) }) }
    }

    /// The office that was signed in to.
    pub fn office(&self) -> Office {
        self.held.current().office
    }

    /// The e-mail that signed in.
    pub fn account(&self) -> String {
        self.held.current().account.clone()
    }

    /// The host's id of the client, where it told.
    pub fn client_id(&self) -> Option<String> {
        self.held.current().client_id.clone()
    }

    /// `expiresAt` of the access token, by the host's clock.
    pub fn access_expires_at(&self) -> Option<Timestamp> {
        self.held.current().tokens.access.expires_at
    }

    /// `expiresAt` of the refresh token, by the host's clock.
    pub fn refresh_expires_at(&self) -> Option<Timestamp> {
        self.held.current().tokens.refresh.expires_at
    }

    /// True if the refresh token is past its time by our clock, and the access token too: only a new sign-in helps.
    pub fn has_ended(&self) -> bool {
        let now = self.context.clock.now();
        let over = |end: Option<Timestamp>| end.is_some_and(|end| end <= now);
        let current = self.held.current();
        over(current.access_ends()) && over(current.refresh_ends())
    }

    /// A token that can be used now. One that is about to end is renewed first; where that fails and the old one is
    /// still good, the old one is given.
    ///
    /// # Errors
    /// The session has ended, or the token has and the host cannot be reached.
    pub async fn access_token(&self) -> Result<AccessToken, Failed<SessionError>> {
        let (token, left) = {
            let current = self.held.current();
            (current.tokens.access.token.clone(), self.left(&current))
        };
        match left {
            Left::Enough => Ok(token),
            Left::Little => match self.renew(token.clone()).await {
                Ok(()) => Ok(self.token()),
                Err(failed) if leaves_the_token_good(&failed.cause) => Ok(token),
                Err(failed) => Err(failed),
            },
            Left::Nothing => self.renew(token).await.map(|()| self.token()),
        }
    }

    /// Renews the pair. If another process or task has just done so, its pair is taken over and the host is not
    /// asked. The work goes on if the caller gives up waiting.
    ///
    /// # Errors
    /// [`SessionError::Ended`] if the host has ended the session, which is then removed, or if its refresh token is past
    /// its time by our clock; on everything else the session is kept.
    pub async fn refresh(&self) -> Result<(), Failed<SessionError>> {
        self.renew(self.token()).await
    }

    /// Renews the pair that the caller has seen; if another is there by now, that was done already.
    async fn renew(&self, seen: AccessToken) -> Result<(), Failed<SessionError>> {
        let work = renew::renew(self.context.clone(), self.held.clone(), seen);
        match tokio::spawn(work).await {
            Ok(result) => result,
            Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
        }
    }

    /// Signs out: tokens and pending step are removed here first, then the host is told.
    ///
    /// # Errors
    /// The store refused, and nobody was signed out. A host that could not be told is in [`SignedOut`].
    pub async fn sign_out(self) -> Result<SignedOut, Failed<SessionError>> {
        let office = self.office();
        sign_out(&self.context, office).await
    }

    fn token(&self) -> AccessToken {
        self.held.current().tokens.access.token.clone()
    }

    fn left(&self, session: &StoredSession) -> Left {
        let Some(end) = session.access_ends() else { return Left::Enough };
        let Ok(left) = Duration::try_from(end.duration_since(self.context.clock.now())) else {
            return Left::Nothing;
        };
        let life = session.tokens.access.lifetime(session.host_now).unwrap_or_default();
        match left {
            left if left.is_zero() => Left::Nothing,
            left if left <= (life / 10).min(MOST_LEEWAY) => Left::Little,
            _ => Left::Enough,
        }
    }
}

/// How much of a token's life is left.
enum Left {
    Enough,
    Little,
    Nothing,
}

/// A token is renewed in the last tenth of its life, but no earlier than this before its end.
const MOST_LEEWAY: Duration = Duration::from_secs(60);

/// The host could not be asked, or the store cannot be reached now: the old token serves on.
fn leaves_the_token_good(error: &SessionError) -> bool {
    matches!(error, SessionError::Call(_) | SessionError::Store(StoreError::Unavailable { .. }))
}

impl Held {
    fn current(&self) -> MutexGuard<'_, StoredSession> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("office", &self.office()).finish_non_exhaustive()
    }
}
