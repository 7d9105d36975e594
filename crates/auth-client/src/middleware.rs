//! Sessions as a middleware of `reqwest-middleware`.

use crate::{
    AuthClient, RequestError, Session,
    session::{AuthorizeError, goes_to, put},
};
use async_trait::async_trait;
use auth_core::{Host, Office, Profile, TokenScope, session::SessionError};
use reqwest::{Request, Response, StatusCode, header::AUTHORIZATION};
use reqwest_middleware::{Error, Middleware, Next, Result};
use std::fmt;

/// Puts a session's token on requests below its host, or to a [scope](Self::within) of the program's. A request that the host refuses
/// with 401 is sent once more, if its body can be sent twice, with a token that somebody has refreshed meanwhile or that is refreshed
/// now. Requests that go elsewhere, and those that carry an `Authorization` of their own, pass untouched.
///
/// [`Bearer::of`] serves one session:
///
/// ```no_run
/// # async fn run(session: auth_client::Session) -> Result<(), Box<dyn std::error::Error>> {
/// use auth_client::{middleware::Bearer, reqwest, reqwest_middleware::ClientBuilder};
///
/// let http = ClientBuilder::new(reqwest::Client::new()).with(Bearer::of(session)).build();
/// let profile = http.get("https://broker.example/api/v2/my/profile").send().await?;
/// # Ok(()) }
/// ```
///
/// [`Bearer::for_client`] serves all profiles of a client, so that a service has one HTTP client for all its users. Each request
/// names its user's [`Profile`], or brings the [`Session`] itself, by `with_extension`:
///
/// ```no_run
/// # async fn run(client: auth_client::AuthClient) -> Result<(), Box<dyn std::error::Error>> {
/// use auth_client::{Office, Profile, http::HttpOptions, middleware::Bearer, reqwest_middleware::ClientBuilder};
///
/// // With the timeouts, proxy and roots of the transport; any other reqwest client does as well.
/// let plain = HttpOptions::default().client()?;
/// let http = ClientBuilder::new(plain).with(Bearer::for_client(client, Office::Front)).build();
/// let ann: Profile = "ann@example.com".parse()?;
/// let orders = http.get("https://broker.example/api/v2/my/orders").with_extension(ann).send().await?;
/// # Ok(()) }
/// ```
///
/// Put it after a middleware that retries, so that each attempt carries a token that is good then.
#[derive(Clone)]
pub struct Bearer {
    source: Source,
    /// None: below the session's host.
    scope: Option<TokenScope>,
}

/// Where the session comes from that a request does not bring itself.
#[derive(Clone)]
enum Source {
    Session(Session),
    Client(AuthClient, Office),
}

impl Bearer {
    /// A middleware for this session. A request that brings a [`Session`] as an extension gets that one's token instead.
    pub fn of(session: Session) -> Self {
        Self { source: Source::Session(session), scope: None }
    }

    /// A middleware that finds the session by the request's extensions: a [`Session`] is used as it is; for a [`Profile`] the one
    /// that the client's store keeps for it; with neither, that of the client's own profile. If nobody is signed in there, the
    /// request fails with [`SessionError::NotSignedIn`].
    ///
    /// The store is read for each request without a `Session`. Where that takes long, as with a file, and a user sends many
    /// requests, keep the user's session and add it instead of the profile.
    pub fn for_client(client: AuthClient, office: Office) -> Self {
        Self { source: Source::Client(client, office), scope: None }
    }

    /// The token goes to this scope instead of what is below the session's host: to services beside it, for example.
    #[must_use]
    pub fn within(self, scope: TokenScope) -> Self {
        Self { scope: Some(scope), ..self }
    }

    /// The session whose token the request gets, or nothing if the request goes where the token may not go.
    async fn session_for(
        &self,
        request: &Request,
        extensions: &http::Extensions,
    ) -> std::result::Result<Option<Session>, AuthorizeError> {
        let may_go = |host: &Host| match &self.scope {
            Some(scope) => goes_to(scope, request),
            None => goes_to(&TokenScope::from(host), request),
        };
        let (client, office) = match (extensions.get::<Session>(), &self.source) {
            (Some(session), _) | (None, Source::Session(session)) => {
                return Ok(may_go(session.host()).then(|| session.clone()));
            }
            (None, Source::Client(client, office)) => (client, *office),
        };
        if !may_go(client.host()) {
            return Ok(None);
        }
        let found = match extensions.get::<Profile>().filter(|profile| *profile != client.profile()) {
            Some(profile) => client.for_profile(profile.clone()).session(office).await,
            None => client.session(office).await,
        };
        match found {
            Ok(Some(session)) => Ok(Some(session)),
            Ok(None) => Err(AuthorizeError::Session(RequestError::here(SessionError::NotSignedIn))),
            Err(error) => Err(AuthorizeError::Session(RequestError::here(error))),
        }
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Bearer");
        match &self.source {
            Source::Session(session) => shown.field("session", session),
            Source::Client(client, office) => shown.field("host", client.host()).field("office", office),
        };
        shown.finish()
    }
}

#[async_trait]
impl Middleware for Bearer {
    async fn handle(
        &self,
        mut request: Request,
        extensions: &mut http::Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        if request.headers().contains_key(AUTHORIZATION) {
            return next.run(request, extensions).await;
        }
        let found = self.session_for(&request, extensions).await.map_err(Error::middleware)?;
        let Some(session) = found else {
            return next.run(request, extensions).await;
        };
        let spare = request.try_clone();
        let sent = session.put_token(&mut request).await.map_err(Error::middleware)?;
        let response = next.clone().run(request, extensions).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        // Also where the request cannot be sent again: the next one should go through.
        let Ok(token) = session.replace_rejected_token(&sent.token).await else { return Ok(response) };
        match spare {
            Some(mut again) if token.expose() != sent.token.expose() => {
                put(&mut again, &token)
                    .map_err(|failed| Error::middleware(AuthorizeError::Session(failed)))?;
                next.run(again, extensions).await
            }
            _ => Ok(response),
        }
    }
}
