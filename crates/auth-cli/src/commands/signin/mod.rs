//! `b2auth signin`: walk the steps with what was given, ask for what was not, and keep the step where nobody can be
//! asked.

mod answers;
mod more;
mod walk;

use crate::{
    args::{Global, Signin},
    failure::Failure,
    output,
};
use auth_client::Session;
use serde_json::json;
use std::process::ExitCode;

pub(crate) use more::name;

pub(crate) async fn run(global: &Global, args: Signin) -> Result<ExitCode, Failure> {
    let client = global.client()?;
    let resume = args.resume;
    let answers = answers::Answers::read(args, global.no_input)?;
    let sign_in =
        if resume { client.resume_sign_in(global.office).await? } else { client.sign_in(global.office) };
    if let Some(email) = answers.email() {
        sign_in.note_account(email);
    }
    match walk::walk(&sign_in, answers, resume).await? {
        walk::End::SignedIn(session) => {
            greet(global, &session);
            Ok(ExitCode::SUCCESS)
        }
        walk::End::MoreNeeded(need) => {
            sign_in.keep().await?;
            Ok(more::report(global, &need))
        }
    }
}

fn greet(global: &Global, session: &Session) {
    if global.json {
        output::line(json!({
            "signed_in": true,
            "account": session.account(),
            "office": session.office().as_str(),
            "access_expires_at": output::date(session.access_expires_at()),
            "refresh_expires_at": output::date(session.refresh_expires_at()),
        }));
    } else {
        output::line(format!("signed in as {}", session.account()));
    }
}

/// A place that no option can get past.
fn unsupported(workflow: &str) -> Failure {
    let message =
        format!("the host wants a step that b2auth does not know ({workflow:?}); sign in with a browser");
    Failure::other("unsupported_workflow", message)
}
