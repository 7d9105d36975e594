//! What all endpoints of one sandbox share.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;

use crate::challenge::Challenges;
use crate::clock::Clock;
use crate::codes::digits;
use crate::faults::Rules;
use crate::guard::Guard;
use crate::limits::{Counter, Group};
use crate::live::Live;
use crate::log::RequestLog;
use crate::outbox::{Channel, Listener, Message, Outbox, Purpose};
use crate::qr::QrChannels;
use crate::render::Refusal;
use crate::settings::Settings;
use crate::tokens::{Pair, Sessions, Signer};
use crate::users::{Office, PasswordHash, UserId, UserInfo, Users};
use crate::wizard::Wizards;

/// One sandbox behind its HTTP face: its settings, and the tables that requests change.
pub(crate) struct Host {
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    pub(crate) signer: Signer,
    pub(crate) on_message: Option<Listener>,
    pub(crate) base_path: String,
    pub(crate) guard: Guard,
    /// How many accounts each client has.
    pub(crate) accounts: u16,
    /// The root certificate as PEM, under TLS.
    pub(crate) ca_pem: Option<String>,
    pub(crate) faults: Mutex<Rules>,
    pub(crate) live: Live,
    pub(crate) tables: Mutex<Tables>,
    pub(crate) changed: AtomicBool,
}

/// Everything that changes; one lock, never held across an await.
pub(crate) struct Tables {
    pub(crate) users: Users,
    pub(crate) wizards: Wizards,
    pub(crate) challenges: Challenges,
    pub(crate) counter: Counter,
    pub(crate) sessions: Sessions,
    pub(crate) qr: QrChannels,
    pub(crate) outbox: Outbox,
    pub(crate) log: RequestLog,
}

impl Host {
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The tables, for whatever may change them.
    pub(crate) fn tables(&self) -> MutexGuard<'_, Tables> {
        let tables = self.tables_unchanged();
        self.note_change();
        tables
    }

    /// The tables, for a look.
    pub(crate) fn tables_unchanged(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something may be different from what was kept last.
    pub(crate) fn note_change(&self) {
        self.changed.store(true, Ordering::Relaxed);
    }

    /// Whether something may have changed since the last call. Whoever changes it holds the tables, so that whoever then takes them
    /// finds the change.
    pub(crate) fn has_changed(&self) -> bool {
        self.changed.swap(false, Ordering::Relaxed)
    }

    pub(crate) fn faults(&self) -> MutexGuard<'_, Rules> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the builder's listener of a message that was put in the outbox.
    pub(crate) fn tell(&self, message: &Message) {
        if let Some(listener) = &self.on_message {
            listener(message);
        }
    }

    /// Finds the user whose e-mail and password these are, in the same time whether or not the e-mail is known.
    pub(crate) async fn check_password(
        &self,
        office: Office,
        email: &str,
        password: String,
    ) -> Result<UserId, Refusal> {
        let (user, hash) = {
            let tables = self.tables();
            let user = tables.users.find(office, email);
            (user, user.map(|id| tables.users.user(id).password.clone()))
        };
        let matches = tokio::task::spawn_blocking(move || match hash {
            Some(hash) => hash.matches(&password),
            None => {
                let _ = PasswordHash::built_in().map(|hash| hash.matches(&password));
                false
            }
        })
        .await
        .map_err(|_| Refusal::Broken)?;
        user.filter(|_| matches).ok_or(Refusal::WrongCredentials)
    }

    /// Signs a pair for this user and remembers it as a new session.
    pub(crate) fn open_session(&self, tables: &mut Tables, user: UserId) -> Result<Pair, Refusal> {
        let (office, client_id) = {
            let user = tables.users.user(user);
            (user.office, user.client_id)
        };
        let pair = self.pair(client_id, self.now())?;
        tables.sessions.open(office, user, &pair);
        Ok(pair)
    }

    /// Signs a pair that lives as long as the settings say.
    pub(crate) fn pair(&self, client_id: u64, now: Timestamp) -> Result<Pair, Refusal> {
        self.signer.pair(client_id, self.settings.lifetimes(), now).map_err(|_| Refusal::Broken)
    }

    /// Makes the next sign-in of this front-office user lead to a new password. False when there is no such user.
    pub(crate) fn force_reset(&self, email: &str) -> bool {
        let mut tables = self.tables();
        let Some(user) = tables.users.find(Office::Front, email) else { return false };
        tables.users.user_mut(user).force_reset = true;
        true
    }

    /// Who a good access token of either office belongs to.
    pub(crate) fn owner_of(&self, access_token: &str) -> Option<UserInfo> {
        let now = self.now();
        let tables = self.tables();
        let bearer = |office| tables.sessions.bearer(office, access_token, now).ok();
        let user = [Office::Front, Office::Back].into_iter().find_map(bearer)?;
        Some(tables.users.user(user).info())
    }

    /// Rejects the access tokens of everybody with this e-mail, and says how many were good.
    pub(crate) fn reject_tokens(&self, email: &str) -> usize {
        let now = self.now();
        let tables = &mut *self.tables();
        tables.sessions.reject_access(&tables.users.find_all(email), now)
    }

    /// Ends the sessions of everybody with this e-mail, and says how many there were.
    pub(crate) fn end_sessions(&self, email: &str) -> usize {
        let now = self.now();
        let tables = &mut *self.tables();
        tables.sessions.end(&tables.users.find_all(email), now)
    }

    /// Forgets every sign-in in progress, of both offices, and says how many there were.
    pub(crate) fn forget_wizards(&self) -> usize {
        let now = self.now();
        let mut tables = self.tables();
        tables.wizards.forget(now) + tables.challenges.forget(now)
    }
}

impl Tables {
    /// Counts one attempt on an account and refuses it when there were too many.
    pub(crate) fn attempt(
        &mut self,
        group: (Office, Group),
        account: &str,
        ip: IpAddr,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.counter
            .attempt(group, account, ip, now)
            .map_err(|blocked| Refusal::Blocked { retry_after: blocked.retry_after })
    }

    /// Counts one attempt on the account of a known user.
    pub(crate) fn attempt_by(
        &mut self,
        group: (Office, Group),
        user: UserId,
        ip: IpAddr,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let account = self.users.user(user).email.clone();
        self.attempt(group, &account, ip, now)
    }

    /// Puts a message with a fresh code in the outbox. The caller tells the listener after it has let go of the lock.
    pub(crate) fn send(
        &mut self,
        user: UserId,
        channel: Channel,
        purpose: Purpose,
        now: Timestamp,
    ) -> Result<Message, Refusal> {
        let code = digits::fresh().map_err(|_| Refusal::Broken)?;
        let user = self.users.user(user);
        let to = match (channel, &user.phone) {
            (Channel::Sms, Some(phone)) => phone.clone(),
            _ => user.email.clone(),
        };
        let message = Message::new((channel, to), user.email.clone(), purpose, now, code);
        self.outbox.push(message.clone());
        Ok(message)
    }
}
