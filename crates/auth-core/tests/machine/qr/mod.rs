//! QR sign-in: both roles against every kind of answer.

mod approver;
mod display;

use auth_core::{
    BootTime, ClockReading, Host, HttpResponse, Timestamp,
    attempts::Limits,
    ports::TransportError,
    secret::{AccessToken, SecretBytes},
};
use std::time::Duration;

const ID: &str = "0a4682f9-7e6c-49a7-b946-db58f28d8171";
/// The vendor's sample.
const TOKEN: &str = "$2y$10$qZqqwQqqEX7X6nsPLfPkte2pB6gSHazY1v2CLutwBGWCeF4J6ZG06";

type Outcome = Result<HttpResponse, TransportError>;

fn host() -> Host {
    Host::parse("https://broker.example").expect("as scripted")
}

fn limits() -> Limits {
    Limits::default()
}

fn answer(status: u16, body: &str) -> Outcome {
    let body = SecretBytes::new(body.as_bytes().to_vec());
    Ok(HttpResponse { status, headers: Vec::new(), body })
}

fn dated(status: u16, body: &str) -> Outcome {
    let mut response = answer(status, body)?;
    response.headers.push(("Date".to_owned(), "Thu, 01 Jan 2026 00:00:00 GMT".to_owned()));
    Ok(response)
}

fn refusal(status: u16, issue: &str) -> Outcome {
    answer(status, &format!(r#"{{"error":{{"code":0,"message":"no","details":[{{"issue":"{issue}"}}]}}}}"#))
}

/// So many seconds after the start, by both clocks.
fn at(seconds: f64) -> ClockReading {
    let elapsed = Duration::from_secs_f64(1000.0 + seconds);
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().expect("as scripted");
    ClockReading {
        wall: start.checked_add(Duration::from_secs_f64(seconds)).expect("as scripted"),
        boot: Some(BootTime { id: 1, elapsed }),
    }
}

fn bearer() -> AccessToken {
    AccessToken::new("4ccess")
}
