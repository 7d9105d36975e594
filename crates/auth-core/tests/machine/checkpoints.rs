//! Pending steps survive their process.

use crate::scenario::{WAITING, act, at, now, ok, workflow};
use auth_core::{
    Timestamp,
    sign_in::{CheckpointError, Step},
};
use std::time::Duration;

fn later(seconds: u64) -> Timestamp {
    now().checked_add(Duration::from_secs(seconds)).expect("a date")
}

#[test]
fn every_waiting_step_goes_on_from_its_bytes() {
    for name in WAITING {
        let before = at(name);
        let checkpoint = before.checkpoint().expect("pending");
        let after = Step::from_checkpoint(checkpoint.bytes.expose(), later(60)).unwrap();
        assert_eq!(format!("{after:?}"), format!("{before:?}"), "{name}");
        let (asked_before, _) = act(before, ok("{}"));
        let (asked_after, _) = act(after, ok("{}"));
        assert_eq!(asked_before, asked_after, "{name}");
    }
}

#[test]
fn a_checkpoint_expires_and_a_finished_sign_in_has_none() {
    let checkpoint = at("code").checkpoint().unwrap();
    let read = |at| Step::from_checkpoint(checkpoint.bytes.expose(), at);
    assert!(read(later(29 * 60)).is_ok());
    assert_eq!(read(later(30 * 60)).unwrap_err(), CheckpointError::Expired);
    assert_eq!(checkpoint.expires_at, later(30 * 60));
    let unsupported = act(at("credentials"), ok(&workflow("kyc"))).1.unwrap();
    assert!(unsupported.checkpoint().is_none());
}

#[test]
fn other_bytes_are_refused_by_kind() {
    let read = |text: &str| Step::from_checkpoint(text.as_bytes(), now()).unwrap_err();
    let far = "2030-01-01T00:00:00Z";
    assert_eq!(
        read(&format!(r#"{{"v":2,"expires_at":"{far}","step":"later"}}"#)),
        CheckpointError::Newer { found: 2 }
    );
    for text in [
        String::new(),
        "{}".into(),
        format!(r#"{{"v":1,"expires_at":"{far}","step":"signed_in"}}"#),
        format!(r#"{{"v":1,"expires_at":"{far}","step":"code","uuid":"u"}}"#),
        format!(
            r#"{{"v":1,"expires_at":"{far}","step":"choose_method","uuid":"u","account":"a","offers":[]}}"#
        ),
    ] {
        assert_eq!(read(&text), CheckpointError::Malformed, "{text}");
    }
}

/// Written by the first release; it must stay readable.
#[test]
fn format_1_stays_readable() {
    let far = "2030-01-01T00:00:00Z";
    for (step, fields) in [
        ("start", r#""account":null,"password_changed":true"#),
        (
            "credentials",
            r#""office":"front","uuid":"u","account":null,"recaptcha":true,"qr":null,"recovery":true,"password_changed":false"#,
        ),
        ("choose_method", r#""uuid":"u","account":"a","offers":[{"method":"sms","caption":null}]"#),
        ("code", r#""uuid":"u","account":"a","method":"google","offers":[]"#),
        ("mailed_code", r#""token":"t","account":"a","provider":"email""#),
        ("reset_code", r#""uuid":"u","account":"a""#),
        ("new_password", r#""uuid":"u","account":"a""#),
    ] {
        let text = format!(r#"{{"v":1,"expires_at":"{far}","step":"{step}",{fields}}}"#);
        let read = Step::from_checkpoint(text.as_bytes(), now()).unwrap_or_else(|e| panic!("{step}: {e}"));
        assert_eq!(read.name(), step);
    }
}
