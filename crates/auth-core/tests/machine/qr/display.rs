//! The screen that shows a code.

use super::*;
use auth_core::{
    CallError, DeviceFingerprint, Endpoint, Office,
    qr::{
        ApprovedCode, CodeAnswer, CodeEvent, ExchangeFailed, NeedQrCode, QrCode, QrProtocol, QrSignInError,
    },
    secret::AuthorizationToken,
};
use std::sync::Arc;

fn ask(protocol: QrProtocol, outcome: Outcome) -> Result<CodeAnswer, QrSignInError> {
    let (request, in_flight) = NeedQrCode::new(host(), Arc::new(protocol)).request(at(0.0));
    assert_eq!(request.endpoint(), Endpoint::QrCode);
    in_flight.resume(outcome, at(1.0).wall, &limits())
}

fn code(protocol: QrProtocol) -> QrCode {
    let sample = format!(r#"{{"id":"{ID}","lifetimeMinutes":2,"ip":"127.0.0.1","location":null}}"#);
    match ask(protocol, answer(200, &sample)) {
        Ok(CodeAnswer::Code(code)) => *code,
        other => panic!("{other:?}"),
    }
}

fn event(code: &QrCode, name: &str, data: &str, seconds: f64) -> CodeEvent {
    code.on_event(name, &SecretBytes::new(data.as_bytes().to_vec()), &at(seconds))
}

fn approved() -> ApprovedCode {
    code(QrProtocol::default()).complete(AuthorizationToken::new(TOKEN), &at(5.0)).expect("as scripted")
}

fn exchange(outcome: Outcome) -> Result<auth_core::session::StoredSession, ExchangeFailed> {
    let (request, in_flight) = approved().exchange(&DeviceFingerprint::new("docs/1"));
    assert_eq!(request.endpoint(), Endpoint::QrExchange);
    in_flight.resume(outcome, &at(6.0), &limits())
}

#[test]
fn the_vendors_sample_is_a_code_for_two_minutes() {
    let code = code(QrProtocol::default());
    assert_eq!(code.channel_id().expose(), ID);
    assert_eq!(code.payload().expose(), format!(r#"{{"id":"{ID}","host":"https://broker.example"}}"#));
    assert_eq!((code.ip(), code.location()), (Some("127.0.0.1"), None));
    assert_eq!((code.channel_name().expose(), code.event()), (&*format!("qr.{ID}"), "approved"));
    // Counted from before the request was sent.
    assert_eq!(code.expires_at(), at(120.0).wall);
    assert!(code.is_usable(&at(119.9)) && !code.is_usable(&at(120.0)));
    let subscription = code.subscription("test/1");
    assert_eq!(subscription.url, "https://broker.example/socket.io/");
    let debug = format!("{code:?} {subscription:?}");
    assert!(!debug.contains(ID), "{debug}");
}

#[test]
fn the_lifetime_is_measured_by_the_clock_that_cannot_be_set() {
    let code = code(QrProtocol::default());
    for hours in [-24, 24] {
        let mut now = at(60.0);
        now.wall += auth_core::SignedDuration::from_hours(hours);
        assert_eq!(code.time_left(&now), Duration::from_secs(60), "the wall clock was set by {hours} h");
    }
    // Where only the wall clock is there, one that goes backwards makes no code live longer.
    let earlier = at(0.0).wall - Duration::from_secs(10);
    assert!(!code.is_usable(&ClockReading::wall_clock_only(earlier)));
}

#[test]
fn a_host_without_qr_sign_in_is_a_state() {
    for outcome in [
        answer(404, ""),
        answer(404, "<html>"),
        refusal(404, "not found"),
        answer(405, r#"{"message":"Method Not Allowed"}"#),
        answer(501, ""),
    ] {
        assert!(matches!(ask(QrProtocol::default(), outcome), Ok(CodeAnswer::NotAvailable)));
    }
}

#[test]
fn no_code_is_an_error_of_its_kind() {
    let kind = |outcome| match ask(QrProtocol::default(), outcome) {
        Err(error) => error.kind(),
        Ok(answer) => panic!("{answer:?}"),
    };
    assert_eq!(kind(Err(TransportError::Unreachable)), "unreachable");
    assert_eq!(kind(answer(200, "{}")), "protocol");
    assert_eq!(kind(answer(200, "<html>")), "not_b2core");
    assert_eq!(kind(answer(503, "<html>")), "host_failed");
    assert_eq!(kind(answer(302, "")), "redirected");
    assert_eq!(kind(answer(429, "")), "locked_out");
    assert_eq!(kind(refusal(403, "your country is not served")), "refused");
}

#[test]
fn only_its_own_events_move_a_code() {
    let code = code(QrProtocol::default());
    let good = format!(r#"{{"authorizationToken":"{}"}}"#, TOKEN.replace('/', "\\/"));
    for name in ["approved", ".approved"] {
        assert!(matches!(event(&code, name, &good, 5.0), CodeEvent::Approved(_)), "{name}");
    }
    for (name, data) in [
        ("disconnect", &*good),
        ("Approved", &good),
        ("approved", "null"),
        ("approved", "[]"),
        ("approved", r#"{"authorizationToken":{"a":1}}"#),
        ("approved", r#"{"authorizationToken":"#),
        ("approved", "\"x\""),
        ("", &good),
    ] {
        assert!(matches!(event(&code, name, data, 5.0), CodeEvent::Ignored), "{name} {data}");
    }
    assert!(matches!(event(&code, "declined", "{}", 5.0), CodeEvent::Declined));
    assert!(matches!(event(&code, "expired", "{}", 5.0), CodeEvent::Expired));
    // An approval after the end of the lifetime is none.
    assert!(matches!(event(&code, "approved", &good, 120.0), CodeEvent::Expired));
    let late = code.complete(AuthorizationToken::new(TOKEN), &at(120.0));
    assert!(matches!(late, Err(QrSignInError::NoCode)));
}

#[test]
fn the_names_of_the_protocol_are_the_ones_that_count() {
    let mut protocol = QrProtocol::default();
    for (key, value) in [("event", r"App\Events\Done"), ("token_fields", "t"), ("private", "true")] {
        protocol.set(key, value).unwrap();
    }
    let code = code(protocol);
    assert_eq!(code.channel_name().expose(), format!("private-qr.{ID}"));
    assert!(matches!(event(&code, r"App\Events\Done", r#"{"t":"x"}"#, 1.0), CodeEvent::Approved(_)));
    assert!(matches!(event(&code, "approved", r#"{"t":"x"}"#, 1.0), CodeEvent::Ignored));
}

#[test]
fn an_approved_code_becomes_a_session() {
    let pair = r#""tokens":{"accessToken":{"token":"a","createdAt":"2026-01-01T00:00:00+00:00","expiresAt":"2026-01-01T00:15:00+00:00"},"refreshToken":{"token":"r"}}"#;
    let session = exchange(answer(200, &format!(r#"{{"clientId":1,{pair}}}"#))).unwrap();
    assert_eq!((session.office, session.client_id.as_deref()), (Office::Front, Some("1")));
    assert_eq!(session.account, "1", "the documented answer has no e-mail");
    assert_eq!(session.access_token_lifetime(), Some(Duration::from_secs(900)));
    let named = exchange(answer(200, &format!(r#"{{"email":"ann@example.com",{pair}}}"#))).unwrap();
    assert_eq!(named.account, "ann@example.com");
    let bare = exchange(answer(201, &format!("{{{pair}}}"))).unwrap();
    assert_eq!((bare.account.as_str(), bare.client_id), ("", None));
}

#[test]
fn an_exchange_that_cannot_have_been_seen_can_be_made_again() {
    for (outcome, again) in [
        (Err(TransportError::Unreachable), true),
        (Err(TransportError::Tls), true),
        (Err(TransportError::PinMismatch), true),
        (answer(429, ""), true),
        (Err(TransportError::Interrupted), false),
        (Err(TransportError::TimedOut), false),
        (answer(502, "<html>"), false),
        (answer(200, r#"{"clientId":1,"tokens":{"accessToken":{"token":"a"},"refreshToken":null}}"#), false),
        (refusal(409, "already used"), false),
    ] {
        let failed = exchange(outcome).unwrap_err();
        assert_eq!(failed.approved.is_some(), again, "{failed}");
    }
}

#[test]
fn an_authorization_that_was_taken_is_told_from_one_that_came_too_late() {
    for (outcome, kind) in [
        (refusal(409, "used"), "qr_authorization_used"),
        (refusal(401, "authorization token"), "qr_authorization_used"),
        (refusal(400, "the authorization token is not valid"), "qr_authorization_used"),
        (refusal(404, "not found"), "qr_authorization_used"),
        (refusal(401, "The token is unknown or has expired"), "qr_authorization_used"),
        (refusal(410, "gone"), "qr_expired"),
        (refusal(401, "The authorization token has expired"), "qr_expired"),
        (refusal(403, "blocked"), "refused"),
        (answer(404, "<html>"), "not_b2core"),
    ] {
        assert_eq!(exchange(outcome).unwrap_err().cause.kind(), kind);
    }
    let echoed = exchange(refusal(409, &format!("{TOKEN} was used"))).unwrap_err();
    let lines = echoed.cause.server_message().unwrap().lines().join(" ");
    assert!(!lines.contains(TOKEN) && lines.contains("was used"), "{lines}");
}

#[test]
fn no_secret_is_in_debug() {
    let (request, in_flight) = approved().exchange(&DeviceFingerprint::new("docs/1"));
    let lost = CallError::from(TransportError::TimedOut);
    let debug = format!("{request:?} {in_flight:?} {lost:?} {:?}", approved());
    assert!(!debug.contains("2y$10"), "{debug}");
}
