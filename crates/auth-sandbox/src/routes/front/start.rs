//! `GET /signin/wizard`: a sign-in begins.

use std::sync::Arc;

use crate::host::Host;
use crate::render::{Answer, Refusal};
use crate::routes::call::Call;

pub(super) async fn start(host: Arc<Host>, _: Call) -> Result<Answer, Refusal> {
    let now = host.now();
    let uuid = host.tables().wizards.start(now);
    Ok(Answer::Started { uuid, offers: host.settings.offers() })
}
