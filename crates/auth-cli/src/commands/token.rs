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
        output::raw(&*line).map_err(Failure::output)?;
    } else {
        output::raw(token.expose()).map_err(Failure::output)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The session of the account that the options name. Where there is none, the error says why, as long as the store knows.
pub(crate) async fn session(clients: &Clients) -> Result<Session, Failure> {
    let (client, office) = (clients.here()?, clients.global.office);
    if let Some(session) = client.session(office).await? {
        return Ok(session);
    }
    let why = match client.session_end(office).await? {
        Some(_) => SessionError::Ended,
        None => SessionError::NotSignedIn,
    };
    Err(RequestError::from(why).into())
}
