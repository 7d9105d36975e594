//! Putting the token on requests to the host.

use super::handle::Session;
use crate::RequestError;
use auth_core::{Host, secret::AccessToken, session::SessionError};
use reqwest::{
    Request,
    header::{AUTHORIZATION, HeaderValue},
};

/// A request that carries the token, and the token, to be named if the host refuses it.
pub struct Authorized {
    /// The token that the request carries.
    pub token: AccessToken,
}

/// The request was not authorized.
#[derive(Debug, thiserror::Error)]
pub enum AuthorizeError {
    /// It goes to another host than the one that issued the token, which would learn it.
    #[error("the request goes to another host than the session's; its token stays here")]
    OtherHost,
    /// There is no token to give.
    #[error(transparent)]
    Session(#[from] RequestError<SessionError>),
}

impl Session {
    /// Puts a token that can be used now on a request to the session's host.
    ///
    /// # Errors
    /// [`AuthorizeError::OtherHost`] if the request goes elsewhere, or there is no token to give.
    pub async fn authorize(&self, request: &mut Request) -> Result<Authorized, AuthorizeError> {
        if !self.is_for(request) {
            return Err(AuthorizeError::OtherHost);
        }
        let token = self.access_token().await?;
        put(request, &token)?;
        Ok(Authorized { token })
    }

    /// True if the request goes to the host that issued the tokens: same scheme, name and port.
    pub(crate) fn is_for(&self, request: &Request) -> bool {
        goes_to(&self.account_state.scope.host, request)
    }
}

/// True if the request goes to this host: same scheme, name and port.
pub(crate) fn goes_to(host: &Host, request: &Request) -> bool {
    let host = host.url("").parse::<reqwest::Url>();
    host.is_ok_and(|host| host.origin() == request.url().origin())
}

/// Puts this token on the request.
pub(crate) fn put(request: &mut Request, token: &AccessToken) -> Result<(), RequestError<SessionError>> {
    let text = zeroize::Zeroizing::new(format!("Bearer {}", token.expose()));
    let Ok(mut value) = HeaderValue::from_str(&text) else {
        let what = "an access token that no header can carry";
        return Err(RequestError::here(auth_core::CallError::Protocol { what }));
    };
    value.set_sensitive(true);
    request.headers_mut().insert(AUTHORIZATION, value);
    Ok(())
}
