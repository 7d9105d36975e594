//! `b2auth signout`

use crate::{args::Global, failure::Failure, messages, output};
use auth_messages::Message;
use serde_json::json;
use std::process::ExitCode;

pub(crate) async fn run(global: &Global) -> Result<ExitCode, Failure> {
    let signed_out = global.client()?.sign_out(global.office).await?;
    let revoked = signed_out.account.is_some() && signed_out.not_revoked.is_none();
    if let Some(error) = &signed_out.not_revoked {
        let message = Message::new("not-revoked").then(error.into());
        output::note(format!("b2auth: {}", messages::say(&message)));
    }
    if global.json {
        output::line(json!({"signed_out": true, "account": signed_out.account, "revoked": revoked}));
    } else {
        match &signed_out.account {
            Some(account) => output::line(format!("signed out {account}")),
            None => output::line("the pending sign-in was removed"),
        }
    }
    Ok(ExitCode::SUCCESS)
}
