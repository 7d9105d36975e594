//! The list of two-factor methods in a sign-in answer.

use super::{Json, facts::truthy};
use crate::sign_in::{Method, Offer};
use serde_json::Value;

/// What `tfaProviders` says.
pub(crate) struct Providers {
    /// Enabled methods that this client can do, in the host's order.
    pub(crate) offers: Vec<Offer>,
    /// True if a method is enabled that this client does not know.
    pub(crate) unknown_enabled: bool,
}

/// Reads `tfaProviders` under `data` or at top level: a list, or the object that PHP makes of a list with gaps. The
/// name is in `name`; one client reads it from `type`. A missing `enabled` means yes.
pub(crate) fn providers(answer: &Json) -> Providers {
    let mut read = Providers { offers: Vec::new(), unknown_enabled: false };
    let items: Vec<&Value> = match answer.field("tfaProviders") {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(Value::Object(fields)) => fields.values().collect(),
        _ => Vec::new(),
    };
    for item in items {
        let Some(name) = item.get("name").or_else(|| item.get("type")).and_then(Value::as_str) else {
            continue;
        };
        if !item.get("enabled").is_none_or(truthy) {
            continue;
        }
        let Some(method) = Method::from_name(name) else {
            read.unknown_enabled = true;
            continue;
        };
        let caption = item.get("localizedCaption").and_then(Value::as_str).map(str::to_owned);
        if !read.offers.iter().any(|offer| offer.method == method) {
            read.offers.push(Offer { method, caption });
        }
    }
    read
}
