//! The names of the endpoints, and what a request's path says of them.

use axum::http::Method;

use crate::users::Office;

/// An endpoint that a fault can be set on. Where both offices have one, it stands for both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Endpoint {
    /// `GET` and `POST /signin/wizard`: `wizard`.
    Wizard,
    /// `POST /signin`: `sign_in`.
    SignIn,
    /// `POST /signin/2fa`: `choose_method`.
    ChooseMethod,
    /// `POST /2fa/google`: `check_google`.
    CheckGoogle,
    /// `POST /2fa/sms`: `check_sms`.
    CheckSms,
    /// `POST /2fa/confirm`: `confirm_mailed_code`.
    ConfirmMailedCode,
    /// `POST /signin/password/restore`: `restore_password`.
    RestorePassword,
    /// `POST /signin/password/reset`: `reset_password`.
    ResetPassword,
    /// `POST /refresh`: `refresh`.
    Refresh,
    /// `POST /signout`: `sign_out`.
    SignOut,
    /// `GET /signin/qrcodes`: `qr_channel`.
    QrChannel,
    /// `POST /signin/qrcodes/inspect`: `qr_inspect`.
    QrInspect,
    /// `POST /signin/tokens`: `qr_approve`.
    QrApprove,
    /// `POST /signin/qrcodes/decline`: `qr_decline`.
    QrDecline,
    /// `POST /signin/qrcodes`: `qr_exchange`.
    QrExchange,
    /// `/socket.io/` without a session id: `live_handshake`.
    LiveHandshake,
    /// `/socket.io/` with one: `live_channel`.
    LiveChannel,
}

impl Endpoint {
    /// All endpoints, in the order of a sign-in.
    pub const ALL: [Self; 17] = [
        Self::Wizard,
        Self::SignIn,
        Self::ChooseMethod,
        Self::CheckGoogle,
        Self::CheckSms,
        Self::ConfirmMailedCode,
        Self::RestorePassword,
        Self::ResetPassword,
        Self::Refresh,
        Self::SignOut,
        Self::QrChannel,
        Self::QrInspect,
        Self::QrApprove,
        Self::QrDecline,
        Self::QrExchange,
        Self::LiveHandshake,
        Self::LiveChannel,
    ];

    /// The name in the text of a fault.
    pub fn name(self) -> &'static str {
        match self {
            Self::Wizard => "wizard",
            Self::SignIn => "sign_in",
            Self::ChooseMethod => "choose_method",
            Self::CheckGoogle => "check_google",
            Self::CheckSms => "check_sms",
            Self::ConfirmMailedCode => "confirm_mailed_code",
            Self::RestorePassword => "restore_password",
            Self::ResetPassword => "reset_password",
            Self::Refresh => "refresh",
            Self::SignOut => "sign_out",
            Self::QrChannel => "qr_channel",
            Self::QrInspect => "qr_inspect",
            Self::QrApprove => "qr_approve",
            Self::QrDecline => "qr_decline",
            Self::QrExchange => "qr_exchange",
            Self::LiveHandshake => "live_handshake",
            Self::LiveChannel => "live_channel",
        }
    }

    /// Underscores do not matter: `signin` is `sign_in`.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        let plain = |name: &str| name.replace('_', "");
        Self::ALL.into_iter().find(|endpoint| plain(endpoint.name()) == plain(name))
    }

    fn at(method: &Method, office: Office, rest: &str) -> Option<Self> {
        Some(match (office, rest) {
            (Office::Front, "/signin/qrcodes") if method == Method::POST => Self::QrExchange,
            (Office::Front, "/signin/qrcodes") => Self::QrChannel,
            (Office::Front, "/signin/qrcodes/inspect") => Self::QrInspect,
            (Office::Front, "/signin/qrcodes/decline") => Self::QrDecline,
            (Office::Front, "/signin/tokens") => Self::QrApprove,
            (Office::Front, "/signin/wizard") => Self::Wizard,
            (_, "/signin") => Self::SignIn,
            (Office::Front, "/signin/2fa") => Self::ChooseMethod,
            (Office::Front, "/2fa/google") => Self::CheckGoogle,
            (Office::Front, "/2fa/sms") => Self::CheckSms,
            (Office::Back, "/2fa/confirm") => Self::ConfirmMailedCode,
            (Office::Front, "/signin/password/restore") => Self::RestorePassword,
            (Office::Front, "/signin/password/reset") => Self::ResetPassword,
            (_, "/refresh") => Self::Refresh,
            (_, "/signout") => Self::SignOut,
            _ => return None,
        })
    }
}

