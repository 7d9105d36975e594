//! Answers to requests that were granted.

use std::net::IpAddr;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{Language, accounts::account, time::iso, tokens};
use crate::accounts::Account;
use crate::dialect::{Dialect, Extra, FinalStatus, Next, Providers, RefreshToken, WizardDone};
use crate::qr::Display;
use crate::settings::Offers;
use crate::tokens::Pair;
use crate::users::Method;

/// What an endpoint has to say, before a dialect gives it its form.
pub(crate) enum Answer {
    /// A sign-in was started.
    Started { uuid: Uuid, offers: Offers },
    /// The credentials are right; something is still to do.
    CredentialsRight { uuid: Uuid, next: Next, methods: Vec<Method> },
    /// A second factor was chosen.
    Chosen { uuid: Uuid, method: Method },
    /// The front-office sign-in is complete.
    SignedIn { uuid: Uuid, methods: Vec<Method>, pair: Pair },
    /// The mailed code of a forced reset is right.
    ResetAllowed { uuid: Uuid },
    /// The new password is set.
    PasswordSet { uuid: Uuid, client_id: u64, email: String },
    /// A new pair.
    Refreshed { pair: Pair },
    /// The session is over.
    SignedOut,
    /// The back office has mailed a code.
    CodeMailed { token: Uuid, expires: Timestamp },
    /// The back-office sign-in is complete without a code.
    BackSignedIn { pair: Pair },
    /// The back-office sign-in is complete with a code.
    BackConfirmed { pair: Pair },
    /// A part of the client's accounts, and how many there are in all.
    Accounts { total: u16, page: Vec<Account> },
    /// A sign-in channel was opened for a display. The lifetime as it is written; `None` where it is left out.
    QrChannel { id: String, lifetime: Option<Value>, ip: IpAddr, location: Option<String> },
    /// What is known of the display behind a channel.
    QrDisplay { display: Display, your_ip: IpAddr },
    /// The sign-in of a display was approved.
    QrApproved,
    /// The sign-in of a display was declined.
    QrDeclined,
    /// The display is signed in.
    QrSignedIn { client_id: u64, email: String, pair: Pair },
}

/// Writes an answer in this dialect.
pub(crate) fn answer(dialect: &Dialect, language: Language, answer: Answer) -> Response {
    let providers = |methods: &[Method]| providers(dialect, language, methods);
    match answer {
        Answer::Started { uuid, offers } => {
            let data = json!({
                "recaptcha": { "enabled": offers.recaptcha },
                "is_qr_available": offers.qr,
                "is_password_recovery_available": offers.password_recovery,
            });
            let stage = match dialect.wizard_done {
                WizardDone::No => Stage::Middle,
                WizardDone::Yes => Stage::Last(StatusCode::OK),
            };
            wizard(dialect, stage, data, uuid, "login")
        }
        Answer::CredentialsRight { uuid, next, methods } => {
            let mut data = tokens::none(dialect);
            data.insert("tfaProviders".into(), providers(&methods));
            wizard(dialect, Stage::Middle, data.into(), uuid, workflow(dialect, next))
        }
        Answer::Chosen { uuid, method } => {
            wizard(dialect, Stage::Middle, Value::Null, uuid, method_workflow(method))
        }
        Answer::SignedIn { uuid, methods, pair } => {
            let mut data = tokens::pair(dialect, &pair);
            data.insert("tfaProviders".into(), providers(&methods));
            wizard(dialect, last(dialect), data.into(), uuid, dialect.final_workflow.name())
        }
        Answer::ResetAllowed { uuid } => wizard(dialect, Stage::Middle, Value::Null, uuid, "reset_password"),
        Answer::PasswordSet { uuid, client_id, email } => {
            let data = json!({ "client": { "id": client_id, "email": email, "settings": {} } });
            wizard(dialect, last(dialect), data, uuid, "login")
        }
        Answer::Refreshed { pair } => {
            let mut fields = tokens::pair(dialect, &pair);
            if dialect.refresh_token == RefreshToken::Kept {
                fields.remove("refreshToken");
            }
            plain(dialect, tokens::placed(dialect.refresh_shape, fields))
        }
        Answer::SignedOut => StatusCode::OK.into_response(),
        Answer::CodeMailed { token, expires } => {
            let mut body = Map::new();
            body.insert("2faRequired".into(), json!(true));
            let details =
                json!({ "token": token.to_string(), "provider": "email", "expiresAt": iso(expires) });
            body.insert("2faDetails".into(), details);
            plain(dialect, tokens::placed(dialect.back_tokens, body))
        }
        Answer::BackSignedIn { pair } => {
            let mut body = tokens::pair(dialect, &pair);
            body.insert("2faRequired".into(), json!(false));
            plain(dialect, tokens::placed(dialect.back_tokens, body))
        }
        Answer::BackConfirmed { pair } => {
            plain(dialect, tokens::placed(dialect.back_tokens, tokens::pair(dialect, &pair)))
        }
        Answer::Accounts { total, page } => {
            let mut body = Map::new();
            body.insert("total".into(), json!(total));
            body.insert("data".into(), page.iter().map(account).collect());
            plain(dialect, body)
        }
        Answer::QrChannel { id, lifetime, ip, location } => {
            let mut body = Map::new();
            body.insert("id".into(), json!(id));
            if let Some(lifetime) = lifetime {
                body.insert("lifetimeMinutes".into(), lifetime);
            }
            body.insert("ip".into(), json!(ip));
            body.insert("location".into(), json!(location));
            plain(dialect, body)
        }
        Answer::QrDisplay { display: Display { ip, location, user_agent, created, expires }, your_ip } => {
            let body = json!({
                "ip": ip,
                "location": location,
                "userAgent": user_agent,
                "createdAt": iso(created),
                "expiresAt": iso(expires),
                "yourIp": your_ip,
            });
            axum::Json(body).into_response()
        }
        Answer::QrApproved => axum::Json(json!({ "approved": true })).into_response(),
        Answer::QrDeclined => StatusCode::NO_CONTENT.into_response(),
        Answer::QrSignedIn { client_id, email, pair } => {
            let mut body = Map::new();
            body.insert("clientId".into(), json!(client_id));
            body.insert("tokens".into(), tokens::pair(dialect, &pair).into());
            // Not the vendor's: the page says by it who is signed in.
            body.insert("email".into(), json!(email));
            plain(dialect, body)
        }
    }
}

