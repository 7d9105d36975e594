//! The store in the keyring, over the real GNOME Keyring on a bus of its own.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

mod changes;
mod conformance;
mod desktop;
mod key;
mod presence;
mod processes;

use auth_core::{
    AccountKey, Host, Office,
    ports::{Record, RecordKey, RecordKind, SessionId, SessionStore, StoreError, WriteCondition},
    secret::SecretBytes,
};

fn key_of(profile: &str, kind: RecordKind) -> RecordKey {
    let host = Host::parse("https://broker.example").unwrap();
    RecordKey { account: AccountKey { profile: profile.parse().unwrap(), host, office: Office::Front }, kind }
}

fn session() -> RecordKey {
    key_of("default", RecordKind::Session)
}

fn record(session_id: u64, body: impl Into<Vec<u8>>) -> Record {
    Record { session_id: SessionId(session_id), body: SecretBytes::new(body.into()) }
}

async fn put(store: &impl SessionStore, key: &RecordKey, session_id: u64, body: impl Into<Vec<u8>>) {
    store.save(key, &record(session_id, body), WriteCondition::Unconditional).await.unwrap();
}

async fn body(store: &impl SessionStore, key: &RecordKey) -> Option<String> {
    let found = store.load(key).await.unwrap()?;
    Some(String::from_utf8(found.body.expose().to_vec()).unwrap())
}

#[track_caller]
pub(crate) fn is_unavailable<T: std::fmt::Debug>(outcome: Result<T, StoreError>, why: &str) {
    match outcome {
        Err(StoreError::Unavailable { what, .. }) if what.contains(why) => {}
        other => panic!("not unavailable because of {why:?}: {other:?}"),
    }
}
