//! What is known of the sign-in that waits, before it is decided on.

use crate::{failure::quoted, output};
use auth_client::{QrDetails, QrRisk};
use auth_messages::{Catalogue, Message};
use serde_json::{Value, json};

pub(super) fn as_json(details: &QrDetails) -> Value {
    let risks: Vec<&str> = details.risks.iter().map(|risk| risk.kind()).collect();
    json!({
        "account": details.account,
        "host": details.host.to_string(),
        "ip": details.ip,
        "location": details.location,
        "user_agent": details.user_agent,
        "created_at": output::date(details.created_at),
        "expires_at": output::date(details.expires_at),
        "risks": risks,
    })
}

pub(super) fn as_lines(details: &QrDetails, catalogue: &Catalogue) -> Vec<String> {
    let or_unknown =
        |told: Option<&str>| told.map_or_else(|| catalogue.say(&Message::new("qr-unknown")), str::to_owned);
    let date = |at: Option<auth_client::Timestamp>| or_unknown(at.map(|at| at.to_string()).as_deref());
    let facts = [
        Message::new("qr-account").with("account", &details.account),
        Message::new("qr-host").with("host", &details.host),
        Message::new("qr-address").with("ip", or_unknown(details.ip.as_deref())),
        Message::new("qr-place").with("place", or_unknown(details.location.as_deref())),
        Message::new("qr-device").with("device", or_unknown(details.user_agent.as_deref())),
        Message::new("qr-made").with("date", date(details.created_at)),
        Message::new("qr-expires").with("date", date(details.expires_at)),
    ];
    let risks = details.risks.iter().map(|risk| format!("! {}", catalogue.say(&of_risk(*risk))));
    facts.iter().map(|fact| catalogue.say(fact)).chain(risks).collect()
}

/// The question to whoever decides.
pub(super) fn question(details: &QrDetails) -> Message {
    let place = details.location.as_ref().or(details.ip.as_ref());
    let question = match place {
        Some(place) => Message::new("qr-question").with("place", quoted(place)),
        None => Message::new("qr-question-unknown"),
    };
    question.with("account", &details.account)
}

fn of_risk(risk: QrRisk) -> Message {
    match risk {
        QrRisk::AddressUnknown => Message::new("qr-risk-address_unknown"),
        QrRisk::AddressDiffers => Message::new("qr-risk-address_differs"),
        QrRisk::NearlyExpired => Message::new("qr-risk-nearly_expired"),
        QrRisk::HostNotNamed => Message::new("qr-risk-host_not_named"),
        QrRisk::RecentApproval => Message::new("qr-risk-recent_approval"),
        QrRisk::NotFromCamera => Message::new("qr-risk-not_from_camera"),
        _ => Message::new("qr-risk-other"),
    }
}
