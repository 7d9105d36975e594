//! The session as a middleware of `reqwest-middleware`.

use crate::{
    Session,
    session::{AuthorizeError, put},
};
use async_trait::async_trait;
use reqwest::{Request, Response, StatusCode, header::AUTHORIZATION};
use reqwest_middleware::{Error, Middleware, Next, Result};

/// Puts the session's token on requests to its host. A request that the host refuses with 401 is sent once more, if its body
/// can be sent twice, with a token that somebody has refreshed meanwhile or that is refreshed now. Requests to other hosts, and
/// those that carry an `Authorization` of their own, pass untouched.
///
/// ```no_run
/// # async fn run(session: auth_client::Session) -> Result<(), Box<dyn std::error::Error>> {
/// use auth_client::middleware::Bearer;
///
/// let http = reqwest_middleware::ClientBuilder::new(reqwest::Client::new()).with(Bearer::of(session)).build();
/// let profile = http.get("https://broker.example/api/v2/my/profile").send().await?;
/// # Ok(()) }
/// ```
///
/// Put it after a middleware that retries, so that each attempt carries a token that is good then.
#[derive(Clone, Debug)]
pub struct Bearer {
    session: Session,
}

impl Bearer {
    /// A middleware for this session.
    pub fn of(session: Session) -> Self {
        Self { session }
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
        if !self.session.is_for(&request) || request.headers().contains_key(AUTHORIZATION) {
            return next.run(request, extensions).await;
        }
        let spare = request.try_clone();
        let sent = self.session.authorize(&mut request).await.map_err(Error::middleware)?;
        let response = next.clone().run(request, extensions).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return Ok(response);
        }
        // Also where the request cannot be sent again: the next one should go through.
        let Ok(token) = self.session.replace_rejected_token(&sent.token).await else { return Ok(response) };
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
