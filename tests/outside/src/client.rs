//! What the program does with auth-client.

use crate::Outcome;
use auth_client::AuthClient;

/// A client, or what it lacks.
pub fn build(url: &str) -> Outcome {
    let client = AuthClient::builder(url).build()?;
    Ok(format!("a client for {}", client.host()))
}

#[cfg(feature = "client-http")]
pub use signed_in::*;

#[cfg(feature = "client-http")]
mod signed_in {
    use crate::Outcome;
    use auth_client::{AuthClient, Credentials, Office, Session, SignInStep, reqwest, secret::Password};
    use std::error::Error;

    /// Signs in with the bundled transport, and sends a request of the program's own that carries the token.
    pub async fn sign_in(url: &str) -> Outcome {
        let (_, session) = signed_in(url).await?;
        let mut request = reqwest::Request::new(reqwest::Method::GET, whoami(url).parse()?);
        session.authorize(&mut request).await?;
        let answer = reqwest::Client::new().execute(request).await?;
        Ok(format!("{}, {}", session.account(), answer.status().as_u16()))
    }

    /// Both middlewares, on reqwest's own client and on the one with the transport's options.
    #[cfg(feature = "client-middleware")]
    pub async fn bearer(url: &str) -> Outcome {
        use auth_client::{http::HttpOptions, middleware::Bearer, reqwest_middleware::ClientBuilder};

        let (client, session) = signed_in(url).await?;
        let of = ClientBuilder::new(reqwest::Client::new()).with(Bearer::of(session)).build();
        let bearer = Bearer::for_client(client.clone(), Office::Front);
        let for_client = ClientBuilder::new(HttpOptions::default().client()?).with(bearer).build();
        let first = of.get(whoami(url)).send().await?.status().as_u16();
        let second = for_client.get(whoami(url)).with_extension(client.profile().clone()).send().await?;
        Ok(format!("{first}, {}", second.status().as_u16()))
    }

    async fn signed_in(url: &str) -> Result<(AuthClient, Session), Box<dyn Error>> {
        let client = AuthClient::builder(url).build()?;
        let SignInStep::Start(start) = client.sign_in(Office::Front).current() else {
            return Err("no start".into());
        };
        let SignInStep::Credentials(form) = start.open().await? else { return Err("no form".into()) };
        let login = Credentials::new("plain@example.com", Password::new("Secret123"));
        let SignInStep::SignedIn(session) = form.submit(login).await? else {
            return Err("not signed in".into());
        };
        Ok((client, session))
    }

    fn whoami(url: &str) -> String {
        format!("{url}/_sandbox/whoami")
    }
}
