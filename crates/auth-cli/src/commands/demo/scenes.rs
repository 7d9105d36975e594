//! What is shown.

use super::stage::{Stage, session, submit, tell};
use crate::failure::Failure;
use auth_client::{
    AuthClient, CallError, LockedOutBy, Office, SignInError, SignInStep, TwoFactorMethod,
    secret::{OneTimeCode, Password},
};

fn unexpected(step: &SignInStep) -> Failure {
    Failure::other("demo", format!("the sign-in stands at {}", step.name()))
}

pub(super) async fn front_office(stage: &Stage) -> Result<(), Failure> {
    let email = "plain@example.com";
    let sign_in = stage.past_password(Office::Front, email).await?;
    tell("password only", format!("signed in as {}", session(&sign_in)?.account()))?;

    let email = "totp@example.com";
    let sign_in = stage.past_password(Office::Front, email).await?;
    let SignInStep::Code(code) = sign_in.current() else { return Err(unexpected(&sign_in.current())) };
    if let Err(error) = code.submit(OneTimeCode::new("000000")).await {
        tell("authenticator app, wrong code", format!("{error}: the step is kept"))?;
    }
    let SignInStep::Code(code) = sign_in.current() else { return Err(unexpected(&sign_in.current())) };
    code.submit(stage.app_code(email)?).await?;
    tell("  then the right one", format!("signed in as {}", session(&sign_in)?.account()))?;

    let email = "sms@example.com";
    let sign_in = stage.past_password(Office::Front, email).await?;
    let SignInStep::Code(code) = sign_in.current() else { return Err(unexpected(&sign_in.current())) };
    code.submit(stage.sent_code(email)?).await?;
    tell("SMS code", format!("signed in as {}", session(&sign_in)?.account()))?;

    let email = "both@example.com";
    let sign_in = stage.past_password(Office::Front, email).await?;
    let SignInStep::ChooseMethod(choice) = sign_in.current() else {
        return Err(unexpected(&sign_in.current()));
    };
    let names: Vec<_> = choice.options().iter().map(|option| option.method.as_str()).collect();
    choice.choose(TwoFactorMethod::Sms).await?;
    let SignInStep::Code(code) = sign_in.current() else { return Err(unexpected(&sign_in.current())) };
    code.choose(TwoFactorMethod::Google).await?;
    let SignInStep::Code(code) = sign_in.current() else { return Err(unexpected(&sign_in.current())) };
    code.submit(stage.app_code(email)?).await?;
    let account = session(&sign_in)?.account().to_owned();
    tell("both methods", format!("chose among {}, changed, signed in as {account}", names.join(" and ")))?;

    forced_reset(stage).await
}

async fn forced_reset(stage: &Stage) -> Result<(), Failure> {
    let email = "reset@example.com";
    let sign_in = stage.past_password(Office::Front, email).await?;
    let SignInStep::ResetCode(code) = sign_in.current() else { return Err(unexpected(&sign_in.current())) };
    code.submit(stage.sent_code(email)?).await?;
    let SignInStep::NewPassword(form) = sign_in.current() else { return Err(unexpected(&sign_in.current())) };
    if let Err(error) = form.submit(Password::new("short")).await {
        tell("forced reset, weak password", format!("{error}: the step is kept"))?;
    }
    let SignInStep::NewPassword(form) = sign_in.current() else { return Err(unexpected(&sign_in.current())) };
    form.submit(Password::new("NewSecret456")).await?;
    submit(&sign_in, email, "NewSecret456").await?;
    tell("  then a good one", format!("signed in anew as {}", session(&sign_in)?.account()))?;
    Ok(())
}

pub(super) async fn back_office(stage: &Stage) -> Result<(), Failure> {
    let sign_in = stage.past_password(Office::Back, "root@example.com").await?;
    tell("back office", format!("signed in as {}", session(&sign_in)?.account()))?;

    let email = "admin@example.com";
    let sign_in = stage.past_password(Office::Back, email).await?;
    let SignInStep::MailedCode(code) = sign_in.current() else { return Err(unexpected(&sign_in.current())) };
    code.submit(stage.sent_code(email)?).await?;
    tell("back office, e-mailed code", format!("signed in as {}", session(&sign_in)?.account()))?;
    Ok(())
}

pub(super) async fn refresh_and_sign_out(stage: &Stage) -> Result<(), Failure> {
    let sign_in = stage.past_password(Office::Front, "plain@example.com").await?;
    let session = session(&sign_in)?;
    let old = session.access_token().await?;
    session.refresh().await?;
    let fresh = session.access_token().await?.expose() != old.expose();
    let end = session.access_expires_at().map_or("-".to_owned(), |at| at.to_string());
    tell("refresh", format!("{} token, until {end}", if fresh { "a new" } else { "the same" }))?;
    let signed_out = session.sign_out().await?;
    let host = signed_out.cause.map_or("the host revoked the tokens".to_owned(), |error| error.to_string());
    tell("sign-out", format!("gone here, and {host}"))?;
    Ok(())
}

/// Five wrong passwords: our own count stops the sixth, and another device meets the host's block and remembers it.
pub(super) async fn lock_out(stage: &Stage) -> Result<(), Failure> {
    let email = "guessed@example.com";
    let (one, other) = (stage.client()?, stage.client()?);
    for _ in 0..5 {
        wrong_password(&one, email).await?;
    }
    let attempts =
        [("a sixth wrong password", &one), ("  from another device", &other), ("  and there again", &other)];
    for (name, device) in attempts {
        let before = stage.sandbox.requests().len();
        let cause = wrong_password(device, email).await?;
        let Some(SignInError::Call(CallError::LockedOut(lock))) = cause else {
            return Err(Failure::other("demo", "a lock-out was expected"));
        };
        let by = match (lock.by, stage.sandbox.requests().len() > before) {
            (LockedOutBy::RateLimiter, _) => "by our own count; the host was not asked",
            (LockedOutBy::Host, true) => "by the host",
            (LockedOutBy::Host, false) => "by the host, remembered; it was not asked",
        };
        tell(name, format!("locked out for {} s, {by}", lock.retry_after.as_secs().max(1)))?;
    }
    Ok(())
}

async fn wrong_password(client: &AuthClient, email: &str) -> Result<Option<SignInError>, Failure> {
    let sign_in = client.sign_in(Office::Front);
    sign_in.set_account(email);
    if let SignInStep::Start(start) = sign_in.current()
        && let Err(failed) = start.open().await
    {
        return Ok(Some(failed.cause));
    }
    Ok(submit(&sign_in, email, "not the password").await.err().map(|failed| failed.cause))
}
