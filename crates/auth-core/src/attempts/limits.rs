//! The host's limits on attempts. An administrator of the host can change them, so they are settings here.
//! [`AttemptLog`](super::AttemptLog) counts by them; the rate limiter of `auth-client` holds requests back.

use std::time::Duration;

/// The calls that a host counts together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LimitGroup {
    /// `POST /my/signin`, `POST /signin`
    SignIn,
    /// `POST /my/2fa/*` and the code of a forced reset
    CodeCheck,
    /// `POST /2fa/confirm`
    MailedCode,
    /// `POST /my/refresh`, `POST /refresh`
    Refresh,
}

impl LimitGroup {
    /// Every group.
    pub const ALL: [Self; 4] = [Self::SignIn, Self::CodeCheck, Self::MailedCode, Self::Refresh];

    /// A stable name, as kept in records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::CodeCheck => "code_check",
            Self::MailedCode => "mailed_code",
            Self::Refresh => "refresh",
        }
    }
}

/// A number of attempts in a time window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many attempts are allowed. `None`: they are not counted.
    pub attempts: Option<u32>,
    /// The length of the window.
    pub window: Duration,
}

/// The limits of a host. The defaults are the vendor's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Sign-ins: 5 a minute.
    pub sign_in: Limit,
    /// Code checks of the front office: 5 a minute.
    pub code_check: Limit,
    /// Code checks of the back office: 3 a minute.
    pub mailed_code: Limit,
    /// Refreshes: 5 a minute.
    pub refresh: Limit,
    /// How long a block lasts when the host does not say: 10 minutes.
    pub block: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let a_minute = |attempts| Limit { attempts: Some(attempts), window: Duration::from_secs(60) };
        Self {
            sign_in: a_minute(5),
            code_check: a_minute(5),
            mailed_code: a_minute(3),
            refresh: a_minute(5),
            block: Duration::from_secs(600),
        }
    }
}

impl Limits {
    /// Attempts are not counted; a block by the host still is kept.
    pub fn unlimited() -> Self {
        let none = Limit { attempts: None, window: Duration::from_secs(60) };
        Self { sign_in: none, code_check: none, mailed_code: none, refresh: none, ..Self::default() }
    }

    /// The limit of a group.
    pub fn of(&self, group: LimitGroup) -> Limit {
        match group {
            LimitGroup::SignIn => self.sign_in,
            LimitGroup::CodeCheck => self.code_check,
            LimitGroup::MailedCode => self.mailed_code,
            LimitGroup::Refresh => self.refresh,
        }
    }
}
