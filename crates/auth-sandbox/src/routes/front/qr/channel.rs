//! `GET /signin/qrcodes`: a display asks for a code.

use std::sync::Arc;

use super::gate;
use crate::clock::after;
use crate::host::Host;
use crate::limits::Group;
use crate::qr::Display;
use crate::render::{Answer, Refusal};
use crate::routes::call::Call;

pub(in crate::routes::front) async fn channel(host: Arc<Host>, call: Call) -> Result<Answer, Refusal> {
    let now = host.now();
    gate::offered(&host, now)?;
    gate::count_display(&host, Group::QrChannel, &call, now)?;
    let settings = host.settings.qr();
    let location = settings.location.clone();
    let id = host.tables().qr.open(Display {
        ip: call.ip,
        location: location.clone(),
        user_agent: call.user_agent,
        created: now,
        expires: after(now, settings.lifetime),
    });
    Ok(Answer::QrChannel { id, lifetime: settings.lifetime_minutes(), ip: call.ip, location })
}
