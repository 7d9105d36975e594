//! The state as JSON.

use serde::{Deserialize, Serialize};

use super::StateError;
use crate::host::Tables;
use crate::limits::KeptAttempts;
use crate::tokens::{KeptSessions, Sessions};
use crate::users::{Office, PasswordHash, User, Users};
use jiff::Timestamp;

const FORMAT: &str = "b2core-auth-sandbox-state";
const VERSION: u64 = 1;

/// All that is kept; deliberately without `Debug`.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct State {
    format: String,
    version: u64,
    users: Vec<KeptUser>,
    sessions: KeptSessions,
    attempts: Vec<KeptAttempts>,
}

#[derive(Deserialize)]
struct Head {
    format: String,
    version: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptUser {
    office: Office,
    email: String,
    /// Salt and hash, if the user has set a new one here.
    password: Option<String>,
    force_reset: bool,
    /// Base32, if it was made up.
    totp_secret: Option<String>,
    /// Steps of the authenticator whose codes are spent.
    spent_steps: Vec<u64>,
}

impl State {
    /// What there is to keep now.
    pub(crate) fn of(tables: &Tables, now: Timestamp) -> Self {
        let user = |user: &User| KeptUser {
            office: user.office,
            email: user.email.clone(),
            password: user.has_own_password.then(|| user.password.to_text()),
            force_reset: user.force_reset,
            totp_secret: user
                .authenticator
                .as_ref()
                .and_then(|totp| totp.made_up_secret())
                .map(str::to_owned),
            spent_steps: user.authenticator.as_ref().map(|totp| totp.used()).unwrap_or_default(),
        };
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            users: tables.users.all().map(user).collect(),
            sessions: tables.sessions.keep(now, |id| tables.users.user(id).email.clone()),
            attempts: tables.counter.keep(now),
        }
    }

    /// As the file has it: an entry a line would be no help, so it is one text.
    pub(crate) fn to_text(&self) -> Result<String, StateError> {
        serde_json::to_string_pretty(self).map_err(|error| StateError::Write(error.into()))
    }

    /// Reads what [`to_text`](Self::to_text) has written.
    pub(crate) fn from_text(text: &str) -> Result<Self, StateError> {
        let unreadable = |error: serde_json::Error| StateError::Unreadable { line: error.line() };
        let head: Head = serde_json::from_str(text).map_err(unreadable)?;
        match head {
            Head { format, .. } if format != FORMAT => Err(StateError::Unreadable { line: 1 }),
            Head { version, .. } if version > VERSION => Err(StateError::Newer { version }),
            _ => serde_json::from_str(text).map_err(unreadable),
        }
    }

    /// Takes it up. Users that there are no more are forgotten; of those that there are, what they did here counts more than what the
    /// users' file says.
    pub(crate) fn resume(self, tables: &mut Tables) -> Result<(), StateError> {
        let torn = || StateError::Unreadable { line: 0 };
        let Self { format: _, version: _, users, sessions, attempts } = self;
        for kept in users {
            kept.resume(&mut tables.users).ok_or_else(torn)?;
        }
        let find = |office, email: &str| tables.users.find(office, email);
        tables.sessions = Sessions::resume(sessions, find).map_err(|_| torn())?;
        tables.counter.resume(attempts).map_err(|_| torn())
    }
}

impl KeptUser {
    /// `None` if it makes no sense.
    fn resume(self, users: &mut Users) -> Option<()> {
        let Self { office, email, password, force_reset, totp_secret, spent_steps } = self;
        let password = match password {
            Some(text) => Some(PasswordHash::from_text(&text)?),
            None => None,
        };
        let Some(id) = users.find(office, &email) else { return Some(()) };
        let user = users.user_mut(id);
        if let Some(password) = password {
            user.password = password;
            user.has_own_password = true;
        }
        user.force_reset = force_reset;
        if let Some(authenticator) = &mut user.authenticator {
            authenticator.resume(&email, totp_secret.as_deref(), &spent_steps).ok()?;
        }
        Some(())
    }
}
