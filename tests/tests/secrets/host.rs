//! A host whose every secret is a marker, and that gives back what it was sent in every way that a host could.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use e2e::markers::Markers;
use e2e::raw_host::{Answer, Request, http, json_bytes, pair};
use serde_json::{Value, json};

pub(crate) const PASSWORD: &str = "Qm7-pass/w\u{f6}rd \"vX1&\"";
pub(crate) const NEW_PASSWORD: &str = "Qm7-fresh/w\u{f6}rd <vX2>'";
pub(crate) const RECAPTCHA: &str = "Qm7-recaptcha-vX3";
pub(crate) const GOOGLE_CODE: &str = "735192648051";
pub(crate) const SMS_CODE: &str = "846203759162";
pub(crate) const RESET_CODE: &str = "Qm7resetvX4";
pub(crate) const MAILED_CODE: &str = "Qm7mailedvX5";
const WIZARD: &str = "Qm7-wizard-vX6";
const LATER_WIZARD: &str = "Qm7-later-wizard-vX7";
const TWO_FACTOR: &str = "Qm7-two-factor-vX8";
const ACCESS: &str = "Qm7-access-token-vX9";
const REFRESH: &str = "Qm7-refresh-token-vXa";
const LATER_ACCESS: &str = "Qm7-later-access-token-vXb";
const LATER_REFRESH: &str = "Qm7-later-refresh-token-vXc";
pub(crate) const PASSPHRASE: &str = "Qm7-store-passphrase-vXd";
const COOKIE: &str = "Qm7-cookie-vXe";

/// What goes to the host.
pub(crate) const SENT: [(&str, &str); 12] = [
    ("password", PASSWORD),
    ("new password", NEW_PASSWORD),
    ("reCAPTCHA response", RECAPTCHA),
    ("authenticator's code", GOOGLE_CODE),
    ("SMS code", SMS_CODE),
    ("reset code", RESET_CODE),
    ("mailed code", MAILED_CODE),
    ("wizard's uuid", WIZARD),
    ("wizard's later uuid", LATER_WIZARD),
    ("2FA token", TWO_FACTOR),
    ("access token", ACCESS),
    ("refresh token", REFRESH),
];

/// Every secret of these tests.
pub(crate) fn markers() -> Markers {
    let kept = [
        ("refreshed access token", LATER_ACCESS),
        ("refreshed refresh token", LATER_REFRESH),
        ("store's passphrase", PASSPHRASE),
        ("host's cookie", COOKIE),
    ];
    Markers::of(SENT.into_iter().chain(kept))
}

/// Who signs in decides about the way.
pub(crate) fn email(way: &str) -> String {
    format!("{way}@example.com")
}

/// The answer of a host that works. It sets a cookie, as a balancer that pins a client to one machine by it, and knows nobody without it.
pub(crate) fn good(request: &Request) -> Answer {
    let begins = request.path.ends_with("/v2/signin") || request.path.ends_with("/wizard");
    let is_pinned = request.header("cookie").is_some_and(|cookies| cookies.contains(COOKIE));
    if !begins && !is_pinned {
        return Answer::Bytes(json_bytes(404, &json!({"error": {"code": 0, "message": "another machine"}})));
    }
    let fields = request.json();
    let way = fields["email"].as_str().unwrap_or_default().split('@').next().unwrap_or_default().to_owned();
    let provider =
        |name: &str| json!({"name": name, "localizedCaption": name.to_uppercase(), "enabled": true});
    let body = match request.path.strip_prefix("/api/v2").unwrap_or_default() {
        "/my/signin/wizard" => step(WIZARD, "login", json!({"recaptcha": {"enabled": true}})),
        "/my/signin" if way == "reset" => step(LATER_WIZARD, "reset_password_email", Value::Null),
        "/my/signin" if way == "both" => {
            step(LATER_WIZARD, "2fa", json!({"tfaProviders": [provider("google"), provider("sms")]}))
        }
        "/my/signin/2fa" if fields["type"] == "sms" => step(LATER_WIZARD, "2fa_sms_auth", Value::Null),
        "/my/signin/2fa" => step(LATER_WIZARD, "2fa_google_auth", Value::Null),
        "/my/signin/password/restore" => step(LATER_WIZARD, "reset_password", Value::Null),
        "/my/signin/password/reset" => json!({"done": true, "uuid": LATER_WIZARD, "workflow": "login"}),
        "/signin" => json!({"2faRequired": true, "2faDetails": {"token": TWO_FACTOR, "provider": "email"}}),
        "/my/signout" | "/signout" => json!({}),
        "/my/refresh" | "/refresh" => undated(pair(LATER_ACCESS, LATER_REFRESH)),
        _ => undated(pair(ACCESS, REFRESH)),
    };
    let cookie = format!("Set-Cookie: ROUTEID={COOKIE}; Path=/; HttpOnly");
    Answer::Bytes(http(200, "application/json", &[&cookie], body.to_string().as_bytes()))
}

fn step(uuid: &str, workflow: &str, data: Value) -> Value {
    json!({"code": 200, "data": data, "done": false, "uuid": uuid, "workflow": workflow})
}

/// Tokens that no clock ends.
fn undated(mut pair: Value) -> Value {
    for token in ["accessToken", "refreshToken"] {
        pair[token] = json!({"token": pair[token]["token"]});
    }
    pair
}

/// A way in which a host gives back what it was sent.
pub(crate) type Echo = fn(&Request) -> Answer;

