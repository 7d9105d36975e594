//! The list of two-factor methods in a sign-in answer.

use super::{Json, Value, info::truthy};
use crate::{
    server_message,
    sign_in::{MethodOption, TwoFactorMethod},
};

/// The two-factor methods in `tfaProviders`.
pub(crate) struct Providers {
    /// The enabled methods that this version knows, in the host's order.
    pub(crate) options: Vec<MethodOption>,
    /// True if a method is enabled that this version does not know.
    pub(crate) unknown_enabled: bool,
}

/// Reads `tfaProviders` under `data` or at top level: a list of objects or of names, the object that PHP makes of a list
/// with gaps, or one with the names as keys. The name is in `name`; one client reads it from `type`. A missing `enabled`
/// means yes.
pub(crate) fn providers(answer: &Json<'_>) -> Providers {
    let mut read = Providers { options: Vec::new(), unknown_enabled: false };
    match answer.field("tfaProviders") {
        Some(Value::Array(items)) => items.iter().for_each(|item| read.add(item.as_str(), item)),
        Some(Value::Object(fields)) => fields.iter().for_each(|(key, item)| read.add(Some(key), item)),
        _ => {}
    }
    read
}

impl Providers {
    fn add(&mut self, key: Option<&str>, item: &Value<'_>) {
        let text = |name: &str| item.get(name).and_then(Value::as_str);
        let Some(name) = text("name").or_else(|| text("type")).or(key) else { return };
        let enabled = match item {
            Value::Object(_) => item.get("enabled").is_none_or(truthy),
            Value::String(_) => true,
            other => truthy(other),
        };
        if !enabled {
            return;
        }
        let Some(method) = TwoFactorMethod::from_name(name) else {
            self.unknown_enabled = true;
            return;
        };
        let caption = text("localizedCaption").map(server_message::clean);
        if !self.options.iter().any(|option| option.method == method) {
            self.options.push(MethodOption { method, caption });
        }
    }
}
