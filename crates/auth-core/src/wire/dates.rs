//! Dates as hosts write them.

use super::Value;
use crate::{Timestamp, date_text::timestamp_or_utc};

/// ISO 8601 with an offset, as documented; without an offset, as UTC; or whole seconds since 1970.
pub(super) fn date(value: &Value<'_>) -> Option<Timestamp> {
    match value {
        Value::String(text) => timestamp_or_utc(text.trim()),
        Value::Number(seconds) => Timestamp::from_second(i64::try_from(seconds.as_u64()?).ok()?).ok(),
        _ => None,
    }
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
            json!(1_713_784_044),
        ] {
            assert_eq!(read(&form), Some(expected), "{form}");
        }
        for bad in [json!("soon"), json!(""), json!(null), json!({}), json!(1.5), json!(i64::MAX)] {
            assert_eq!(read(&bad), None, "{bad}");
        }
    }
}
