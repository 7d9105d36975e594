//! What the calls of QR sign-in check first.

use jiff::Timestamp;

use crate::host::Host;
use crate::limits::Group;
use crate::qr::QrOff;
use crate::render::Refusal;
use crate::routes::call::Call;
use crate::users::{Office, UserId};

/// Refuses where QR sign-in is off. Channels whose time is over end first.
pub(super) fn offered(host: &Host, now: Timestamp) -> Result<(), Refusal> {
    if host.settings.offers().qr {
        host.expire_qr_channels(now);
        return Ok(());
    }
    Err(match host.settings.qr().off {
        QrOff::NotFound => Refusal::NoEndpoint,
        QrOff::MethodNotAllowed => Refusal::NoMethod,
    })
}

/// Counts a call of a display, which has no account.
pub(super) fn count_display(host: &Host, group: Group, call: &Call, now: Timestamp) -> Result<(), Refusal> {
    host.tables().attempt((Office::Front, group), "", call.ip, now)
}

/// Who approves, and the id of the channel that it is about.
pub(super) fn approver(host: &Host, call: &Call, now: Timestamp) -> Result<(UserId, String), Refusal> {
    let token = call.bearer.as_deref().ok_or(Refusal::BadToken)?;
    let user = {
        let mut tables = host.tables();
        let user = tables.sessions.bearer(Office::Front, token, now).map_err(|_| Refusal::BadToken)?;
        tables.attempt_by((Office::Front, Group::QrDecision), user, call.ip, now)?;
        user
    };
    let mut fields = call.fields()?;
    // No document names the field: clients send both.
    let id = match fields.optional_text("channelId") {
        Some(id) if !id.is_empty() => id,
        _ => fields.text("id"),
    };
    fields.check()?;
    Ok((user, id))
}
