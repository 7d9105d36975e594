//! Checking the fields of a body. All that is wrong is reported at once; unknown fields are ignored.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::render::{Issue, Refusal};

/// A body being checked.
pub(super) struct Fields<'a> {
    object: &'a Map<String, Value>,
    issues: Vec<Issue>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(object: &'a Map<String, Value>) -> Self {
        Self { object, issues: Vec::new() }
    }

    /// A required text; empty when it is missing, and then [`Fields::check`] refuses.
    pub(super) fn text(&mut self, field: &'static str) -> String {
        match self.object.get(field) {
            None | Some(Value::Null) => self.wrong(field, "is required"),
            Some(Value::String(text)) if text.is_empty() => self.wrong(field, "is required"),
            Some(Value::String(text)) => return text.clone(),
            Some(_) => self.wrong(field, "must be a string"),
        }
        String::new()
    }

    /// An optional text.
    pub(super) fn optional_text(&mut self, field: &'static str) -> Option<String> {
        match self.object.get(field) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => {
                self.wrong(field, "must be a string");
                None
            }
        }
    }

    /// A required UUID.
    pub(super) fn uuid(&mut self, field: &'static str) -> Uuid {
        let text = self.text(field);
        if text.is_empty() {
            return Uuid::nil();
        }
        Uuid::try_parse(&text).unwrap_or_else(|_| {
            self.wrong(field, "must be a UUID");
            Uuid::nil()
        })
    }

    /// A required device fingerprint: Base64 of a JSON object that names the user agent.
    pub(super) fn fingerprint(&mut self, field: &'static str) {
        let text = self.text(field);
        if text.is_empty() {
            return;
        }
        let Ok(bytes) = STANDARD.decode(&text) else {
            return self.wrong(field, "must be padded Base64");
        };
        let Ok(Value::Object(device)) = serde_json::from_slice(&bytes) else {
            return self.wrong(field, "must be a JSON object in Base64");
        };
        let agent = device.get("user_agent").or_else(|| device.get("userAgent")).and_then(Value::as_str);
        if agent.is_none_or(str::is_empty) {
            self.wrong(field, "must have a user_agent");
        }
    }

    /// Notes that a field is not as it must be.
    pub(super) fn wrong(&mut self, field: &'static str, what: &str) {
        self.issues.push(Issue { field, text: format!("The {field} field {what}") });
    }

    /// Refuses if anything was wrong.
    pub(super) fn check(self) -> Result<(), Refusal> {
        if self.issues.is_empty() { Ok(()) } else { Err(Refusal::BadInput(self.issues)) }
    }
}
