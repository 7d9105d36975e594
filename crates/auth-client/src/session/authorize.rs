//! Putting the token on requests to the host.

use super::handle::Session;
use crate::RequestError;
use auth_core::{TokenScope, secret::AccessToken, session::SessionError};
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
    /// It goes to another host than the one that issued the token, or out of its base path: somebody else would learn it.
    #[error("the request does not go below the session's host; its token stays here")]
    OtherHost,
    /// There is no token to give.
    #[error(transparent)]
    Session(#[from] RequestError<SessionError>),
}

impl Session {
    /// Puts a token that can be used now on a request that goes below the session's host: same scheme, name, port and base path.
    ///
    /// # Errors
    /// [`AuthorizeError::OtherHost`] if the request goes elsewhere, or there is no token to give.
    pub async fn authorize(&self, request: &mut Request) -> Result<Authorized, AuthorizeError> {
        self.authorize_within(request, &TokenScope::from(self.host())).await
    }

    /// The same for a request that goes to this scope, where the token may go elsewhere than below the session's host.
    ///
    /// # Errors
    /// [`AuthorizeError::OtherHost`] if the request goes elsewhere, or there is no token to give.
    pub async fn authorize_within(
        &self,
        request: &mut Request,
        scope: &TokenScope,
    ) -> Result<Authorized, AuthorizeError> {
        if goes_to(scope, request) { self.put_token(request).await } else { Err(AuthorizeError::OtherHost) }
    }

    /// The same for a request that is known to go where the token may go.
    pub(crate) async fn put_token(&self, request: &mut Request) -> Result<Authorized, AuthorizeError> {
        let token = self.access_token().await?;
        put(request, &token)?;
        Ok(Authorized { token })
    }
}

/// True if the request goes to this scope.
pub(crate) fn goes_to(scope: &TokenScope, request: &Request) -> bool {
    let url = request.url();
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else { return false };
    scope.contains(url.scheme(), host, port, url.path())
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
