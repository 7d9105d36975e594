//! The server's first packet.

use serde::Deserialize;
use serde_json::Value;
use std::{fmt, time::Duration};

/// What servers have if nothing else is set.
const USUAL_INTERVAL: Duration = Duration::from_secs(25);
const USUAL_TIMEOUT: Duration = Duration::from_secs(5);
/// More often, a waiting screen would send all day; less often, a dead connection would not be noticed while a code lives.
const INTERVAL: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(120));
const TIMEOUT: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));
const MAX_SID: usize = 256;

/// What the server says of itself and of the connection. `Debug` does not show the session id.
#[derive(Clone, PartialEq, Eq)]
pub struct Open {
    /// The id of the connection: whoever has it can read it by polling.
    pub sid: String,
    /// Whether the connection can go on by a websocket.
    pub upgrade: bool,
    /// How often the client has to ping: between a second and two minutes.
    pub ping_interval: Duration,
    /// How long an answer may take: between a second and a minute.
    pub ping_timeout: Duration,
}

impl fmt::Debug for Open {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sid: _, upgrade, ping_interval, ping_timeout } = self;
        write!(f, "Open {{ sid: .., {upgrade}, {ping_interval:?}, {ping_timeout:?} }}")
    }
}

#[derive(Deserialize)]
struct Fields {
    sid: String,
    #[serde(default)]
    upgrades: Value,
    #[serde(default, rename = "pingInterval")]
    ping_interval: Value,
    #[serde(default, rename = "pingTimeout")]
    ping_timeout: Value,
}

impl Open {
    /// Reads the packet's JSON. Without a usable session id there is no connection; other nonsense is replaced.
    pub fn read(json: &str) -> Option<Self> {
        let fields: Fields = serde_json::from_str(json).ok()?;
        let is_id = (1..=MAX_SID).contains(&fields.sid.len())
            && fields.sid.bytes().all(|byte| byte.is_ascii_graphic());
        let upgrades = fields.upgrades.as_array().map(Vec::as_slice).unwrap_or_default();
        is_id.then(|| Self {
            sid: fields.sid,
            upgrade: upgrades.iter().any(|name| name == "websocket"),
            ping_interval: milliseconds(&fields.ping_interval, USUAL_INTERVAL, INTERVAL),
            ping_timeout: milliseconds(&fields.ping_timeout, USUAL_TIMEOUT, TIMEOUT),
        })
    }
}

fn milliseconds(value: &Value, usual: Duration, (least, most): (Duration, Duration)) -> Duration {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
    let Some(number) = number.filter(|number| !number.is_nan()) else { return usual };
    Duration::try_from_secs_f64((number / 1000.0).clamp(0.0, 1e6)).unwrap_or(usual).clamp(least, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_packet_is_read() {
        let json = r#"{"sid":"Ab-1_","upgrades":["websocket"],"pingInterval":20000,"pingTimeout":4500}"#;
        let open = Open::read(json).unwrap();
        assert_eq!((open.sid.as_str(), open.upgrade), ("Ab-1_", true));
        assert_eq!(open.ping_interval, Duration::from_secs(20));
        assert_eq!(open.ping_timeout, Duration::from_millis(4500));
        assert!(!format!("{open:?}").contains("Ab-1_"));
    }

    #[test]
    fn nonsense_is_replaced_or_brought_into_bounds() {
        for (interval, expected) in [
            ("0", 1000),
            ("-5", 1000),
            ("1e300", 120_000),
            ("\"2000\"", 2000),
            ("null", 25_000),
            ("{}", 25_000),
            ("\"NaN\"", 25_000),
            ("true", 25_000),
        ] {
            let json = format!(r#"{{"sid":"a","upgrades":5,"pingInterval":{interval}}}"#);
            let open = Open::read(&json).unwrap();
            assert_eq!(open.ping_interval, Duration::from_millis(expected), "{interval}");
            assert_eq!((open.ping_timeout, open.upgrade), (USUAL_TIMEOUT, false));
        }
    }

    #[test]
    fn without_a_session_id_there_is_no_connection() {
        let long = format!(r#"{{"sid":"{}"}}"#, "a".repeat(MAX_SID + 1));
        for json in [
            "",
            "{}",
            "[]",
            "null",
            r#"{"sid":""}"#,
            r#"{"sid":5}"#,
            r#"{"sid":"a b"}"#,
            r#"{"sid":"ü"}"#,
            &long,
        ] {
            assert_eq!(Open::read(json), None, "{json}");
        }
    }
}
