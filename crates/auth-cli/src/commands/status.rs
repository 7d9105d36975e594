//! `b2auth status`

use crate::{
    clients::Clients,
    failure::{Exit, Failure},
    output,
};
use auth_client::{
    AuthClient, Office, ResumeError, Session,
    ports::{RecordKey, RecordKind},
};
use serde_json::{Value, json};
use std::process::ExitCode;

pub(crate) async fn run(clients: &Clients) -> Result<ExitCode, Failure> {
    let (client, global) = (clients.here()?, &clients.global);
    let pending_is_listed = clients.listed().await.is_none_or(|keys| {
        let ours = |key: &RecordKey| key.kind == RecordKind::Pending && key.account.office == global.office;
        keys.iter().any(ours)
    });
    let session = client.session(global.office).await?;
    // A look less at the store, if no account there has a step pending.
    let pending = if pending_is_listed { pending_step(&client, global.office).await? } else { None };
    let live = session.as_ref().filter(|session| !session.is_expired());
    let text = if global.json {
        as_json(&client, live, session.is_some(), pending).to_string()
    } else {
        as_text(&client, global.office, live, session.is_some(), pending)
    };
    output::data(text).map_err(Failure::output)?;
    Ok(if live.is_some() { ExitCode::SUCCESS } else { Exit::NotSignedIn.into() })
}

/// The step that waits for its user, if there is one.
pub(crate) async fn pending_step(
    client: &AuthClient,
    office: Office,
) -> Result<Option<&'static str>, Failure> {
    match client.resume_sign_in(office).await {
        Ok(sign_in) => Ok(Some(super::signin::name(&sign_in.current()))),
        Err(ResumeError::NothingPending | ResumeError::Expired) => Ok(None),
        Err(ResumeError::Store(error)) => Err(error.into()),
    }
}

fn as_json(client: &AuthClient, live: Option<&Session>, known: bool, pending: Option<&str>) -> Value {
    let mut status = match live {
        Some(session) => json!({
            "signed_in": true,
            "account": session.account(),
            "office": session.office().as_str(),
            "host": client.host().to_string(),
            "profile": client.profile().as_str(),
            "access_expires_at": output::date(session.access_expires_at()),
            "refresh_expires_at": output::date(session.refresh_expires_at()),
        }),
        None => json!({"signed_in": false}),
    };
    if live.is_none() && known {
        status["reason"] = "session_ended".into();
    }
    if let Some(step) = pending {
        status["pending_step"] = step.into();
    }
    status
}

fn as_text(
    client: &AuthClient,
    office: Office,
    live: Option<&Session>,
    known: bool,
    pending: Option<&str>,
) -> String {
    let mut text = match live {
        Some(session) => format!(
            "signed in as {} at {} ({office} office)\naccess token until {}\nrefresh token until {}",
            session.account(),
            client.host(),
            output::until(session.access_expires_at()),
            output::until(session.refresh_expires_at())
        ),
        None if known => "not signed in: the session has ended; run b2auth signin".to_owned(),
        None => "not signed in".to_owned(),
    };
    if let Some(step) = pending {
        text.push_str(&format!("\na sign-in waits at the step {step}: b2auth signin --resume"));
    }
    text
}
