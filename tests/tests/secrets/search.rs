//! Of the search itself: it finds a secret that is there, in every form.

use e2e::markers::Markers;

use super::evidence::Evidence;
use super::host;

const SECRET: &str = "Qm7-pl\u{e4}nted/\"secret\" vX0";

#[test]
fn a_secret_that_is_there_is_found_in_every_form() {
    let markers = Markers::of([("planted", SECRET)]);
    let hex: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
    for (form, text) in [
        ("as it is", SECRET.to_owned()),
        ("in lower case", SECRET.to_ascii_lowercase()),
        ("in upper case", SECRET.to_ascii_uppercase()),
        ("in hexadecimal digits", hex.clone()),
        ("in hexadecimal digits", hex.to_uppercase()),
        ("as numbers", format!("{:?}", SECRET.as_bytes())),
        ("its first half", "Qm7-pl\u{e4}nted/\"".to_owned()),
        ("in JSON", serde_json::json!({"a": SECRET}).to_string()),
        ("in a URL", "Qm7-pl%C3%A4nted%2F%22secret%22%20vX0".to_owned()),
        ("in a form", "Qm7-pl%C3%A4nted%2F%22secret%22+vX0".to_owned()),
        ("in Base64", "UW03LXBsw6RudGVkLyJzZWNyZXQiIHZYMA==".to_owned()),
        ("in Base64", "eHhRbTctcGzDpG50ZWQvInNlY3JldCIgdlgweHg=".to_owned()),
    ] {
        let found = markers.found_in(format!("before {text} after"));
        assert_eq!(found, Some(format!("planted, {form}")), "{text}");
    }
    let reversed: Vec<u8> = SECRET.bytes().rev().collect();
    assert_eq!(markers.found_in(reversed).as_deref(), Some("planted, reversed"));
    assert_eq!(markers.found_in("nothing of the kind"), None);
}

#[test]
fn a_short_secret_is_found_as_it_is_only() {
    let markers = Markers::of([("code", "123456")]);
    assert_eq!(markers.found_in("the code 123456"), Some("code, as it is".to_owned()));
    assert_eq!(markers.found_in("654321 MTIzNDU2 313233343536"), None);
}

/// Each place that is searched is one where a secret is found if it is there.
#[test]
fn a_leak_into_any_place_is_seen() {
    let (markers, folder) = (host::markers(), tempfile::tempdir().unwrap());
    let found = |evidence: &Evidence| evidence.finds(&markers, folder.path());
    assert_eq!(found(&Evidence::new()), None);
    let mut shown = Evidence::new();
    shown.value(&("a password", host::PASSWORD));
    assert_eq!(found(&shown).as_deref(), Some("password, in JSON: what was shown"));
    let mut error = Evidence::new();
    error.error(&std::io::Error::other(format!("no {}", host::RECAPTCHA)));
    assert_eq!(found(&error).as_deref(), Some("reCAPTCHA response, as it is: what was shown"));
    let file = folder.path().join("file.writing-x");
    std::fs::write(&file, host::GOOGLE_CODE).unwrap();
    let there = found(&Evidence::new()).expect("it is in a file");
    assert_eq!(there, format!("authenticator's code, as it is: {}", file.display()));
}

/// What is logged or said by a panic anywhere in this process is seen. The secrets are no one else's.
#[test]
fn a_leak_into_the_log_or_a_panic_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let evidence = Evidence::new();
    let found = |secret: &str| evidence.finds(&Markers::of([("planted", secret)]), folder.path());
    let seen = Some("planted, as it is: the log".to_owned());
    for secret in ["Qm7-in-a-message", "Qm7-in-a-field", "Qm7-in-a-span", "Qm7-in-a-log", "Qm7-in-a-panic"] {
        assert_eq!(found(secret), None, "{secret}");
    }
    tracing::trace!("it is Qm7-in-a-message");
    tracing::trace!(field = ?Some("Qm7-in-a-field"), "a field");
    let _span = tracing::trace_span!("span", field = "Qm7-in-a-span");
    log::trace!("it is {}", "Qm7-in-a-log");
    let panicked = std::thread::spawn(|| panic!("it is {}", "Qm7-in-a-panic")).join();
    assert!(panicked.is_err());
    for secret in ["Qm7-in-a-message", "Qm7-in-a-field", "Qm7-in-a-span", "Qm7-in-a-log", "Qm7-in-a-panic"] {
        assert_eq!(found(secret), seen, "{secret}");
    }
}
