//! `b2auth token`

use crate::{args::Token, clients::Clients, failure::Failure, output};
use auth_client::{RequestError, Session, SessionError};
use serde_json::json;
use std::{process::ExitCode, time::Duration};
use zeroize::Zeroizing;

pub(crate) async fn run(clients: &Clients, args: Token) -> Result<ExitCode, Failure> {
    let session = session(clients).await?;
    if args.force_refresh {
        session.refresh().await?;
    }
    let token = session.access_token_with_min_ttl(Duration::from_secs(args.min_ttl)).await?;
    if clients.global.json {
        let expires = output::date(session.access_expires_at());
        output::data(json!({"access_token": token.expose(), "access_expires_at": expires}))
            .map_err(Failure::output)?;
    } else if args.header {
        let line = Zeroizing::new(format!("Authorization: Bearer {}", token.expose()));
        output::data(&*line).map_err(Failure::output)?;
    } else {
        output::data(token.expose()).map_err(Failure::output)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The session of the account that the options name.
pub(crate) async fn session(clients: &Clients) -> Result<Session, Failure> {
    let session = clients.here()?.session(clients.global.office).await?;
    Ok(session.ok_or(RequestError::from(SessionError::NotSignedIn))?)
}
