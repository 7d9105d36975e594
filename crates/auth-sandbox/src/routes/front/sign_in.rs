//! `POST /signin`: e-mail and password.

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use crate::dialect::Next;
use crate::host::{Host, Tables};
use crate::limits::Group;
use crate::outbox::{Channel, Message, Purpose};
use crate::render::{Answer, Refusal};
use crate::routes::call::Call;
use crate::users::{Method, Office, UserId};
use crate::wizard::Step;

struct Form {
    uuid: Uuid,
    email: String,
    password: String,
    recaptcha: Option<String>,
}

impl Form {
    fn read(call: &Call) -> Result<Self, Refusal> {
        let mut fields = call.fields()?;
        let form = Self {
            uuid: fields.uuid("uuid"),
            email: fields.text("email"),
            password: fields.text("password"),
            recaptcha: fields.optional_text("recaptchaResponse"),
        };
        fields.fingerprint("device_fingerprint");
        fields.check()?;
        Ok(form)
    }
}

pub(super) async fn sign_in(host: Arc<Host>, call: Call) -> Result<Answer, Refusal> {
    let form = Form::read(&call)?;
    host.tables().attempt((Office::Front, Group::SignIn), &form.email, call.ip, host.now())?;
    awaits_credentials(&host.tables(), form.uuid, host.now())?;
    check_recaptcha(&host, form.recaptcha.as_deref())?;
    let user = host.check_password(Office::Front, &form.email, form.password).await?;
    let (answer, message) = advance(&host, form.uuid, user)?;
    if let Some(message) = message {
        host.tell(&message);
    }
    Ok(answer)
}

fn awaits_credentials(tables: &Tables, uuid: Uuid, now: Timestamp) -> Result<(), Refusal> {
    match tables.wizards.step(uuid, now)? {
        Step::Credentials => Ok(()),
        _ => Err(Refusal::WrongStep),
    }
}

fn check_recaptcha(host: &Host, response: Option<&str>) -> Result<(), Refusal> {
    match response {
        _ if !host.settings.offers().recaptcha => Ok(()),
        None | Some("" | "bad") => Err(Refusal::BadRecaptcha),
        Some(_) => Ok(()),
    }
}

/// The credentials are right: moves the sign-in on and sends the code that is due.
fn advance(host: &Host, uuid: Uuid, id: UserId) -> Result<(Answer, Option<Message>), Refusal> {
    let now = host.now();
    let dialect = host.settings.dialect();
    let policy = dialect.uuid;
    let mut tables = host.tables();
    // Hashing took a while: the sign-in may have moved on in the meantime.
    awaits_credentials(&tables, uuid, now)?;
    let (methods, force_reset) = {
        let user = tables.users.user(id);
        (user.methods.clone(), user.force_reset)
    };
    let next = dialect.after_credentials(&methods, force_reset);
    let mut message = None;
    let step = match next {
        Next::Tokens => {
            let pair = host.open_session(&mut tables, id)?;
            let uuid = tables.wizards.finish(uuid, policy);
            return Ok((Answer::SignedIn { uuid, methods, pair }, None));
        }
        Next::Code(Method::Sms) => {
            let sent = tables.send(id, Channel::Sms, Purpose::SignIn, now)?;
            Step::Code { user: id, method: Method::Sms, sent: Some(message.insert(sent).code().to_owned()) }
        }
        Next::Code(Method::Google) => Step::Code { user: id, method: Method::Google, sent: None },
        Next::Choose => Step::Choose { user: id },
        Next::ResetCode => {
            let sent = tables.send(id, Channel::Mail, Purpose::PasswordReset, now)?;
            Step::ResetCode { user: id, sent: message.insert(sent).code().to_owned() }
        }
        Next::Unknown => Step::DeadEnd,
    };
    let uuid = tables.wizards.advance(uuid, step, policy);
    Ok((Answer::CredentialsRight { uuid, next, methods }, message))
}
