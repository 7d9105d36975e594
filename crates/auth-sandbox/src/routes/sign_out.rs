//! `POST /signout` of both offices: the bearer's session ends.

use std::sync::Arc;

use super::call::Call;
use crate::host::Host;
use crate::render::{Answer, Refusal};
use crate::users::Office;

pub(super) async fn sign_out(office: Office, host: Arc<Host>, call: Call) -> Result<Answer, Refusal> {
    let token = call.bearer.ok_or(Refusal::BadToken)?;
    let now = host.now();
    host.tables().sessions.close(office, &token, now).map_err(|_| Refusal::BadToken)?;
    Ok(Answer::SignedOut)
}
