//! `b2auth token`

use crate::{args::Global, failure::Failure, output};
use auth_client::{Failed, SessionError};
use serde_json::json;
use std::{process::ExitCode, time::Duration};

pub(crate) async fn run(global: &Global) -> Result<ExitCode, Failure> {
    let session = global.client()?.session(global.office).await?;
    let not_signed_in = Failed { cause: SessionError::NotSignedIn, correlation_id: None };
    let session = session.ok_or(not_signed_in)?;
    let token = session.access_token_lasting(Duration::ZERO).await?;
    if global.json {
        let expires = output::date(session.access_expires_at());
        output::data(json!({"access_token": token.expose(), "access_expires_at": expires}))?;
    } else {
        output::data(token.expose())?;
    }
    Ok(ExitCode::SUCCESS)
}
