//! The contract's outputs, as checks.

use auth_client::Timestamp;
use serde_json::{Value, json};

use crate::shell::{Call, Done, Shell};

/// The two forms of output. Whatever is shown has to be shown in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For a person.
    Text,
    /// `--json`, for a script.
    Json,
}

impl Form {
    /// Both.
    pub const BOTH: [Self; 2] = [Self::Text, Self::Json];

    /// A call that asks for this form.
    pub fn of(self, call: Call) -> Call {
        if self == Self::Json { call.arg("--json") } else { call }
    }
}

/// Signed in: exit 0 and the greeting.
#[track_caller]
pub fn signed_in(form: Form, done: &Done, email: &str, office: &str) {
    greeted(form, done, email, office);
    if form == Form::Json {
        let said = done.json();
        assert!(date(&said["access_expires_at"]) < date(&said["refresh_expires_at"]), "{done:#?}");
    }
}

/// The same at a host that dates no tokens: when the access token ends is read from the token itself.
#[track_caller]
pub fn signed_in_undated(form: Form, done: &Done, email: &str, office: &str) {
    greeted(form, done, email, office);
    if form == Form::Json {
        let said = done.json();
        date(&said["access_expires_at"]);
        assert!(said["refresh_expires_at"].is_null(), "{done:#?}");
    }
}

#[track_caller]
fn greeted(form: Form, done: &Done, email: &str, office: &str) {
    assert_eq!(done.code, 0, "{done:#?}");
    if form == Form::Text {
        assert_eq!(done.out, format!("signed in as {email}\n"), "{done:#?}");
        return;
    }
    let server_message = done.json();
    let keys: Vec<&str> = server_message
        .as_object()
        .map(|server_message| server_message.keys().map(String::as_str).collect())
        .unwrap_or_default();
    assert_eq!(
        keys,
        ["access_expires_at", "account", "office", "refresh_expires_at", "signed_in"],
        "{done:#?}"
    );
    assert_eq!(
        (&server_message["signed_in"], &server_message["account"], &server_message["office"]),
        (&json!(true), &json!(email), &json!(office))
    );
}

/// More is needed: exit 10, the step, and the way on.
#[track_caller]
pub fn needs(form: Form, done: &Done, step: &str, methods: &[&str]) {
    assert_eq!(done.code, 10, "{done:#?}");
    match form {
        Form::Text => assert_eq!(done.out, "", "{done:#?}"),
        Form::Json => assert_eq!(done.json(), json!({"step": step, "methods": methods}), "{done:#?}"),
    }
    assert!(done.error_line().contains("--resume"), "{done:#?}");
}

/// An error: its exit code, one line on standard error, and with `--json` the object, whose `error` is handed out.
#[track_caller]
pub fn error(form: Form, done: &Done, code: i32, kind: &str) -> Value {
    assert_eq!(done.code, code, "{done:#?}");
    assert!(done.error_line().starts_with("b2auth: "), "{done:#?}");
    if form == Form::Text {
        assert_eq!(done.out, "", "{done:#?}");
        return Value::Null;
    }
    let server_message = done.json();
    let error = &server_message["error"];
    assert_eq!(error["kind"], kind, "{done:#?}");
    for (name, value) in error.as_object().expect("the error is an object") {
        let right = match name.as_str() {
            "kind" | "message" | "recovery" | "correlation_id" | "detail" | "cause" => {
                value.as_str().is_some_and(|text| !text.is_empty())
            }
            "retry_after_seconds" | "attempts_left" => value.as_u64().is_some(),
            "host_says" => value.as_array().is_some_and(|lines| lines.iter().all(Value::is_string)),
            _ => false,
        };
        assert!(right, "{name}: {done:#?}");
    }
    let there = |name: &str| error[name].is_string();
    assert!(there("message") && there("recovery"), "{done:#?}");
    error.clone()
}

/// A locked-out account: exit 5 and the wait, in seconds.
#[track_caller]
pub fn locked_out(shell: &Shell, call: impl Fn(&Shell) -> Call) -> u64 {
    let text = call(shell).run();
    error(Form::Text, &text, 5, "locked_out");
    assert!(text.error_line().contains("try again in "), "{text:#?}");
    let error = error(Form::Json, &Form::Json.of(call(shell)).run(), 5, "locked_out");
    assert_eq!(error["recovery"], "wait");
    error["retry_after_seconds"].as_u64().expect("the wait is notified in seconds")
}

/// A date as RFC 3339.
#[track_caller]
pub fn date(value: &Value) -> Timestamp {
    let text = value.as_str().unwrap_or_else(|| panic!("a date, not {value}"));
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}
