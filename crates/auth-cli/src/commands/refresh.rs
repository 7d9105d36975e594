//! `b2auth refresh`

use super::token::session;
use crate::{clients::Clients, failure::Failure, output};
use serde_json::json;
use std::process::ExitCode;

pub(crate) async fn run(clients: &Clients) -> Result<ExitCode, Failure> {
    let session = session(clients).await?;
    session.refresh().await?;
    let (access, refresh) = (session.access_expires_at(), session.refresh_expires_at());
    if clients.global.json {
        output::line(json!({
            "refreshed": true,
            "account": session.account(),
            "access_expires_at": output::date(access),
            "refresh_expires_at": output::date(refresh),
        }));
    } else {
        output::line(format!("refreshed for {}", session.account()));
        output::line(format!("access token until {}", output::until(access)));
        output::line(format!("refresh token until {}", output::until(refresh)));
    }
    Ok(ExitCode::SUCCESS)
}
