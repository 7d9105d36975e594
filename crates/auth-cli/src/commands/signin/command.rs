//! `b2auth signin` from its arguments to its exit code.

use super::{answers, more, walk};
use crate::{
    args::{Global, Signin},
    clients::Clients,
    failure::Failure,
    output,
};
use auth_client::{AuthClient, Session, SignIn, SignInStep};
use auth_messages::Message;
use serde_json::{Value, json};
use std::{io, process::ExitCode};

pub(crate) async fn run(clients: &Clients, args: Signin) -> Result<ExitCode, Failure> {
    let (client, global) = (clients.here()?, &clients.global);
    global.keeps_sessions()?;
    let resume = args.resume;
    // A code without a password is for a step that is pending already.
    let has_password = args.password_stdin || args.password_file.is_some();
    let has_code = args.code.is_some() || args.code_command.is_some();
    let resume_forgotten = !resume && !has_password && (has_code || args.new_password_stdin);
    let set_store_aside = args.set_store_aside;
    let answers = answers::Answers::read(args, global)?;
    if set_store_aside {
        global.set_store_aside().await?;
    }
    let sign_in =
        if resume { client.resume_sign_in(global.office).await? } else { client.sign_in(global.office) };
    if let Some(email) = answers.email() {
        sign_in.set_account(email);
        check_account(&sign_in, email)?;
    }
    match walk::walk(&sign_in, answers, resume).await? {
        walk::End::SignedIn(session) => {
            greet(global, &session)?;
            Ok(ExitCode::SUCCESS)
        }
        walk::End::MoreNeeded(need) => {
            if need.is_credentials() && resume_forgotten {
                spare_pending(&client, global).await?;
            }
            sign_in.save().await?;
            more::report(global, &need)
        }
    }
}

/// `--resume --email` names the account that is expected, not another one.
fn check_account(sign_in: &SignIn, email: &str) -> Result<(), Failure> {
    match sign_in.current().account() {
        Some(account) if !account.eq_ignore_ascii_case(email.trim()) => {
            let message = Message::new("usage").about("other_account").with("account", account);
            Err(Failure::call_of(message))
        }
        _ => Ok(()),
    }
}

/// A call that brings a code but no password is no reason to throw away a step that the host has accepted.
async fn spare_pending(client: &AuthClient, global: &Global) -> Result<(), Failure> {
    match client.resume_sign_in(global.office).await {
        Ok(pending) if !matches!(pending.current(), SignInStep::Start(_) | SignInStep::Credentials(_)) => {
            Err(Failure::wrong_call("resume_forgotten"))
        }
        _ => Ok(()),
    }
}

fn greet(global: &Global, session: &Session) -> Result<(), Failure> {
    let text = match global.json {
        true => as_json(session).to_string(),
        false => format!("signed in as {}", session.account()),
    };
    output::data(text).map_err(|why| signed_in_all_the_same(why, session))
}

/// The greeting was lost, the session was not.
pub(crate) fn signed_in_all_the_same(why: io::Error, session: &Session) -> Failure {
    Failure::output_after(why, Message::new("signed-in-all-the-same").with("account", session.account()))
}

/// Who was signed in, for a program.
pub(crate) fn as_json(session: &Session) -> Value {
    json!({
        "signed_in": true,
        "account": session.account(),
        "office": session.office().as_str(),
        "access_expires_at": output::date(session.access_expires_at()),
        "refresh_expires_at": output::date(session.refresh_expires_at()),
    })
}
