//! The documented endpoints and what each of them may do.

use crate::{HttpMethod, Office, attempts::LimitGroup};

/// An endpoint of the vendor's documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `GET /my/signin/wizard`
    Wizard,
    /// `POST /my/signin` or `POST /signin`
    SignIn(Office),
    /// `POST /my/signin/2fa`
    ChooseMethod,
    /// `POST /my/2fa/google`
    CheckGoogle,
    /// `POST /my/2fa/sms`
    CheckSms,
    /// `POST /2fa/confirm`
    ConfirmMailedCode,
    /// `POST /my/signin/password/restore`
    RestorePassword,
    /// `POST /my/signin/password/reset`
    ResetPassword,
    /// `POST /my/refresh` or `POST /refresh`
    Refresh(Office),
    /// `POST /my/signout` or `POST /signout`
    SignOut(Office),
}

/// Whether a request may be sent a second time by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// It changes nothing: send it again after any failure of the network.
    Safe,
    /// It may be sent again only if it never reached the host.
    IfNotSent,
    /// It costs an attempt or spends a token: never.
    Never,
}

impl Endpoint {
    /// The path below the host, starting with `/api/v2`.
    pub fn path(self) -> &'static str {
        use Office::{Back, Front};
        match self {
            Self::Wizard => "/api/v2/my/signin/wizard",
            Self::SignIn(Front) => "/api/v2/my/signin",
            Self::SignIn(Back) => "/api/v2/signin",
            Self::ChooseMethod => "/api/v2/my/signin/2fa",
            Self::CheckGoogle => "/api/v2/my/2fa/google",
            Self::CheckSms => "/api/v2/my/2fa/sms",
            Self::ConfirmMailedCode => "/api/v2/2fa/confirm",
            Self::RestorePassword => "/api/v2/my/signin/password/restore",
            Self::ResetPassword => "/api/v2/my/signin/password/reset",
            Self::Refresh(Front) => "/api/v2/my/refresh",
            Self::Refresh(Back) => "/api/v2/refresh",
            Self::SignOut(Front) => "/api/v2/my/signout",
            Self::SignOut(Back) => "/api/v2/signout",
        }
    }

    /// The HTTP method.
    pub fn method(self) -> HttpMethod {
        match self {
            Self::Wizard => HttpMethod::Get,
            _ => HttpMethod::Post,
        }
    }

    /// The replay class.
    pub fn replay(self) -> Replay {
        match self {
            Self::Wizard => Replay::Safe,
            // Asking for an SMS twice sends two; revoking twice answers 401, which counts as done.
            Self::ChooseMethod | Self::SignOut(_) => Replay::IfNotSent,
            _ => Replay::Never,
        }
    }

    /// The host's limit that shuts this endpoint off when it is exceeded.
    pub fn limit(self) -> Option<LimitGroup> {
        match self {
            Self::Wizard | Self::SignIn(_) => Some(LimitGroup::SignIn),
            Self::ChooseMethod
            | Self::CheckGoogle
            | Self::CheckSms
            | Self::RestorePassword
            | Self::ResetPassword => Some(LimitGroup::CodeCheck),
            Self::ConfirmMailedCode => Some(LimitGroup::MailedCode),
            Self::Refresh(_) => Some(LimitGroup::Refresh),
            Self::SignOut(_) => None,
        }
    }

    /// True if a call counts as an attempt against that limit.
    pub fn counts_as_attempt(self) -> bool {
        match self {
            Self::SignIn(_)
            | Self::CheckGoogle
            | Self::CheckSms
            | Self::RestorePassword
            | Self::ConfirmMailedCode
            | Self::Refresh(_) => true,
            Self::Wizard | Self::ChooseMethod | Self::ResetPassword | Self::SignOut(_) => false,
        }
    }

    /// True for the endpoints whose answer may carry tokens. A pair in any other answer is not looked at.
    pub fn issues_tokens(self) -> bool {
        matches!(
            self,
            Self::SignIn(_) | Self::CheckGoogle | Self::CheckSms | Self::ConfirmMailedCode | Self::Refresh(_)
        )
    }
}
