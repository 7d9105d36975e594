//! `POST /2fa/confirm`: the mailed code.

use std::sync::Arc;

use crate::codes::digits;
use crate::host::Host;
use crate::limits::Group;
use crate::render::{Answer, Refusal};
use crate::routes::call::Call;
use crate::users::Office;

pub(super) async fn confirm(host: Arc<Host>, call: Call) -> Result<Answer, Refusal> {
    let mut fields = call.fields()?;
    let token = fields.uuid("token");
    let code = fields.text("code");
    fields.check()?;

    let now = host.now();
    let mut tables = host.tables();
    let (user, sent) = match tables.challenges.get(token, now) {
        Some(challenge) => (challenge.user, challenge.sent.clone()),
        None => return Err(Refusal::Gone),
    };
    tables.attempt_by((Office::Back, Group::Confirm), user, call.ip, now)?;
    if !digits::same(sent.as_bytes(), code.as_bytes()) {
        return Err(Refusal::WrongCode);
    }
    tables.challenges.finish(token);
    let pair = host.open_session(&mut tables, user)?;
    Ok(Answer::BackConfirmed { pair })
}
