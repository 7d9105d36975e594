//! `b2auth qr inspect`, `approve` and `decline`.

use super::{
    super::token::session,
    details::{as_json, as_lines, question},
    scanned::Scanned,
};
use crate::{
    clients::Clients,
    failure::{Exit, Failure},
    messages, output,
    prompt::Prompt,
    qr_args::{Approve, Code},
};
use auth_client::{Declined, QrApprovalError, QrRequest, RequestError};
use auth_messages::Message;
use serde_json::json;
use std::process::ExitCode;

pub(super) async fn inspect(clients: &Clients, code: &Code) -> Result<ExitCode, Failure> {
    let request = request(clients, code).await?;
    if clients.global.json {
        output::data(as_json(request.details())).map_err(Failure::output)?;
    } else {
        let lines = as_lines(request.details(), &messages::catalogue());
        output::data(lines.join("\n")).map_err(Failure::output)?;
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn approve(clients: &Clients, args: &Approve) -> Result<ExitCode, Failure> {
    let (global, prompt) = (&clients.global, Prompt::new(clients.global.no_input));
    // Nothing is sent for a decision that nobody is there to make.
    if !args.yes && !prompt.is_attended() {
        return nobody_to_ask(global.json);
    }
    let request = request(clients, &args.code).await?;
    if !(global.json && args.yes) {
        for line in as_lines(request.details(), &messages::catalogue()) {
            output::note(line);
        }
    }
    if !args.yes {
        let question = messages::say(&question(request.details()));
        if prompt.confirm(&question)? != Some(true) {
            return Err(RequestError::from(QrApprovalError::NotConfirmed).into());
        }
    }
    request.approve().await?;
    let text = if global.json {
        let mut done = as_json(request.details());
        done["approved"] = true.into();
        done.to_string()
    } else {
        format!("approved: the other screen is signed in as {}", request.details().account)
    };
    output::data(text).map_err(|why| Failure::output_after(why, Message::new("approved-all-the-same")))?;
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn decline(clients: &Clients, code: &Code) -> Result<ExitCode, Failure> {
    let request = request(clients, code).await?;
    let host_notified = request.decline().await? == Declined::Sent;
    let text = if clients.global.json {
        json!({"declined": true, "host_notified": host_notified}).to_string()
    } else if host_notified {
        "declined, and the host was told".to_owned()
    } else {
        "declined here; the host has no way to be told, and the code expires by itself".to_owned()
    };
    output::data(text).map_err(Failure::output)?;
    Ok(ExitCode::SUCCESS)
}

async fn request(clients: &Clients, code: &Code) -> Result<QrRequest, Failure> {
    let Scanned { text, source } = Scanned::read(code)?;
    Ok(session(clients).await?.inspect_qr(&*text, source).await?)
}

/// As where a sign-in waits for more.
fn nobody_to_ask(json: bool) -> Result<ExitCode, Failure> {
    let told = if json { output::data(json!({"step": "approve", "methods": []})) } else { Ok(()) };
    output::note(format!("b2auth: {}", messages::say(&Message::new("need-approval"))));
    told.map_err(Failure::output)?;
    Ok(Exit::MoreInput.into())
}
