//! A JSON document that wipes its texts when it goes.

use crate::secret::{SecretBuffer, SecretBytes};
use serde_json::Value;
use zeroize::Zeroize;

/// An answer's or a request's JSON. It may hold tokens and passwords: no `Debug`, and every text is zeroized on drop.
pub(crate) struct Json(Value);

impl Json {
    pub(crate) fn new(value: Value) -> Self {
        Self(value)
    }

    pub(crate) fn null() -> Self {
        Self(Value::Null)
    }

    pub(crate) fn value(&self) -> &Value {
        &self.0
    }

    /// The `data` object of a wizard answer; `null` where there is none.
    pub(crate) fn data(&self) -> &Value {
        self.0.get("data").unwrap_or(&Value::Null)
    }

    /// A field at top level, or under `data` if it is not there.
    pub(crate) fn field(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|v| !v.is_null()).or_else(|| self.data().get(name)).filter(|v| !v.is_null())
    }

    pub(crate) fn to_bytes(&self) -> SecretBytes {
        let mut bytes = SecretBuffer::with_capacity(512);
        serde_json::to_writer(&mut bytes, &self.0).expect("a JSON value can be written to memory");
        bytes.finish()
    }
}

impl Drop for Json {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(fields) => fields.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
