//! What the answers and events of QR sign-in have.

use super::{Json, Value, dates::date, info::text};
use crate::{
    Timestamp,
    secret::{AuthorizationToken, QrChannelId},
    server_message,
};
use std::time::Duration;

/// The longest id of a sign-in channel, in bytes: it has to fit into a QR code.
pub(crate) const MAX_CHANNEL_ID_BYTES: usize = 512;
/// The vendor's default lifetime of a channel, for hosts that do not say.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(120);
/// A longer lifetime than this is not believed.
const MAX_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
const MAX_TOKEN_BYTES: usize = 4096;

/// The id of a sign-in channel: a text or a number. It need not be a UUID.
pub(crate) fn channel_id(value: &Value<'_>) -> Option<QrChannelId> {
    match value {
        Value::String(id) => {
            let id = id.trim();
            let fits = !id.is_empty() && id.len() <= MAX_CHANNEL_ID_BYTES && server_message::clean(id) == id;
            fits.then(|| QrChannelId::new(id))
        }
        Value::Number(id) => id.as_u64().map(|id| QrChannelId::new(id.to_string())),
        _ => None,
    }
}

/// `lifetimeMinutes`: a number of any kind, or a text of one. What cannot be a lifetime counts as the vendor's default.
pub(crate) fn lifetime(answer: &Json<'_>) -> Duration {
    let minutes = match answer.field("lifetimeMinutes") {
        Some(Value::Number(minutes)) => minutes.as_f64(),
        Some(Value::String(minutes)) => minutes.trim().parse().ok(),
        _ => None,
    };
    let lifetime = minutes.filter(|minutes| *minutes > 0.0).map(|minutes| minutes * 60.0);
    match lifetime.map(Duration::try_from_secs_f64) {
        Some(Ok(lifetime)) => lifetime.min(MAX_LIFETIME),
        // Longer than a duration can be.
        Some(Err(_)) => MAX_LIFETIME,
        None => DEFAULT_LIFETIME,
    }
}

/// A text of the host to show beside a code, such as `ip`: cleaned, and at most 200 characters.
pub(crate) fn shown(answer: &Json<'_>, name: &str) -> Option<String> {
    let text = server_message::clean(answer.field(name).and_then(text)?);
    let text: String = text.trim().chars().take(200).collect();
    (!text.is_empty()).then_some(text)
}

/// A date of an answer.
pub(crate) fn date_of(answer: &Json<'_>, name: &str) -> Option<Timestamp> {
    answer.field(name).and_then(date)
}

/// The authorization token in an event's data, under the first of these names that has one.
pub(crate) fn authorization_token(data: &Json<'_>, names: &[String]) -> Option<AuthorizationToken> {
    names.iter().find_map(|name| {
        let token = data.field(name)?.as_str()?;
        let fits =
            (1..=MAX_TOKEN_BYTES).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| AuthorizationToken::new(token))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn lifetime_of(value: &serde_json::Value) -> f64 {
        let answer = json!({ "lifetimeMinutes": value }).to_string();
        lifetime(&Json::read(answer.as_bytes()).unwrap()).as_secs_f64()
    }

    #[test]
    fn a_lifetime_is_a_number_of_any_kind() {
        for (value, seconds) in [
            (json!(2), 120.0),
            (json!("2"), 120.0),
            (json!(" 2.5 "), 150.0),
            (json!(0.05), 3.0),
            (json!("0.05"), 3.0),
            (json!(2e0), 120.0),
            (json!(1e300), 86_400.0),
            (json!("1e999"), 86_400.0),
            (json!(100_000), 86_400.0),
            (json!(null), 120.0),
            (json!(0), 120.0),
            (json!(-1), 120.0),
            (json!("NaN"), 120.0),
            (json!("soon"), 120.0),
            (json!({}), 120.0),
        ] {
            assert!((lifetime_of(&value) - seconds).abs() < 1e-9, "{value}: {}", lifetime_of(&value));
        }
        assert_eq!(lifetime(&Json::empty()), DEFAULT_LIFETIME);
    }

    #[test]
    fn a_channel_id_need_not_be_a_uuid() {
        let read = |id: &serde_json::Value| {
            let id = id.to_string();
            channel_id(Json::read(id.as_bytes()).unwrap().value()).map(|id| id.expose().to_owned())
        };
        for (id, kept) in [(json!("0a4682f9"), "0a4682f9"), (json!(" ä/7 "), "ä/7"), (json!(41), "41")] {
            assert_eq!(read(&id).as_deref(), Some(kept), "{id}");
        }
        let long = "x".repeat(MAX_CHANNEL_ID_BYTES + 1);
        for bad in [
            json!(""),
            json!("a\nb"),
            json!("a\u{2028}b"),
            json!("a\u{200b}b"),
            json!(null),
            json!([]),
            json!(-1),
            json!(long),
        ] {
            assert_eq!(read(&bad), None, "{bad}");
        }
    }

    #[test]
    fn a_token_is_visible_ascii_at_either_place() {
        let names = ["authorizationToken".to_owned(), "token".to_owned()];
        let read = |data: &serde_json::Value| {
            let data = data.to_string();
            let token = authorization_token(&Json::read(data.as_bytes()).unwrap(), &names);
            token.map(|token| token.expose().to_owned())
        };
        let bcrypt = "$2y$10$qZqqwQqqEX7X6nsPLfPkte2pB6gSHazY1v2CLutwBGWCeF4J6ZG06";
        for data in [
            json!({"authorizationToken": bcrypt}),
            json!({"data": {"token": bcrypt}}),
            json!({"authorizationToken": {"a": 1}, "token": bcrypt}),
        ] {
            assert_eq!(read(&data).as_deref(), Some(bcrypt), "{data}");
        }
        let long = "x".repeat(MAX_TOKEN_BYTES + 1);
        for bad in [
            json!({}),
            json!(null),
            json!(bcrypt),
            json!({"token": 5}),
            json!({"token": ""}),
            json!({"token": "a b"}),
            json!({"token": long}),
            json!({"other": bcrypt}),
        ] {
            assert_eq!(read(&bad), None, "{bad}");
        }
    }
}
