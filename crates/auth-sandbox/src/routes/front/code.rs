//! `POST /2fa/google` and `POST /2fa/sms`: the second factor's code.

use std::sync::Arc;

use crate::codes::digits;
use crate::codes::totp::Verdict;
use crate::host::Host;
use crate::limits::Group;
use crate::render::{Answer, Refusal};
use crate::routes::call::Call;
use crate::users::{Method, Office};
use crate::wizard::Step;

pub(super) async fn code(method: Method, host: Arc<Host>, call: Call) -> Result<Answer, Refusal> {
    let mut fields = call.fields()?;
    let uuid = fields.uuid("uuid");
    let code = fields.text("code");
    fields.check()?;

    let now = host.now();
    let mut tables = host.tables();
    let (id, sent) = match tables.wizards.step(uuid, now)? {
        Step::Code { user, method: awaited, sent } if *awaited == method => (*user, sent.clone()),
        _ => return Err(Refusal::WrongStep),
    };
    tables.attempt_by((Office::Front, Group::Codes), id, call.ip, now)?;
    let user = tables.users.user_mut(id);
    let verdict = match (sent, &mut user.authenticator) {
        (Some(sent), _) if digits::same(sent.as_bytes(), code.as_bytes()) => Verdict::Right,
        (None, Some(authenticator)) => authenticator.check(&code, now),
        _ => Verdict::Wrong,
    };
    match verdict {
        Verdict::Wrong => return Err(Refusal::WrongCode),
        Verdict::AlreadyUsed => return Err(Refusal::SpentCode),
        Verdict::Right => {}
    }
    let methods = user.methods.clone();
    let pair = host.open_session(&mut tables, id)?;
    let uuid = tables.wizards.finish(uuid, host.settings.dialect().uuid);
    Ok(Answer::SignedIn { uuid, methods, pair })
}
