//! The documented endpoints, and what holds for each: path, method, whether it may be sent again, which limit it counts
//! against, whether it issues tokens.
//!
//! Every match here is exhaustive, so that a new endpoint is decided on in each.

use crate::{HttpMethod, Office, attempts::LimitGroup, sign_in::TwoFactorMethod};

/// An endpoint of the vendor's documents, or one of the two that say that they are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Endpoint {
    /// `GET /my/signin/wizard`
    Wizard,
    /// `POST /my/signin/wizard`, as older hosts have it.
    WizardByPost,
    /// `POST /my/signin` or `POST /signin`
    SignIn(Office),
    /// `POST /my/signin/2fa`
    ChooseMethod,
    /// `POST /my/2fa/google` or `POST /my/2fa/sms`: each two-factor method has its own.
    CheckCode(TwoFactorMethod),
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
    /// `GET /my/signin/qrcodes`: the display's new code.
    QrCode,
    /// `POST /my/signin/tokens`: the approver's approval.
    QrApprove,
    /// `POST /my/signin/qrcodes`: the display exchanges the authorization token for tokens.
    QrExchange,
    /// `POST /my/signin/qrcodes/inspect`. It is not the vendor's: see [`QrProtocol::inspect`](crate::qr::QrProtocol::inspect).
    QrInspect,
    /// `POST /my/signin/qrcodes/decline`. It is not the vendor's: see [`QrProtocol::decline`](crate::qr::QrProtocol::decline).
    QrDecline,
}

/// Whether a driver may send a request a second time without asking its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// It changes nothing at the host: it may be sent again whenever no answer came. `auth-client` does so once, after a broken
    /// connection (`src/host/connection.rs`).
    Safe,
    /// It may be sent again only if the host cannot have seen it
    /// ([`TransportError::was_not_sent`](crate::ports::TransportError::was_not_sent)).
    IfNotSent,
    /// It costs an attempt or spends a token: never.
    Never,
}

impl Endpoint {
    /// The path below the host, starting with `/api/v2`.
    pub fn path(self) -> &'static str {
        use Office::{Back, Front};
        match self {
            Self::Wizard | Self::WizardByPost => "/api/v2/my/signin/wizard",
            Self::SignIn(Front) => "/api/v2/my/signin",
            Self::SignIn(Back) => "/api/v2/signin",
            Self::ChooseMethod => "/api/v2/my/signin/2fa",
            Self::CheckCode(method) => method.check_path(),
            Self::ConfirmMailedCode => "/api/v2/2fa/confirm",
            Self::RestorePassword => "/api/v2/my/signin/password/restore",
            Self::ResetPassword => "/api/v2/my/signin/password/reset",
            Self::Refresh(Front) => "/api/v2/my/refresh",
            Self::Refresh(Back) => "/api/v2/refresh",
            Self::SignOut(Front) => "/api/v2/my/signout",
            Self::SignOut(Back) => "/api/v2/signout",
            Self::QrCode | Self::QrExchange => "/api/v2/my/signin/qrcodes",
            Self::QrApprove => "/api/v2/my/signin/tokens",
            Self::QrInspect => "/api/v2/my/signin/qrcodes/inspect",
            Self::QrDecline => "/api/v2/my/signin/qrcodes/decline",
        }
    }

    /// The HTTP method.
    pub fn method(self) -> HttpMethod {
        match self {
            Self::Wizard | Self::QrCode => HttpMethod::Get,
            Self::WizardByPost
            | Self::SignIn(_)
            | Self::ChooseMethod
            | Self::CheckCode(_)
            | Self::ConfirmMailedCode
            | Self::RestorePassword
            | Self::ResetPassword
            | Self::Refresh(_)
            | Self::SignOut(_)
            | Self::QrApprove
            | Self::QrExchange
            | Self::QrInspect
            | Self::QrDecline => HttpMethod::Post,
        }
    }

    /// Whether a request may be sent a second time without asking.
    pub fn replay(self) -> Replay {
        match self {
            Self::Wizard | Self::WizardByPost | Self::QrCode | Self::QrInspect => Replay::Safe,
            // Asking for an SMS twice sends two; revoking twice answers 401, which counts as done.
            Self::ChooseMethod | Self::SignOut(_) | Self::QrDecline => Replay::IfNotSent,
            Self::SignIn(_)
            | Self::CheckCode(_)
            | Self::ConfirmMailedCode
            | Self::RestorePassword
            | Self::ResetPassword
            | Self::Refresh(_)
            | Self::QrApprove
            | Self::QrExchange => Replay::Never,
        }
    }

    /// The limit of the host that blocks this endpoint once it is exceeded. `None`: no limit is documented.
    pub fn limit(self) -> Option<LimitGroup> {
        match self {
            Self::Wizard | Self::WizardByPost | Self::SignIn(_) => Some(LimitGroup::SignIn),
            Self::ChooseMethod | Self::CheckCode(_) | Self::RestorePassword | Self::ResetPassword => {
                Some(LimitGroup::CodeCheck)
            }
            Self::ConfirmMailedCode => Some(LimitGroup::MailedCode),
            Self::Refresh(_) => Some(LimitGroup::Refresh),
            // A block of sign-ins by password must not keep an approval from its screen; a block that the host names is respected.
            Self::SignOut(_)
            | Self::QrCode
            | Self::QrApprove
            | Self::QrExchange
            | Self::QrInspect
            | Self::QrDecline => None,
        }
    }

    /// True for the calls that open a wizard.
    pub fn opens_wizard(self) -> bool {
        matches!(self, Self::Wizard | Self::WizardByPost)
    }

    /// True if a call counts as an attempt against that limit. The others are blocked with it, but do not count.
    pub fn counts_as_attempt(self) -> bool {
        match self {
            Self::SignIn(_)
            | Self::CheckCode(_)
            | Self::RestorePassword
            | Self::ConfirmMailedCode
            | Self::Refresh(_) => true,
            Self::Wizard
            | Self::WizardByPost
            | Self::ChooseMethod
            | Self::ResetPassword
            | Self::SignOut(_)
            | Self::QrCode
            | Self::QrApprove
            | Self::QrExchange
            | Self::QrInspect
            | Self::QrDecline => false,
        }
    }

    /// True for the endpoints whose answer may have tokens. A pair in any other answer is ignored.
    pub fn issues_tokens(self) -> bool {
        match self {
            Self::SignIn(_)
            | Self::CheckCode(_)
            | Self::ConfirmMailedCode
            | Self::Refresh(_)
            | Self::QrExchange => true,
            Self::Wizard
            | Self::WizardByPost
            | Self::ChooseMethod
            | Self::RestorePassword
            | Self::ResetPassword
            | Self::SignOut(_)
            | Self::QrCode
            | Self::QrApprove
            | Self::QrInspect
            | Self::QrDecline => false,
        }
    }
}
