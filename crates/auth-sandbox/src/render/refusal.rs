//! Refusals: why an endpoint did not do what it was asked, and how a dialect writes that.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::dialect::{Dialect, Encoding, ErrorShape};
use crate::qr::QrRefusal;
use crate::wizard::Gone;

/// One thing that is wrong with a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Issue {
    pub(crate) field: &'static str,
    pub(crate) text: String,
}

/// Why an endpoint refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The body is not as documented.
    BadInput(Vec<Issue>),
    /// The body is too large to be read.
    TooLarge,
    /// Wrong e-mail or password; which of them is not told.
    WrongCredentials,
    /// Wrong code.
    WrongCode,
    /// A right code, used before.
    SpentCode,
    /// The reCAPTCHA response was not accepted.
    BadRecaptcha,
    /// The new password is too weak or differs from its confirmation.
    BadPassword(Vec<Issue>),
    /// The uuid is at another step.
    WrongStep,
    /// The uuid or 2FA token is unknown, used up or expired.
    Gone,
    /// The token is missing, expired, spent, revoked or of the other office.
    BadToken,
    /// Too many attempts.
    Blocked { retry_after: u64 },
    /// QR sign-in does not go on.
    Qr(QrRefusal),
    /// No such endpoint.
    NoEndpoint,
    /// The endpoint has another method.
    NoMethod,
    /// In this dialect the endpoint has another method, which is named.
    OnlyMethod(&'static str),
    /// A machine behind the balancer that does not know this session.
    OtherMachine,
    /// The sandbox itself failed: no random numbers.
    Broken,
}

impl From<Gone> for Refusal {
    fn from(_: Gone) -> Self {
        Self::Gone
    }
}

impl From<QrRefusal> for Refusal {
    fn from(refusal: QrRefusal) -> Self {
        Self::Qr(refusal)
    }
}

