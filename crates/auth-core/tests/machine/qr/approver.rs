//! The phone that approves.

use super::*;
use auth_core::{
    Endpoint, RequestContext,
    qr::{
        Approver, DecisionRejected, QrApprovalError, QrContext, QrProtocol, QrRisk, ScanSource, ScannedCode,
    },
};
use std::sync::Arc;

fn protocol() -> Arc<QrProtocol> {
    let mut protocol = QrProtocol::default();
    protocol.set("inspect", "true").expect("as scripted");
    protocol.set("decline", "true").expect("as scripted");
    Arc::new(protocol)
}

fn scanned(source: ScanSource) -> ScannedCode {
    let text = format!(r#"{{"id":"{ID}","host":"https://broker.example","ip":"203.0.113.9"}}"#);
    ScannedCode::read(text.as_bytes(), &host(), source).expect("as scripted")
}

fn approver() -> Approver {
    Approver { account: "ann@example.com".to_owned(), host: host(), now: at(100.0), last_approval: None }
}

fn inspected(outcome: Outcome) -> Result<QrContext, QrApprovalError> {
    let (request, in_flight) =
        scanned(ScanSource::Camera).inspect(&protocol(), bearer()).expect("as scripted");
    assert_eq!(request.endpoint(), Endpoint::QrInspect);
    in_flight.resume(outcome, approver(), &limits())
}

fn context() -> QrContext {
    scanned(ScanSource::Camera).context(&protocol(), approver())
}

fn approve(outcome: Outcome) -> Result<(), DecisionRejected> {
    let (request, in_flight) = context().approve(bearer());
    assert_eq!(request.endpoint(), Endpoint::QrApprove);
    in_flight.resume(outcome, at(101.0).wall, &limits())
}

#[test]
fn the_approval_names_the_code_and_who_approves() {
    let (request, _) = context().approve(bearer());
    let requests = RequestContext { host: host(), user_agent: "test/1".to_owned(), language: None };
    let http = request.into_http(&requests, auth_core::CorrelationId::new("1".to_owned()));
    let body = String::from_utf8(http.body.unwrap().expose().to_vec()).unwrap();
    assert_eq!(body, format!(r#"{{"channelId":"{ID}","id":"{ID}"}}"#));
    let bearer = http.headers.iter().find(|header| header.name == "Authorization").unwrap();
    assert_eq!(&**bearer.value, "Bearer 4ccess");
    assert_eq!(http.url, "https://broker.example/api/v2/my/signin/tokens");
}

#[test]
fn what_the_host_did_not_say_is_unknown_whatever_the_code_claims() {
    let context = context();
    let details = context.details();
    assert_eq!((&details.ip, &details.location, &details.user_agent), (&None, &None, &None));
    assert_eq!(details.risks, [QrRisk::AddressUnknown]);
    assert_eq!((&*details.account, &details.host), ("ann@example.com", &host()));
}

#[test]
fn what_the_host_says_is_shown_with_its_risks() {
    let seen = |ip: &str, yours: &str, expires: &str| {
        let body = format!(
            r#"{{"ip":"{ip}","location":"Berlin","userAgent":"Mozilla\u001b[31m","yourIp":"{yours}","expiresAt":"{expires}"}}"#
        );
        inspected(dated(200, &body)).unwrap().details().clone()
    };
    let near = seen("192.0.2.7", "192.0.2.7", "2026-01-01T00:01:00+00:00");
    let shown = [&near.ip, &near.location, &near.user_agent].map(|text| text.as_deref());
    assert_eq!(shown, [Some("192.0.2.7"), Some("Berlin"), Some("Mozilla [31m")]);
    assert!(near.risks.is_empty());
    let far = seen("198.51.100.1", "192.0.2.7", "2026-01-01T00:00:09+00:00");
    assert_eq!(far.risks, [QrRisk::AddressDiffers, QrRisk::NearlyExpired]);
    assert!(seen("2001:db8::1", "2001:db8::2", "2026-01-01T00:01:00Z").risks.is_empty());
    assert_eq!(seen("2001:db8::1", "2001:db8:1::1", "2026-01-01T00:01:00Z").risks, [QrRisk::AddressDiffers]);
    assert_eq!(seen("2001:db8::1", "192.0.2.7", "2026-01-01T00:01:00Z").risks, [QrRisk::AddressDiffers]);
    for odd in ["192.0.2.7:4711", "192.0.2.7, 10.0.0.1", "here"] {
        assert_eq!(seen(odd, "192.0.2.7", "2026-01-01T00:01:00Z").risks, [QrRisk::AddressUnknown], "{odd}");
    }
}

#[test]
fn the_way_of_the_code_is_a_risk_too() {
    let bare = ScannedCode::read(ID.as_bytes(), &host(), ScanSource::Link).unwrap();
    let recent = Approver { last_approval: Some(at(95.0)), ..approver() };
    let risks = bare.context(&protocol(), recent);
    assert_eq!(
        risks.details().risks,
        [QrRisk::AddressUnknown, QrRisk::HostNotNamed, QrRisk::RecentApproval, QrRisk::NotFromCamera]
    );
    let long_ago = Approver { last_approval: Some(at(0.0)), ..approver() };
    assert_eq!(
        scanned(ScanSource::Camera).context(&protocol(), long_ago).details().risks,
        [QrRisk::AddressUnknown]
    );
}

#[test]
fn a_host_that_cannot_be_asked_knows_nothing() {
    let protocol = Arc::new(QrProtocol::default());
    assert!(scanned(ScanSource::Camera).inspect(&protocol, bearer()).is_err());
    for outcome in [answer(404, "<html>"), answer(404, ""), answer(405, "")] {
        assert_eq!(inspected(outcome).unwrap().details().risks, [QrRisk::AddressUnknown]);
    }
    for (outcome, kind) in [
        (refusal(404, "unknown code"), "qr_expired"),
        (refusal(410, "gone"), "qr_expired"),
        (refusal(409, "used"), "qr_already_used"),
        (refusal(401, "no"), "qr_unauthorized"),
        (Err(TransportError::TimedOut), "timed_out"),
    ] {
        assert_eq!(inspected(outcome).unwrap_err().kind(), kind);
    }
}

#[test]
fn every_success_is_an_approval() {
    for outcome in [
        answer(200, "{}"),
        answer(204, ""),
        answer(201, r#"{"authorizationToken":"x"}"#),
        answer(202, "[]"),
        answer(200, ""),
        answer(201, " "),
        answer(200, "true"),
        answer(200, "\"ok\""),
        answer(200, "null"),
    ] {
        approve(outcome).unwrap();
    }
}

#[test]
fn a_decision_that_was_not_made_can_be_made_again_and_no_other() {
    for (outcome, kind, again) in [
        (Err(TransportError::Unreachable), "unreachable", true),
        (refusal(401, "expired"), "qr_unauthorized", true),
        (answer(429, ""), "locked_out", true),
        (answer(405, ""), "not_available", true),
        (answer(404, "<html>"), "not_available", true),
        (answer(200, "<html>"), "not_b2core", true),
        (answer(200, r#"{"error":{"code":0,"message":"no"}}"#), "refused", false),
        (answer(302, ""), "redirected", true),
        (Err(TransportError::TimedOut), "qr_uncertain", false),
        (Err(TransportError::Interrupted), "qr_uncertain", false),
        (answer(503, ""), "qr_uncertain", false),
        (refusal(404, "unknown"), "qr_expired", false),
        (refusal(410, "gone"), "qr_expired", false),
        (refusal(400, "The code has expired"), "qr_expired", false),
        (refusal(409, "x"), "qr_already_used", false),
        (refusal(422, "already approved"), "qr_already_used", false),
        (refusal(403, "not allowed"), "refused", false),
    ] {
        let rejected = approve(outcome).unwrap_err();
        assert_eq!((rejected.cause.kind(), rejected.context.is_some()), (kind, again));
    }
}

#[test]
fn a_decline_is_sent_only_where_the_host_can_take_it() {
    let quiet = scanned(ScanSource::Camera).context(&Arc::new(QrProtocol::default()), approver());
    assert!(quiet.decline(bearer()).is_none());
    let (request, in_flight) = context().decline(bearer()).unwrap();
    assert_eq!(request.endpoint(), Endpoint::QrDecline);
    in_flight.resume(answer(204, ""), at(1.0).wall, &limits()).unwrap();
}

#[test]
fn no_secret_is_in_debug_or_in_the_hosts_texts() {
    let (request, in_flight) = context().approve(bearer());
    let debug = format!("{:?} {request:?} {in_flight:?}", context());
    assert!(!debug.contains(ID) && !debug.contains("4ccess"), "{debug}");
    let echoed = approve(refusal(403, &format!("no: {ID} 4ccess"))).unwrap_err();
    assert_eq!(echoed.cause.server_message().unwrap().lines(), ["no: … …", "no"]);
}
