//! `POST /signin/qrcodes/inspect`, which is not the vendor's: an approver sees whom it would let in.

use std::sync::Arc;

use super::gate;
use crate::host::Host;
use crate::render::{Answer, Refusal};
use crate::routes::call::Call;

pub(in crate::routes::front) async fn inspect(host: Arc<Host>, call: Call) -> Result<Answer, Refusal> {
    let now = host.now();
    gate::offered(&host, now)?;
    let (_, id) = gate::approver(&host, &call, now)?;
    let display = host.tables().qr.display(&id, now)?;
    Ok(Answer::QrDisplay { display, your_ip: call.ip })
}
