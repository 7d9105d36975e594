//! Any sequence of answers at any step: no panic, no way in without a complete pair, no step lost.

use crate::scenario::{WAITING, act, at, now};
use auth_core::{
    HttpResponse,
    ports::TransportError,
    secret::SecretBytes,
    sign_in::{Step, StepRejected},
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::{Map, Value, json};

#[derive(Clone, Debug)]
struct Answer {
    status: u16,
    body: Vec<u8>,
    headers: Vec<(String, String)>,
    /// The body has a complete pair, by this test's own reading of the documents.
    complete: bool,
}

fn token() -> impl Strategy<Value = Value> {
    let good = json!({"token": "tok.en", "createdAt": "2026-01-01T12:00:00+00:00", "expiresAt": "2026-01-01T12:15:00+00:00"});
    select(vec![
        good.clone(),
        good,
        json!(null),
        json!({}),
        json!([]),
        json!("tok"),
        json!({"token": ""}),
        json!({"token": 5}),
        json!({"token": "a b"}),
    ])
}

fn is_token(value: Option<&Value>) -> bool {
    value.and_then(|v| v.get("token")).and_then(Value::as_str) == Some("tok.en")
}

fn object() -> impl Strategy<Value = Value> {
    let workflows = [
        "login",
        "Terminate",
        "terminate",
        "2fa",
        "2fa_google_auth",
        "2fa_sms_auth",
        "2fa_email_auth",
        "reset_password_email",
        "reset_password",
        "",
        "kyc",
    ];
    let providers = [
        json!([]),
        json!(null),
        json!({}),
        json!([{"name": "sms", "enabled": true}]),
        json!([{"name": "email", "enabled": true}]),
        json!([{"name": "google", "enabled": true}, {"name": "sms", "enabled": true}]),
        json!("sms"),
        json!([1, null]),
    ];
    let tokens = (option::of(token()), option::of(token()), any::<bool>());
    let hints = (
        option::of(select(workflows.to_vec())),
        option::of(any::<bool>()),
        option::of(select(vec![json!(200), json!(202), json!(401), json!("x"), json!(-1)])),
        option::of(select(vec!["u1", "u2", ""])),
        option::of(select(providers.to_vec())),
        option::of(select(vec![
            json!({"token": "tf", "provider": "email"}),
            json!({}),
            json!(null),
            json!([]),
        ])),
    );
    let noise = option::of(select(vec![
        ("error", json!({"code": 0, "message": "wizard", "details": [{"issue": "uuid"}]})),
        ("errors", json!({"uuid": ["x"], "code": "y"})),
        ("status", json!(401)),
        ("message", json!("Too many")),
        ("data", json!([])),
        ("data", json!("text")),
    ]));
    (tokens, hints, noise).prop_map(
        |((access, refresh, nested), (workflow, done, code, uuid, providers, two_factor), noise)| {
            let mut inner = Map::new();
            let mut put = |name: &str, value: Option<Value>| value.map(|v| inner.insert(name.to_owned(), v));
            put("accessToken", access);
            put("refreshToken", refresh);
            put("tfaProviders", providers);
            put("2faDetails", two_factor);
            let mut outer =
                if nested { Map::from_iter([("data".to_owned(), Value::Object(inner))]) } else { inner };
            let mut put = |name: &str, value: Option<Value>| value.map(|v| outer.insert(name.to_owned(), v));
            put("workflow", workflow.map(Value::from));
            put("done", done.map(Value::from));
            put("code", code);
            put("uuid", uuid.map(Value::from));
            if let Some((name, value)) = noise {
                put(name, Some(value));
            }
            Value::Object(outer)
        },
    )
}

fn answer() -> impl Strategy<Value = Result<Answer, TransportError>> {
    let body = prop_oneof![
        8 => object().prop_map(|value| {
            let places = [Some(&value), value.get("data")];
            let complete = places.into_iter().flatten().any(|p| is_token(p.get("accessToken")) && is_token(p.get("refreshToken")));
            (value.to_string().into_bytes(), complete)
        }),
        1 => vec(any::<u8>(), 0..40).prop_map(|bytes| (bytes, false)),
        1 => select(vec!["", "<html>", "[]", "null", "{\"data\":", "7"]).prop_map(|text| (text.as_bytes().to_vec(), false)),
    ];
    let statuses = prop_oneof![
        6 => Just(200u16),
        1 => select(vec![201, 202, 204, 301, 400, 401, 403, 404, 409, 410, 422, 423, 429, 500, 502, 503]),
        1 => any::<u16>(),
    ];
    let header = option::of(select(vec![
        ("Retry-After", "5"),
        ("Retry-After", "99999999999999"),
        ("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT"),
        ("Date", "nonsense"),
        ("Date", "Thu, 01 Jan 1970 00:00:00 GMT"),
    ]));
    let errors = [
        TransportError::Unreachable,
        TransportError::Tls,
        TransportError::PinMismatch,
        TransportError::Interrupted,
        TransportError::TimedOut,
        TransportError::TooLarge,
        TransportError::NotHttp,
        TransportError::Failed,
    ];
    prop_oneof![
        9 => (statuses, body, header).prop_map(|(status, (body, complete), header)| {
            let headers = header.into_iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
            Ok(Answer { status, body, headers, complete })
        }),
        1 => select(errors.to_vec()).prop_map(Err),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_answers_is_survived(start in select(WAITING.to_vec()), answers in vec(answer(), 1..12)) {
        let mut step = at(start);
        let mut account: Option<String> = step.account().map(str::to_owned);
        for answer in answers {
            let complete = answer.as_ref().is_ok_and(|a| a.complete && (200..300).contains(&a.status));
            let response = answer.map(|a| HttpResponse { status: a.status, headers: a.headers, body: SecretBytes::new(a.body) });
            let (endpoint, result) = act(step, response);
            let landed = match result {
                Ok(step) => step,
                Err(StepRejected { step, cause }) => {
                    // Whoever has to show it can name it, render it, and say what to do next.
                    prop_assert!(!cause.kind().is_empty() && !cause.to_string().is_empty());
                    let _ = cause.recovery();
                    *step
                }
            };
            if let Step::SignedIn(signed_in) = &landed {
                let endpoint = endpoint.expect("only an answer signs in");
                prop_assert!(endpoint.issues_tokens() && complete, "in through {endpoint:?} without a pair");
                prop_assert_eq!(signed_in.session().tokens.access.token.expose(), "tok.en");
            }
            // The account, once known, is never forgotten, and a waiting step can always be kept and gone on from.
            if account.is_some() {
                prop_assert_eq!(landed.account(), account.as_deref());
            }
            account = landed.account().map(str::to_owned);
            match &landed {
                Step::SignedIn(_) | Step::Unsupported(_) => break,
                waiting => {
                    let checkpoint = waiting.checkpoint().expect("a waiting step can be kept");
                    let back = Step::from_checkpoint(checkpoint.bytes.expose(), now()).expect("and read back");
                    prop_assert_eq!(back.name(), waiting.name());
                    step = back;
                }
            }
        }
    }
}
