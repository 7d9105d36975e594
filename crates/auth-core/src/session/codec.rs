//! Records as JSON whose texts are wiped when they go: tokens pass through here.

use super::RecordError;
use crate::{Dated, Timestamp, secret::SecretBytes, wire::Json};
use serde_json::{Map, Value};

/// The fields of a record, under its format's number.
pub(super) struct Fields(Map<String, Value>);

impl Fields {
    pub(super) fn new(format: u32) -> Self {
        let mut fields = Map::new();
        fields.insert("v".to_owned(), format.into());
        Self(fields)
    }

    pub(super) fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    pub(super) fn encode(self) -> SecretBytes {
        Json::new(Value::Object(self.0)).to_bytes()
    }
}

/// The record, if its format is this one or an older one.
pub(super) fn read(bytes: &[u8], format: u32) -> Result<Json, RecordError> {
    let json = serde_json::from_slice(bytes).map(Json::new).map_err(|_| RecordError::Malformed)?;
    match json.value().get("v").and_then(Value::as_u64).and_then(|v| u32::try_from(v).ok()) {
        Some(found) if found > format => Err(RecordError::Newer { found }),
        Some(found) if found > 0 => Ok(json),
        _ => Err(RecordError::Malformed),
    }
}

pub(super) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

/// A date that may be missing; the outer `None` is one that does not read.
#[allow(clippy::option_option, reason = "missing and unreadable are two things")]
pub(super) fn date(value: &Value, name: &str) -> Option<Option<Timestamp>> {
    match value.get(name) {
        None | Some(Value::Null) => Some(None),
        Some(date) => date.as_str()?.parse().ok().map(Some),
    }
}

pub(super) fn dated<T>(dated: &Dated<T>, expose: impl Fn(&T) -> &str) -> Value {
    let date = |at: Option<Timestamp>| at.map(|at| at.to_string());
    serde_json::json!({
        "token": expose(&dated.token),
        "created_at": date(dated.created_at),
        "expires_at": date(dated.expires_at),
    })
}

pub(super) fn read_dated<T>(value: &Value, wrap: impl FnOnce(&str) -> T) -> Option<Dated<T>> {
    Some(Dated {
        token: wrap(text(value, "token")?),
        created_at: date(value, "created_at")?,
        expires_at: date(value, "expires_at")?,
    })
}
