//! The store in Redis from outside, against real servers: one, one behind Sentinels, and a cluster.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

mod away;
mod basics;
mod cluster;
mod conformance;
mod expiry;
mod locks;
mod logs;
mod lost_answers;
mod pages;
mod passphrase;
mod rekey;
mod sentinel;
mod server;
mod tls;

use auth_core::{
    AccountKey, Host, Office,
    ports::{Record, RecordKey, RecordKind, SessionId, SessionStore, StoreError, WriteCondition},
    secret::SecretBytes,
};
use auth_store::{RedisOptions, RedisStore, RedisUrl, StoreKey};
use std::time::{Duration, Instant};

/// The rights that `docs/redis.md` lists.
fn rights() -> Vec<&'static str> {
    let document = include_str!("../../../../docs/redis.md");
    let line =
        document.lines().find_map(|line| line.strip_prefix("user service on >password resetchannels "));
    line.unwrap().split(' ').collect()
}

fn key_of(profile: &str, kind: RecordKind) -> RecordKey {
    let host = Host::parse("https://broker.example").unwrap();
    RecordKey { account: AccountKey { profile: profile.parse().unwrap(), host, office: Office::Front }, kind }
}

fn session() -> RecordKey {
    key_of("default", RecordKind::Session)
}

fn record(session_id: u64, body: &str) -> Record {
    Record { session_id: SessionId(session_id), body: SecretBytes::new(body.as_bytes().to_vec()) }
}

async fn put(store: &impl SessionStore, key: &RecordKey, session_id: u64, body: &str) {
    store.save(key, &record(session_id, body), WriteCondition::Unconditional).await.unwrap();
}

async fn body(store: &impl SessionStore, key: &RecordKey) -> Option<String> {
    let found = store.load(key).await.unwrap()?;
    Some(String::from_utf8(found.body.expose().to_vec()).unwrap())
}

fn sealing_key() -> StoreKey {
    StoreKey::from_bytes([7; 32])
}

fn open(url: &str) -> RedisStore {
    open_with(url, RedisOptions::default())
}

fn open_with(url: &str, options: RedisOptions) -> RedisStore {
    RedisStore::with_options(url.parse::<RedisUrl>().unwrap(), sealing_key(), options)
}

/// Waits for something that happens elsewhere, for half a minute at most.
fn wait_until(what: &str, mut happened: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !happened() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what} did not happen");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The same where it takes a future to see it.
async fn wait_for(what: &str, mut happened: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !happened().await {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what} did not happen");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
