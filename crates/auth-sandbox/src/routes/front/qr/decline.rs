//! `POST /signin/qrcodes/decline`, which is not the vendor's: a signed-in user turns a display away.

use std::sync::Arc;

use super::gate;
use crate::host::Host;
use crate::render::{Answer, Refusal};
use crate::routes::call::Call;

pub(in crate::routes::front) async fn decline(host: Arc<Host>, call: Call) -> Result<Answer, Refusal> {
    let now = host.now();
    gate::offered(&host, now)?;
    let (_, id) = gate::approver(&host, &call, now)?;
    host.decline_qr_channel(&id, now)?;
    Ok(Answer::QrDeclined)
}
