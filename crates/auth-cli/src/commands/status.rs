//! `b2auth status`

use crate::{
    args::Status as Args,
    clients::Clients,
    failure::{Exit, Failure},
    interrupts::Interrupts,
    messages, output, store_report,
};
use auth_client::{
    AuthClient, Office, ResumeError, Session,
    ports::{RecordKey, RecordKind},
};
use auth_core::visible;
use serde_json::{Value, json};
use std::{process::ExitCode, time::Duration};

/// How often the store is looked at for a change, which another process makes.
const RECHECK: Duration = Duration::from_secs(1);

pub(crate) async fn run(clients: &Clients, args: &Args) -> Result<ExitCode, Failure> {
    if args.watch {
        return watch(clients).await;
    }
    let pending_is_listed = clients.listed().await.is_none_or(|keys| {
        let office = clients.global.office;
        keys.iter().any(|key: &RecordKey| key.kind == RecordKind::Pending && key.account.office == office)
    });
    let (text, live) = look(clients, pending_is_listed).await?;
    output::data(text).map_err(Failure::output)?;
    Ok(if live { ExitCode::SUCCESS } else { Exit::NotSignedIn.into() })
}

/// Says it, and again whenever it has changed. What cannot be read now is an answer too.
async fn watch(clients: &Clients) -> Result<ExitCode, Failure> {
    let mut interrupts = Interrupts::new()?;
    // A wrong call ends it at once.
    clients.here()?;
    let mut last = None;
    loop {
        let now = match look(clients, true).await {
            Ok((text, _)) => text,
            Err(failure) => failure.as_answer(clients.global.json),
        };
        if last.as_ref() != Some(&now) {
            output::live(&now).map_err(Failure::output)?;
            last = Some(now);
        }
        tokio::select! {
            _ = interrupts.next() => return Ok(ExitCode::SUCCESS),
            () = tokio::time::sleep(RECHECK) => {}
        }
    }
}

/// What there is to say, and whether somebody is signed in.
async fn look(clients: &Clients, has_pending: bool) -> Result<(String, bool), Failure> {
    let (client, global) = (clients.here()?, &clients.global);
    let session = client.session(global.office).await?;
    // A look less at the store, if no account there has a step pending.
    let pending = if has_pending { pending_step(&client, global.office).await? } else { None };
    let live = session.as_ref().filter(|session| !session.is_expired());
    let is_over = match &session {
        Some(session) => session.is_expired(),
        None => client.session_end(global.office).await?.is_some(),
    };
    let store = clients.store_spec()?;
    let text = match global.json {
        true => {
            let mut status = as_json(&client, live, is_over, pending);
            status["store"] = store_report::value(store);
            status.to_string()
        }
        false => {
            let mut text = as_text(&client, global.office, live, is_over, pending);
            if let Some(message) = store_report::message(store) {
                text.push_str(&format!("\n{}", messages::say(&message)));
            }
            text
        }
    };
    Ok((text, live.is_some()))
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

fn as_json(client: &AuthClient, live: Option<&Session>, is_over: bool, pending: Option<&str>) -> Value {
    let mut status = match live {
        Some(session) => json!({
            "signed_in": true,
            "account": session.account(),
            "office": session.office().as_str(),
            "host": client.host().to_string(),
            "profile": client.profile().as_str(),
            "access_expires_at": output::date(session.access_expires_at()),
            "refresh_expires_at": output::date(session.refresh_expires_at()),
            "access_end_known": session.access_expires_at().is_some(),
            "refresh_end_known": session.refresh_expires_at().is_some(),
        }),
        None => json!({"signed_in": false}),
    };
    if is_over {
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
    is_over: bool,
    pending: Option<&str>,
) -> String {
    let mut text = match live {
        Some(session) => format!(
            "signed in as {} at {} ({office} office)\naccess token until {}\nrefresh token until {}",
            visible(session.account()),
            client.host(),
            output::until(session.access_expires_at()),
            output::until(session.refresh_expires_at())
        ),
        None if is_over => "not signed in: the session has ended; run b2auth signin".to_owned(),
        None => "not signed in".to_owned(),
    };
    if let Some(step) = pending {
        text.push_str(&format!("\na sign-in waits at the step {step}: b2auth signin --resume"));
    }
    text
}