/// Where a request went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) office: Option<Office>,
    pub(crate) endpoint: Option<Endpoint>,
}

impl Spot {
    /// Reads a request whose path has lost the base path.
    pub(crate) fn of(method: &Method, path: &str, query: &str) -> Self {
        if is_live(path) {
            let has_session = query.split('&').any(|pair| pair.starts_with("sid="));
            let endpoint = if has_session { Endpoint::LiveChannel } else { Endpoint::LiveHandshake };
            return Self { office: None, endpoint: Some(endpoint) };
        }
        let Some((office, rest)) = split(path) else { return Self { office: None, endpoint: None } };
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        Self { office: Some(office), endpoint: Endpoint::at(method, office, rest) }
    }
}

/// Whether a path is the live channel's.
pub(crate) fn is_live(path: &str) -> bool {
    path.strip_suffix('/').unwrap_or(path) == "/socket.io"
}

/// Which office a path belongs to.
pub(crate) fn office(path: &str) -> Option<Office> {
    split(path).map(|(office, _)| office)
}

fn split(path: &str) -> Option<(Office, &str)> {
    let rest = path.strip_prefix("/api/v2").filter(|rest| rest.starts_with('/'))?;
    match rest.strip_prefix("/my").filter(|rest| rest.starts_with('/')) {
        Some(rest) => Some((Office::Front, rest)),
        None => Some((Office::Back, rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_told_apart() {
        let spot = |path| Spot::of(&Method::GET, path, "");
        let front = |endpoint| Spot { office: Some(Office::Front), endpoint };
        let back = |endpoint| Spot { office: Some(Office::Back), endpoint };
        assert_eq!(spot("/api/v2/my/signin/"), front(Some(Endpoint::SignIn)));
        assert_eq!(spot("/api/v2/my/signin/wizard"), front(Some(Endpoint::Wizard)));
        assert_eq!(spot("/api/v2/my/2fa/confirm"), front(None));
        assert_eq!(spot("/api/v2/2fa/confirm"), back(Some(Endpoint::ConfirmMailedCode)));
        assert_eq!(spot("/api/v2/signin/2fa"), back(None));
        assert_eq!(spot("/api/v2x/signin"), Spot { office: None, endpoint: None });
        assert_eq!(spot("/api/v2/my/signin/qrcodes"), front(Some(Endpoint::QrChannel)));
        let exchange = Spot::of(&Method::POST, "/api/v2/my/signin/qrcodes/", "");
        assert_eq!(exchange, front(Some(Endpoint::QrExchange)));
        let live = |query| Spot::of(&Method::GET, "/socket.io/", query).endpoint;
        assert_eq!(live("EIO=3&transport=polling"), Some(Endpoint::LiveHandshake));
        assert_eq!(live("EIO=3&sid=x"), Some(Endpoint::LiveChannel));
    }

    #[test]
    fn names_are_read_with_and_without_underscores() {
        for endpoint in Endpoint::ALL {
            assert_eq!(Endpoint::from_name(endpoint.name()), Some(endpoint));
        }
        assert_eq!(Endpoint::from_name("signin"), Some(Endpoint::SignIn));
        assert_eq!(Endpoint::from_name("any"), None);
    }
}
