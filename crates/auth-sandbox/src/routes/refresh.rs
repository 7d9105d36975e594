//! `POST /refresh` of both offices: a refresh token for a new pair.

use std::sync::Arc;

use super::call::Call;
use crate::dialect::RefreshToken;
use crate::host::Host;
use crate::limits::Group;
use crate::render::{Answer, Refusal};
use crate::users::Office;

pub(super) async fn refresh(office: Office, host: Arc<Host>, call: Call) -> Result<Answer, Refusal> {
    let mut fields = call.fields()?;
    let token = fields.text("refreshToken");
    fields.check()?;

    let now = host.now();
    let mut tables = host.tables();
    let group = (office, Group::Refresh);
    let Some(user) = tables.sessions.owner(office, &token) else {
        // Guesses have no account; they count together.
        tables.attempt(group, "", call.ip, now)?;
        return Err(Refusal::BadToken);
    };
    tables.attempt_by(group, user, call.ip, now)?;
    let client_id = tables.users.user(user).client_id;
    let pair = host.pair(client_id, now)?;
    let grace = host.settings.refresh_grace();
    match host.settings.dialect().refresh_token {
        RefreshToken::New => tables.sessions.rotate(office, &token, &pair, now, grace),
        RefreshToken::Kept => tables.sessions.extend(office, &token, &pair, now),
    }
    .map_err(|_| Refusal::BadToken)?;
    Ok(Answer::Refreshed { pair })
}
