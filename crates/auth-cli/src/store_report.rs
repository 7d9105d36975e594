//! Which store is used, and what it protects against, as `b2auth status` says it.

use crate::{store_opening, store_spec::StoreSpec};
use auth_core::visible;
use auth_messages::Message;
use serde_json::{Value, json};
use std::path::Path;

/// For people.
pub(crate) fn message(store: &StoreSpec) -> Option<Message> {
    let is_passphrase = store_opening::is_sealed_by_passphrase();
    let at = |message: Message, path: &Path| Some(message.with("path", visible(&path.to_string_lossy())));
    match store {
        StoreSpec::Memory => Some(Message::new("status-store-memory")),
        StoreSpec::File(path) if is_passphrase => at(Message::new("status-store-file-passphrase"), path),
        StoreSpec::File(path) => at(Message::new("status-store-file"), path),
        StoreSpec::Sqlite(path) if is_passphrase => {
            at(Message::new("status-store-database-passphrase"), path)
        }
        StoreSpec::Sqlite(path) => at(Message::new("status-store-database"), path),
        StoreSpec::Keyring(name) => Some(Message::new("status-store-keyring").with("name", name)),
        StoreSpec::Redis(place) => {
            let message = match place.sealed_by() {
                "passphrase" => Message::new("status-store-redis"),
                _ => Message::new("status-store-redis-keyring"),
            };
            Some(message.with("place", place))
        }
        StoreSpec::BadRedis(_) | StoreSpec::Auto | StoreSpec::Unnamed => None,
    }
}

/// For programs: `kind`, `place`, and by what it is sealed.
pub(crate) fn value(store: &StoreSpec) -> Value {
    let sealed_by = if store_opening::is_sealed_by_passphrase() { "passphrase" } else { "key_file" };
    match store {
        StoreSpec::File(path) => {
            json!({"kind": "file", "place": path.to_string_lossy(), "sealed_by": sealed_by})
        }
        StoreSpec::Sqlite(path) => {
            json!({"kind": "sqlite", "place": path.to_string_lossy(), "sealed_by": sealed_by})
        }
        StoreSpec::Keyring(name) => {
            json!({"kind": "keyring", "place": name.to_string(), "sealed_by": "keyring"})
        }
        StoreSpec::Redis(place) => {
            json!({"kind": "redis", "place": place.to_string(), "sealed_by": place.sealed_by()})
        }
        StoreSpec::Memory | StoreSpec::BadRedis(_) | StoreSpec::Auto | StoreSpec::Unnamed => {
            json!({"kind": "memory", "place": null, "sealed_by": null})
        }
    }
}
