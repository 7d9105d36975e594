//! `GET /signin/wizard`, or `POST`: a sign-in begins.

use std::sync::Arc;

use axum::http::Method;

use crate::dialect::WizardMethod;
use crate::host::Host;
use crate::render::{Answer, Refusal};
use crate::routes::call::Call;

pub(super) async fn start(host: Arc<Host>, call: Call) -> Result<Answer, Refusal> {
    match host.settings.dialect().wizard_method {
        WizardMethod::Get if call.method != Method::GET => return Err(Refusal::OnlyMethod("GET")),
        WizardMethod::Post if call.method != Method::POST => return Err(Refusal::OnlyMethod("POST")),
        WizardMethod::Both | WizardMethod::Get | WizardMethod::Post => {}
    }
    let now = host.now();
    let uuid = host.tables().wizards.start(now);
    Ok(Answer::Started { uuid, offers: host.settings.offers() })
}
