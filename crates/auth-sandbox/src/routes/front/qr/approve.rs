//! `POST /signin/tokens`: a signed-in user lets a display in.

use std::sync::Arc;

use super::gate;
use crate::host::Host;
use crate::render::{Answer, Refusal};
use crate::routes::call::Call;

pub(in crate::routes::front) async fn approve(host: Arc<Host>, call: Call) -> Result<Answer, Refusal> {
    let now = host.now();
    gate::offered(&host, now)?;
    let (user, id) = gate::approver(&host, &call, now)?;
    host.approve_qr_channel(&id, user, now)?;
    Ok(Answer::QrApproved)
}