/// All ways.
pub(crate) const ECHOES: &[(&str, Echo)] = &[
    ("an error of B2Core's", |request| {
        let details: Vec<_> = texts(request).into_iter().map(|text| json!({"issue": text})).collect();
        let error = json!({"code": 0, "message": plain(request), "details": details});
        Answer::Bytes(json_bytes(400, &json!({"error": error, "uuid": LATER_WIZARD})))
    }),
    ("an error of Laravel's", |request| {
        let errors = json!({"code": texts(request), "password": [plain(request)]});
        Answer::Bytes(json_bytes(422, &json!({"message": plain(request), "errors": errors})))
    }),
    ("an error in another order", |request| {
        let texts: Vec<_> = texts(request).into_iter().rev().collect();
        Answer::Bytes(json_bytes(403, &json!({"error": {"message": texts[0], "details": texts}})))
    }),
    ("an error with status 200", |request| {
        let body =
            json!({"status": 401, "meta": {}, "data": {"message": plain(request), "errors": texts(request)}});
        Answer::Bytes(json_bytes(200, &body))
    }),
    ("the words of a step", |request| {
        let options: Vec<_> = ["google", "sms"]
            .map(|name| json!({"name": name, "localizedCaption": plain(request), "enabled": true}))
            .into();
        let data = json!({"tfaProviders": options, "message": plain(request)});
        Answer::Bytes(json_bytes(200, &step(LATER_WIZARD, "2fa", data)))
    }),
    ("the name of a step", |request| {
        Answer::Bytes(json_bytes(200, &step(LATER_WIZARD, &plain(request), Value::Null)))
    }),
    ("the name of a way to deliver", |request| {
        let details = json!({"token": TWO_FACTOR, "provider": plain(request)});
        Answer::Bytes(json_bytes(200, &json!({"2faRequired": true, "2faDetails": details})))
    }),
    ("the client's id", |request| {
        let mut body = pair(ACCESS, REFRESH);
        body["clientId"] = plain(request).into();
        Answer::Bytes(json_bytes(200, &body))
    }),
    ("half a pair of tokens", |request| {
        let body =
            json!({"accessToken": {"token": ACCESS}, "message": plain(request), "workflow": "terminate"});
        Answer::Bytes(json_bytes(200, &body))
    }),
    ("a failure", |request| Answer::Bytes(json_bytes(500, &json!({"message": plain(request)})))),
    ("a web page", |request| {
        Answer::Bytes(http(200, "text/html", &[], format!("<html>{}", plain(request)).as_bytes()))
    }),
    ("no JSON", |request| {
        Answer::Bytes(http(200, "application/json", &[], &[b"{\"data\": ", &*request.body].concat()))
    }),
    ("a redirect", |request| {
        let location = format!("Location: /login?{}", in_url(&plain(request)));
        Answer::Bytes(http(302, "text/html", &[&location], b""))
    }),
    ("its headers", |request| {
        let text = in_url(&plain(request));
        let lines = [format!("Retry-After: {text}"), format!("Date: {text}"), format!("X-Echo: {text}")];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        Answer::Bytes(http(400, &format!("text/{text}"), &lines, b"{}"))
    }),
    ("its first line", |request| {
        Answer::Bytes(format!("HTTP/1.1 400 {}\r\nContent-Length: 0\r\n\r\n", plain(request)).into_bytes())
    }),
    ("no HTTP", |request| Answer::Bytes([plain(request).as_bytes(), b"\r\n\r\n"].concat())),
    ("a lock-out", |request| Answer::Bytes(json_bytes(429, &json!({"message": plain(request)})))),
];

/// What was typed at the steps before this one.
pub(crate) const EARLIER: Echo = |request| {
    let before = [PASSWORD, RECAPTCHA].join(" and ");
    let spelled: String = before.chars().map(|c| format!("&#{};", u32::from(c))).collect();
    let texts =
        [before.clone(), in_url(&before), spelled, before.replace('\u{f6}', "o\u{308}"), plain(request)];
    Answer::Bytes(json_bytes(400, &json!({"error": {"code": 0, "message": before, "details": texts}})))
};

/// The secrets of a request, as they came.
fn values(request: &Request) -> Vec<String> {
    let fields = request.json();
    let fields = fields.as_object().into_iter().flatten();
    let fields = fields.filter(|(name, _)| name.as_str() != "device_fingerprint");
    let bearer = request.header("authorization").and_then(|value| value.strip_prefix("Bearer "));
    let cookie = request.header("cookie").and_then(|value| value.strip_prefix("ROUTEID="));
    fields.filter_map(|(_, value)| value.as_str()).chain(bearer).chain(cookie).map(str::to_owned).collect()
}

fn plain(request: &Request) -> String {
    values(request).join(" and ")
}

/// The secrets of a request, each spelling a text of its own.
fn texts(request: &Request) -> Vec<String> {
    let spelled = |spell: fn(&str) -> String| {
        values(request).iter().map(|value| spell(value)).collect::<Vec<_>>().join(" and ")
    };
    vec![
        plain(request),
        String::from_utf8_lossy(&request.body).into_owned(),
        spelled(in_url),
        spelled(|value| STANDARD.encode(value)),
        spelled(|value| value.bytes().map(|byte| format!("{byte:02x}")).collect()),
        spelled(str::to_uppercase),
        spelled(|value| value.chars().map(|c| format!("&#{};", u32::from(c))).collect()),
        spelled(|value| value.chars().map(|c| format!("&#x{:x};", u32::from(c))).collect()),
        spelled(|value| value.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect()),
        // Twice, and composed in another way.
        in_url(&in_url(&plain(request))),
        spelled(|value| value.replace('\u{f6}', "o\u{308}")),
        // Something inside that nobody sees.
        spelled(|value| value.chars().flat_map(|c| [c, '\u{202e}']).collect()),
    ]
}

fn in_url(text: &str) -> String {
    text.bytes()
        .map(
            |byte| {
                if byte.is_ascii_alphanumeric() {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            },
        )
        .collect()
}
