//! What the formats of all records have in common: JSON with a format number `v`, read and written so that every copy of a
//! text is zeroized.

use super::RecordError;
use crate::{
    BootTime, ClockReading, IssuedToken, Timestamp,
    date_text::timestamp,
    wire::{Json, Object, Value},
};
use std::time::Duration;

/// Reads a record whose format is `format` or an older one.
pub(crate) fn read(bytes: &[u8], format: u32) -> Result<Json<'_>, RecordError> {
    let json = Json::read(bytes).ok_or(RecordError::Malformed)?;
    match json.value().get("v").and_then(Value::as_u64).and_then(|v| u32::try_from(v).ok()) {
        Some(found) if found > format => Err(RecordError::Newer { found }),
        Some(found) if found > 0 => Ok(json),
        _ => Err(RecordError::Malformed),
    }
}

/// Checks a record's format as [`read`] does. A record that we wrote begins with its format, so the rest need not be read.
pub(super) fn check(bytes: &[u8], format: u32) -> Result<(), RecordError> {
    let begins = |v: &u32| bytes.strip_prefix(format!("{{\"v\":{v},").as_bytes()).is_some();
    if (1..=format).any(|v| begins(&v)) { Ok(()) } else { read(bytes, format).map(drop) }
}

pub(crate) fn text<'a>(value: &'a Value<'_>, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

/// A date that may be missing. The outer `None` stands for a date that cannot be read.
#[allow(clippy::option_option, reason = "missing and unreadable are two things")]
pub(crate) fn date(value: &Value<'_>, name: &str) -> Option<Option<Timestamp>> {
    match value.get(name) {
        None | Some(Value::Null) => Some(None),
        Some(date) => timestamp(date.as_str()?).map(Some),
    }
}

pub(super) fn put_issued_token<T>(
    to: &mut Object<'_>,
    name: &str,
    dated: &IssuedToken<T>,
    expose: impl Fn(&T) -> &str,
) {
    to.object(name, |to| {
        to.put("token", expose(&dated.token));
        to.put("created_at", dated.created_at);
        to.put("expires_at", dated.expires_at);
    });
}

pub(super) fn read_issued_token<T>(
    value: &Value<'_>,
    wrap: impl FnOnce(&str) -> T,
) -> Option<IssuedToken<T>> {
    Some(IssuedToken {
        token: wrap(text(value, "token")?),
        created_at: date(value, "created_at")?,
        expires_at: date(value, "expires_at")?,
    })
}

/// A clock reading as two fields, one for each clock.
pub(crate) fn put_clock_reading(to: &mut Object<'_>, wall: &str, boot: &str, reading: &ClockReading) {
    to.put(wall, reading.wall);
    to.maybe_object(boot, reading.boot, put_boot_time);
}

pub(crate) fn put_boot_time(to: &mut Object<'_>, BootTime { id, elapsed }: BootTime) {
    to.put("id", id);
    to.put("ms", millis(elapsed));
}

pub(crate) fn read_boot_time(value: &Value<'_>) -> Option<BootTime> {
    let elapsed = Duration::from_millis(value.get("ms")?.as_u64()?);
    Some(BootTime { id: value.get("id")?.as_u64()?, elapsed })
}

pub(crate) fn read_clock_reading(value: &Value<'_>, wall: &str, boot: &str) -> Option<ClockReading> {
    Some(ClockReading {
        wall: timestamp(text(value, wall)?)?,
        boot: value.get(boot).and_then(read_boot_time),
    })
}

pub(crate) fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