/// Where in its wizard an answer stands.
enum Stage {
    /// `code: 200, done: false`.
    Middle,
    /// `code: 202, done: true` with this HTTP status.
    Last(StatusCode),
}

fn last(dialect: &Dialect) -> Stage {
    Stage::Last(match dialect.http_status {
        FinalStatus::Ok => StatusCode::OK,
        FinalStatus::Accepted => StatusCode::ACCEPTED,
    })
}

/// The envelope of every wizard answer.
fn wizard(dialect: &Dialect, stage: Stage, mut data: Value, uuid: Uuid, workflow: &str) -> Response {
    let (code, done, status) = match stage {
        Stage::Middle => (200, false, StatusCode::OK),
        Stage::Last(status) => (202, true, status),
    };
    if let (Extra::On, Some(fields)) = (dialect.extra, data.as_object_mut()) {
        fields.insert("theme".into(), json!("dark"));
    }
    let mut body = Map::new();
    body.insert("code".into(), json!(code));
    body.insert("data".into(), data);
    body.insert("done".into(), json!(done));
    body.insert("uuid".into(), json!(uuid.to_string()));
    body.insert("workflow".into(), json!(workflow));
    (status, plain(dialect, body)).into_response()
}

fn plain(dialect: &Dialect, mut body: Map<String, Value>) -> Response {
    if dialect.extra == Extra::On {
        body.insert("apiRevision".into(), json!({ "number": 7, "tags": ["x"] }));
    }
    axum::Json(Value::Object(body)).into_response()
}

fn workflow(dialect: &Dialect, next: Next) -> &str {
    match next {
        Next::Tokens => dialect.final_workflow.name(),
        Next::Code(method) => method_workflow(method),
        Next::Choose => "2fa",
        Next::ResetCode => "reset_password_email",
        Next::Unknown => dialect.unknown_workflow.as_deref().unwrap_or_default(),
    }
}

fn method_workflow(method: Method) -> &'static str {
    match method {
        Method::Google => "2fa_google_auth",
        Method::Sms => "2fa_sms_auth",
    }
}

fn providers(dialect: &Dialect, language: Language, enabled: &[Method]) -> Value {
    if dialect.providers == Providers::Empty {
        return json!([]);
    }
    let mut list: Vec<Value> = Method::ALL
        .into_iter()
        .map(|method| {
            json!({
                "name": method.name(),
                "localizedCaption": language.caption(method),
                "enabled": enabled.contains(&method),
            })
        })
        .collect();
    if dialect.extra == Extra::On {
        list.push(json!({ "name": "passkey", "localizedCaption": "Passkey", "enabled": true, "order": 3 }));
    }
    list.into()
}
