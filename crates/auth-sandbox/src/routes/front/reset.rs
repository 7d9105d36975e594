//! `POST /signin/password/restore` and `/reset`: the mailed code and the new password of a forced reset.

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use crate::codes::digits;
use crate::host::{Host, Tables};
use crate::limits::Group;
use crate::render::{Answer, Issue, Refusal};
use crate::routes::call::Call;
use crate::users::{Office, PasswordHash, UserId};
use crate::wizard::Step;

const SHORTEST_PASSWORD: usize = 8;

pub(super) async fn restore(host: Arc<Host>, call: Call) -> Result<Answer, Refusal> {
    let mut fields = call.fields()?;
    let uuid = fields.uuid("uuid");
    let action = fields.text("action");
    let code = fields.text("code");
    if !action.is_empty() && action != "code" {
        fields.wrong("action", "must be code");
    }
    fields.check()?;

    let now = host.now();
    let mut tables = host.tables();
    let (user, sent) = match tables.wizards.step(uuid, now)? {
        Step::ResetCode { user, sent } => (*user, sent.clone()),
        _ => return Err(Refusal::WrongStep),
    };
    tables.attempt_by((Office::Front, Group::Codes), user, call.ip, now)?;
    if !digits::same(sent.as_bytes(), code.as_bytes()) {
        return Err(Refusal::WrongCode);
    }
    let uuid = tables.wizards.advance(uuid, Step::NewPassword { user }, host.settings.dialect().uuid);
    Ok(Answer::ResetAllowed { uuid })
}

pub(super) async fn reset(host: Arc<Host>, call: Call) -> Result<Answer, Refusal> {
    let mut fields = call.fields()?;
    let uuid = fields.uuid("uuid");
    let password = fields.text("password");
    let confirmation = fields.text("passwordConfirmation");
    fields.check()?;

    awaits_password(&host.tables(), uuid, host.now())?;
    check_policy(&password, &confirmation)?;
    let hash = tokio::task::spawn_blocking(move || PasswordHash::of(&password))
        .await
        .map_err(|_| Refusal::Broken)?
        .map_err(|_| Refusal::Broken)?;
    let mut tables = host.tables();
    // Hashing took a while: another request may have set a password in the meantime.
    let id = awaits_password(&tables, uuid, host.now())?;
    let user = tables.users.user_mut(id);
    user.password = hash;
    user.force_reset = false;
    user.has_own_password = true;
    let (client_id, email) = (user.client_id, user.email.clone());
    let uuid = tables.wizards.finish(uuid, host.settings.dialect().uuid);
    Ok(Answer::PasswordSet { uuid, client_id, email })
}

fn awaits_password(tables: &Tables, uuid: Uuid, now: Timestamp) -> Result<UserId, Refusal> {
    match tables.wizards.step(uuid, now)? {
        Step::NewPassword { user } => Ok(*user),
        _ => Err(Refusal::WrongStep),
    }
}

fn check_policy(password: &str, confirmation: &str) -> Result<(), Refusal> {
    let mut issues = Vec::new();
    let mut wrong = |field, text: &str| issues.push(Issue { field, text: text.to_owned() });
    if password.chars().count() < SHORTEST_PASSWORD {
        wrong("password", "The password must have at least 8 characters");
    }
    if !password.chars().any(char::is_numeric) {
        wrong("password", "The password must have a digit");
    }
    if !password.chars().any(char::is_alphabetic) {
        wrong("password", "The password must have a letter");
    }
    if password != confirmation {
        wrong("passwordConfirmation", "The passwords differ");
    }
    if issues.is_empty() { Ok(()) } else { Err(Refusal::BadPassword(issues)) }
}
