//! An event of the live channel, while a code is shown.

use crate::now;
use auth_core::{
    ApiRequest, BootTime, ClockReading, CorrelationId, DeviceFingerprint, Host, HttpResponse, RequestContext,
    attempts::Limits,
    qr::{CodeAnswer, CodeEvent, NeedQrCode, QrCode},
    secret::SecretBytes,
};
use serde_json::Value;
use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

/// The first line is the event's name, the rest its data. Approved is what is named so and has a token where one can be; nothing
/// is shown of it.
pub fn check(data: &[u8]) {
    let split = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (name, data) = data.split_at(split);
    let name = String::from_utf8_lossy(name);
    let data = data.strip_prefix(b"\n").unwrap_or(data);
    let code = code();
    let event = code.on_event(&name, &SecretBytes::new(data.to_vec()), &at(30));
    let bare = name.trim_start_matches(['.', '\\']);
    match event {
        CodeEvent::Approved(approved) => {
            assert_eq!(bare, "approved");
            let debug = format!("{approved:?}");
            let token = token(approved.exchange(&DeviceFingerprint::new("fuzz/1")).0);
            assert!((1..=4096).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic()));
            assert!(token.len() < 16 || !debug.contains(&token), "{debug}");
            if let Ok(json) = serde_json::from_slice::<Value>(data) {
                assert!(has_text(&json, &token), "{token:?} is not in {json}");
            }
        }
        CodeEvent::Declined => assert_eq!(bare, "declined"),
        CodeEvent::Expired => assert_eq!(bare, "expired"),
        CodeEvent::Ignored => assert!(!matches!(bare, "declined" | "expired"), "{name:?}"),
    }
    // Too late, whatever it is.
    let late = code.on_event(&name, &SecretBytes::new(data.to_vec()), &at(121));
    assert!(matches!(late, CodeEvent::Expired | CodeEvent::Ignored), "{late:?}");
}

fn has_text(json: &Value, text: &str) -> bool {
    match json {
        Value::String(one) => one == text,
        Value::Object(fields) => fields.values().any(|value| has_text(value, text)),
        Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A code of two minutes.
fn code() -> &'static QrCode {
    static CODE: LazyLock<Box<QrCode>> = LazyLock::new(|| {
        let host = Host::parse("https://broker.example").expect("a host");
        let (_, in_flight) = NeedQrCode::new(host, Arc::default()).request(at(0));
        let body = br#"{"id":"0a4682f9-7e6c-49a7-b946-db58f28d8171","lifetimeMinutes":2}"#;
        let response =
            HttpResponse { status: 200, headers: Vec::new(), body: SecretBytes::new(body.to_vec()) };
        match in_flight.resume(Ok(response), now(), &Limits::default()) {
            Ok(CodeAnswer::Code(code)) => code,
            other => panic!("{other:?}"),
        }
    });
    &CODE
}

/// So many seconds after the code was asked for.
fn at(seconds: u64) -> ClockReading {
    let wall = now().checked_add(Duration::from_secs(seconds)).expect("a date");
    ClockReading { wall, boot: Some(BootTime { id: 7, elapsed: Duration::from_secs(1000 + seconds) }) }
}

/// The token that is exchanged.
fn token(request: ApiRequest) -> String {
    let context = RequestContext {
        host: Host::parse("https://broker.example").expect("a host"),
        user_agent: "fuzz/1".to_owned(),
        language: None,
    };
    let body = request.into_http(&context, CorrelationId::new("id")).body.expect("a body");
    let fields: Value = serde_json::from_slice(body.expose()).expect("JSON");
    fields["authorizationToken"].as_str().expect("a token").to_owned()
}
