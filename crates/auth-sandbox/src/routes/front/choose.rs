//! `POST /signin/2fa`: one of the second factors is chosen; choosing SMS sends a new code.

use std::sync::Arc;

use crate::host::Host;
use crate::outbox::{Channel, Purpose};
use crate::render::{Answer, Refusal};
use crate::routes::call::Call;
use crate::users::Method;
use crate::wizard::Step;

pub(super) async fn choose(host: Arc<Host>, call: Call) -> Result<Answer, Refusal> {
    let mut fields = call.fields()?;
    let uuid = fields.uuid("uuid");
    let name = fields.text("type");
    let method = Method::from_name(&name);
    if method.is_none() && !name.is_empty() {
        fields.wrong("type", "must be google or sms");
    }
    fields.check()?;
    let Some(method) = method else { return Err(Refusal::Broken) };

    let now = host.now();
    let mut message = None;
    let answer = {
        let mut tables = host.tables();
        // Another method may still be chosen while a code is awaited.
        let user = match tables.wizards.step(uuid, now)? {
            Step::Choose { user } | Step::Code { user, .. } => *user,
            _ => return Err(Refusal::WrongStep),
        };
        if !tables.users.user(user).methods.contains(&method) {
            let mut fields = call.fields()?;
            fields.wrong("type", "names a method that is not enabled");
            fields.check()?;
        }
        let sent = match method {
            Method::Google => None,
            Method::Sms => {
                let sent = tables.send(user, Channel::Sms, Purpose::SignIn, now)?;
                Some(message.insert(sent).code().to_owned())
            }
        };
        let step = Step::Code { user, method, sent };
        Answer::Chosen { uuid: tables.wizards.advance(uuid, step, host.settings.dialect().uuid), method }
    };
    if let Some(message) = message {
        host.tell(&message);
    }
    Ok(answer)
}
