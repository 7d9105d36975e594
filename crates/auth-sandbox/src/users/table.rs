//! The users of one sandbox.

use std::fmt;

use super::{Method, Office, PasswordHash, UserInfo, UsersError};
use crate::codes::totp::Authenticator;

/// The place of a user in its sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct UserId(usize);

/// One user with all secrets; deliberately without `Debug`.
pub(crate) struct User {
    pub(crate) email: String,
    pub(crate) office: Office,
    pub(crate) client_id: u64,
    pub(crate) password: PasswordHash,
    pub(crate) methods: Vec<Method>,
    pub(crate) authenticator: Option<Authenticator>,
    pub(crate) phone: Option<String>,
    pub(crate) force_reset: bool,
    /// Whether the password is one that the user has set here.
    pub(crate) has_own_password: bool,
    pub(crate) mailed_code: bool,
}

impl User {
    fn is(&self, office: Office, email: &str) -> bool {
        self.office == office && self.email.to_lowercase() == email.trim().to_lowercase()
    }

    pub(crate) fn info(&self) -> UserInfo {
        UserInfo {
            email: self.email.clone(),
            office: self.office,
            methods: self.methods.clone(),
            mailed_code: self.mailed_code,
            force_reset: self.force_reset,
            client_id: self.client_id,
            phone: self.phone.clone(),
            otpauth_url: self.authenticator.as_ref().map(Authenticator::url),
        }
    }
}

/// The users that a sandbox knows: the built-in ones, or those of a TOML file.
pub struct Users {
    list: Vec<User>,
}

impl Users {
    pub(super) fn empty() -> Self {
        Self { list: Vec::new() }
    }

    /// Adds a user unless its e-mail or id is taken in its office.
    pub(super) fn add(&mut self, line: usize, user: User) -> Result<(), UsersError> {
        if self.find(user.office, &user.email).is_some() {
            return Err(UsersError::DuplicateEmail { line, email: user.email });
        }
        if self.has_client_id(user.office, user.client_id) {
            return Err(UsersError::DuplicateClientId { line, client_id: user.client_id });
        }
        self.list.push(user);
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Forgets those who came last: only `len` stay.
    pub(super) fn truncate(&mut self, len: usize) {
        self.list.truncate(len);
    }

    pub(super) fn has_client_id(&self, office: Office, client_id: u64) -> bool {
        self.list.iter().any(|user| user.office == office && user.client_id == client_id)
    }

    pub(crate) fn find(&self, office: Office, email: &str) -> Option<UserId> {
        self.list.iter().position(|user| user.is(office, email)).map(UserId)
    }

    /// Those with this e-mail, of both offices.
    pub(crate) fn find_all(&self, email: &str) -> Vec<UserId> {
        [Office::Front, Office::Back].into_iter().filter_map(|office| self.find(office, email)).collect()
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &User> {
        self.list.iter()
    }

    pub(crate) fn user(&self, id: UserId) -> &User {
        &self.list[id.0]
    }

    pub(crate) fn user_mut(&mut self, id: UserId) -> &mut User {
        &mut self.list[id.0]
    }

    /// What may be shown of the users.
    pub fn infos(&self) -> Vec<UserInfo> {
        self.list.iter().map(User::info).collect()
    }
}

impl fmt::Debug for Users {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.list.iter().map(|user| (&user.email, user.office))).finish()
    }
}