impl Refusal {
    /// The status of the default dialect.
    fn status(&self) -> StatusCode {
        match self {
            Self::BadInput(_)
            | Self::WrongCredentials
            | Self::WrongCode
            | Self::SpentCode
            | Self::BadRecaptcha
            | Self::BadPassword(_)
            | Self::WrongStep => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BadToken | Self::Qr(QrRefusal::BadToken) => StatusCode::UNAUTHORIZED,
            Self::Gone | Self::NoEndpoint | Self::Qr(QrRefusal::Unknown) => StatusCode::NOT_FOUND,
            Self::Qr(QrRefusal::Expired) => StatusCode::GONE,
            Self::Qr(QrRefusal::Decided | QrRefusal::SpentToken) => StatusCode::CONFLICT,
            Self::NoMethod | Self::OnlyMethod(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::OtherMachine => StatusCode::SERVICE_UNAVAILABLE,
            Self::Blocked { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Broken | Self::Qr(QrRefusal::Random) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn message(&self) -> &'static str {
        match self {
            Self::BadInput(_) | Self::BadPassword(_) => "The request is not valid",
            Self::TooLarge => "The request is too large",
            Self::WrongCredentials => "Sign-in failed",
            Self::WrongCode | Self::SpentCode => "The code was not accepted",
            Self::BadRecaptcha => "The reCAPTCHA was not accepted",
            Self::WrongStep => "Not possible at this step",
            Self::Gone => "Not found",
            Self::BadToken => "Unauthenticated",
            Self::Blocked { .. } => "Too many login attempts",
            Self::OtherMachine => "Not known here yet",
            Self::NoEndpoint => "No such endpoint",
            Self::NoMethod | Self::OnlyMethod(_) => "Method not allowed",
            Self::Qr(QrRefusal::Unknown) => "No such sign-in channel",
            Self::Qr(QrRefusal::Expired) => "The sign-in channel has expired",
            Self::Qr(QrRefusal::Decided) => "The sign-in was already approved or declined",
            Self::Qr(QrRefusal::BadToken | QrRefusal::SpentToken) => {
                "The authorization token was not accepted"
            }
            Self::Broken | Self::Qr(QrRefusal::Random) => "Internal error",
        }
    }

    fn issues(&self) -> Vec<Issue> {
        let one = |field, text: &str| vec![Issue { field, text: text.to_owned() }];
        match self {
            Self::BadInput(issues) | Self::BadPassword(issues) => issues.clone(),
            Self::WrongCredentials => one("email", "The e-mail or the password is wrong"),
            Self::WrongCode => one("code", "The code is wrong"),
            Self::SpentCode => one("code", "The code was already used"),
            Self::BadRecaptcha => one("recaptchaResponse", "The reCAPTCHA response was refused"),
            Self::WrongStep => one("uuid", "The sign-in is at another step"),
            Self::Gone => one("uuid", "The sign-in is unknown, finished or expired"),
            Self::BadToken => one("token", "The token is missing, expired or revoked"),
            Self::Qr(QrRefusal::BadToken) => {
                one("authorizationToken", "The authorization token is unknown or expired")
            }
            Self::Qr(QrRefusal::SpentToken) => {
                one("authorizationToken", "The authorization token was already used")
            }
            Self::Qr(QrRefusal::Unknown | QrRefusal::Expired | QrRefusal::Decided) => {
                one("channelId", self.message())
            }
            Self::Blocked { .. } => one("email", "Blocked for a while after too many attempts"),
            Self::TooLarge
            | Self::OtherMachine
            | Self::NoEndpoint
            | Self::NoMethod
            | Self::OnlyMethod(_)
            | Self::Broken
            | Self::Qr(QrRefusal::Random) => one("request", self.message()),
        }
    }
}

/// Writes a refusal in this dialect.
pub(crate) fn refusal(dialect: &Dialect, refusal: &Refusal) -> Response {
    let mut response = match dialect.errors {
        ErrorShape::Envelope => envelope(dialect, refusal),
        ErrorShape::Laravel => laravel(dialect, refusal),
        ErrorShape::Empty => refusal.status().into_response(),
        ErrorShape::Html => html(),
        ErrorShape::V1 => v1(dialect, refusal),
    };
    if let Refusal::Blocked { retry_after } = refusal {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(*retry_after));
    }
    if let Refusal::OnlyMethod(method) = refusal {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(method));
    }
    response
}

/// A JSON body in the encoding of the dialect. In Latin-1 each text begins with a letter that is not ASCII.
fn in_encoding(dialect: &Dialect, status: StatusCode, body: &Value) -> Response {
    let text = body.to_string();
    let bytes = match dialect.encoding {
        Encoding::Utf8 => text.into_bytes(),
        Encoding::Latin1 => text
            .split_inclusive(":\"")
            .flat_map(|part| part.bytes().chain(part.ends_with(":\"").then_some(LATIN1_LETTER)))
            .collect(),
    };
    (status, [(header::CONTENT_TYPE, "application/json")], bytes).into_response()
}

/// `Ü` in Latin-1.
const LATIN1_LETTER: u8 = 0xDC;

fn envelope(dialect: &Dialect, refusal: &Refusal) -> Response {
    let details: Vec<Value> =
        refusal.issues().into_iter().map(|issue| json!({ "issue": issue.text })).collect();
    let body = json!({ "error": { "code": 0, "message": refusal.message(), "details": details } });
    in_encoding(dialect, refusal.status(), &body)
}

/// Laravel answers a failed validation with 422 and the fields; everything else is a bare message.
fn laravel(dialect: &Dialect, refusal: &Refusal) -> Response {
    if refusal.status() != StatusCode::BAD_REQUEST {
        return in_encoding(dialect, refusal.status(), &json!({ "message": refusal.message() }));
    }
    let mut errors = Map::new();
    for issue in refusal.issues() {
        if let Some(texts) =
            errors.entry(issue.field).or_insert_with(|| Value::Array(Vec::new())).as_array_mut()
        {
            texts.push(issue.text.into());
        }
    }
    let body = json!({ "message": "The given data was invalid.", "errors": errors });
    in_encoding(dialect, StatusCode::UNPROCESSABLE_ENTITY, &body)
}

fn html() -> Response {
    let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
                <center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n";
    (StatusCode::BAD_GATEWAY, Html(page)).into_response()
}

fn v1(dialect: &Dialect, refusal: &Refusal) -> Response {
    // The first API has no 400 for a refused sign-in: public clients look for 401 in the body.
    let status = match refusal {
        Refusal::WrongCredentials | Refusal::WrongCode | Refusal::SpentCode => 401,
        other => other.status().as_u16(),
    };
    let issues: Vec<String> = refusal.issues().into_iter().map(|issue| issue.text).collect();
    let body = json!({
        "status": status,
        "meta": { "behaviours": [], "status": status },
        "data": { "message": refusal.message(), "errors": issues },
    });
    in_encoding(dialect, StatusCode::OK, &body)
}
