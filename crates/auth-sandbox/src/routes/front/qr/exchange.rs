//! `POST /signin/qrcodes`: a display exchanges its authorization token for a session.

use std::sync::Arc;

use super::gate;
use crate::host::Host;
use crate::limits::Group;
use crate::render::{Answer, Refusal};
use crate::routes::call::Call;

pub(in crate::routes::front) async fn exchange(host: Arc<Host>, call: Call) -> Result<Answer, Refusal> {
    let now = host.now();
    gate::offered(&host, now)?;
    gate::count_display(&host, Group::QrExchange, &call, now)?;
    let mut fields = call.fields()?;
    fields.fingerprint("deviceFingerprint");
    let token = fields.text("authorizationToken");
    fields.check()?;

    let mut tables = host.tables();
    let id = tables.qr.spend(&token, now)?;
    let pair = host.open_session(&mut tables, id)?;
    let user = tables.users.user(id);
    Ok(Answer::QrSignedIn { client_id: user.client_id, email: user.email.clone(), pair })
}
