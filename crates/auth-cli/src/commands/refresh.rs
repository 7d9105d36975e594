//! `b2auth refresh`

use super::token::session;
use crate::{clients::Clients, failure::Failure, output};
use auth_messages::Message;
use serde_json::json;
use std::process::ExitCode;

pub(crate) async fn run(clients: &Clients) -> Result<ExitCode, Failure> {
    let session = session(clients).await?;
    session.refresh().await?;
    let (access, refresh) = (session.access_expires_at(), session.refresh_expires_at());
    let text = if clients.global.json {
        json!({
            "refreshed": true,
            "account": session.account(),
            "access_expires_at": output::date(access),
            "refresh_expires_at": output::date(refresh),
        })
        .to_string()
    } else {
        format!(
            "refreshed for {}\naccess token until {}\nrefresh token until {}",
            session.account(),
            output::until(access),
            output::until(refresh)
        )
    };
    output::data(text).map_err(|why| Failure::output_after(why, Message::new("refreshed-all-the-same")))?;
    Ok(ExitCode::SUCCESS)
}
