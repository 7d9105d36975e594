//! Dates as hosts write them.

use super::Value;
use crate::{
    Timestamp,
    date_text::{http_date, timestamp, timestamp_or_utc},
};

/// A date in one of the forms that hosts use:
/// - ISO 8601 with an offset, as documented; without an offset, as UTC;
/// - the form of e-mails and HTTP headers (RFC 2822);
/// - seconds or milliseconds since 1970, as a number or as a text of digits;
/// - a date object of PHP, as `json_encode` writes it.
///
/// Zero is no date: hosts write it for "none".
pub(super) fn date(value: &Value<'_>) -> Option<Timestamp> {
    match value {
        Value::String(text) => date_text(text.trim()),
        Value::Number(number) => since_1970(number.as_f64()?),
        Value::Object(_) => php_date(value),
        _ => None,
    }
}

fn date_text(text: &str) -> Option<Timestamp> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    // Eight digits are a day, such as 20260131.
    match is_number && text.len() > 8 {
        true => since_1970(text.parse().ok()?),
        false => timestamp_or_utc(text).or_else(|| http_date(text)),
    }
}

/// From here on a number is milliseconds: as seconds, it would be a date after the year 5000.
const MILLISECONDS_FROM: f64 = 1e11;

fn since_1970(number: f64) -> Option<Timestamp> {
    let milliseconds = if number < MILLISECONDS_FROM { number * 1000.0 } else { number };
    // A date beyond the year 9999 does not read.
    if !(1.0..2.6e14).contains(&milliseconds) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked above")]
    Timestamp::from_millisecond(milliseconds as i64).ok()
}

/// `{"date":"2026-01-31 07:30:00.000000","timezone_type":3,"timezone":"UTC"}`. The zone is an offset, or the name of one that is
/// always UTC. Any other name, such as `Europe/Berlin`, would need a table of zones: such a date is not read.
fn php_date(object: &Value<'_>) -> Option<Timestamp> {
    let (date, zone) = (object.get("date")?.as_str()?.trim(), object.get("timezone")?.as_str()?.trim());
    let is_utc = ["UTC", "GMT", "Z", "Etc/UTC", "Etc/GMT", "UCT", "Zulu"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(zone));
    timestamp(&if is_utc { format!("{date}Z") } else { format!("{date}{zone}") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Json;
    use serde_json::json;

    fn read(form: &serde_json::Value) -> Option<Timestamp> {
        date(Json::read(form.to_string().as_bytes()).unwrap().value())
    }

    #[test]
    fn every_known_form_is_read() {
        let expected: Timestamp = "2024-04-22T11:07:24Z".parse().unwrap();
        for form in [
            json!("2024-04-22T11:07:24+00:00"),
            json!("2024-04-22T13:07:24+02:00"),
            json!("2024-04-22T11:07:24Z"),
            json!("2024-04-22T11:07:24"),
            json!("2024-04-22 11:07:24"),
            json!("2024-04-22 11:07:24.000000"),
            json!("Mon, 22 Apr 2024 11:07:24 GMT"),
            json!("Mon, 22 Apr 2024 13:07:24 +0200"),
            json!("22 Apr 2024 11:07:24 +0000"),
            json!(1_713_784_044),
            json!(1_713_784_044.0),
            json!(1_713_784_044_000_u64),
            json!(" 1713784044 "),
            json!("1713784044000"),
            json!({"date": "2024-04-22 11:07:24.000000", "timezone_type": 3, "timezone": "UTC"}),
            json!({"date": "2024-04-22 13:07:24.000000", "timezone_type": 1, "timezone": "+02:00"}),
            json!({"date": "2024-04-22 11:07:24.000000", "timezone_type": 2, "timezone": "Z"}),
            json!({"date": "2024-04-22 11:07:24", "timezone_type": 2, "timezone": "gmt"}),
        ] {
            assert_eq!(read(&form), Some(expected), "{form}");
        }
        let day = Some("2024-04-22T00:00:00Z".parse().unwrap());
        assert_eq!((read(&json!("20240422")), read(&json!("2024-04-22"))), (day, day));
    }

    #[test]
    fn anything_else_is_no_date() {
        for bad in [
            json!("soon"),
            json!(""),
            json!(null),
            json!({}),
            json!(false),
            json!(0),
            json!("0"),
            json!(-1_713_784_044),
            json!(i64::MAX),
            json!(1e300),
            json!("999999999999999999999"),
            json!("1.2.3456789"),
            json!({"date": "2024-04-22 13:07:24.000000", "timezone_type": 3, "timezone": "Europe/Berlin"}),
            json!({"date": "2024-04-22 13:07:24.000000"}),
            json!({"date": 5, "timezone": "UTC"}),
        ] {
            assert_eq!(read(&bad), None, "{bad}");
        }
    }
}
