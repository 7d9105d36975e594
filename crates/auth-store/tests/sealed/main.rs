//! Sealing around another store: what the inner store sees, and what a key, a place or a changed byte leads to.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

use auth_core::{
    AccountKey, Host, Office,
    ports::{
        Record, RecordKey, RecordKind, SessionId, SessionStore, StoreError, WriteCondition, async_trait,
    },
    secret::SecretBytes,
};
use auth_store::{KeySource, MemoryStore, SealedStore, StoreKey};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

mod around_memory {
    auth_store::store_conformance!(|| async { super::sealed(&super::MemoryStore::new(), 1) });
}

#[cfg(feature = "file")]
#[tokio::test]
async fn around_a_file() {
    auth_store::conformance::check_all(async || {
        let folder = tempfile::tempdir().unwrap().keep();
        let file = auth_store::FileStore::with_key_file(folder.join("store"));
        SealedStore::new(file, StoreKey::from_bytes([1; 32]))
    })
    .await;
}

fn sealed(inner: &MemoryStore, key: u8) -> SealedStore<MemoryStore> {
    SealedStore::new(inner.clone(), StoreKey::from_bytes([key; 32]))
}

fn key_of(profile: &str, kind: RecordKind) -> RecordKey {
    let host = Host::parse("https://broker.example").unwrap();
    RecordKey { account: AccountKey { profile: profile.parse().unwrap(), host, office: Office::Front }, kind }
}

fn session() -> RecordKey {
    key_of("default", RecordKind::Session)
}

fn record(session_id: u64, body: &[u8]) -> Record {
    Record { session_id: SessionId(session_id), body: SecretBytes::new(body.to_vec()) }
}

async fn put(store: &impl SessionStore, key: &RecordKey, record: &Record) {
    store.save(key, record, WriteCondition::Unconditional).await.unwrap();
}

async fn bytes(store: &MemoryStore, key: &RecordKey) -> Option<Vec<u8>> {
    store.load(key).await.unwrap().map(|found| found.body.expose().to_vec())
}

#[tokio::test]
async fn the_inner_store_sees_no_content() {
    let inner = MemoryStore::new();
    let secret = b"a token that nobody else may read";
    put(&sealed(&inner, 1), &session(), &record(7, secret)).await;
    let kept = inner.load(&session()).await.unwrap().unwrap();
    assert_eq!(kept.session_id, SessionId(7));
    assert!(!kept.body.expose().windows(8).any(|part| secret.windows(8).any(|other| part == other)));
    assert!(kept.body.expose().starts_with(b"b2auth-sealed\x01"));
    assert_eq!(sealed(&inner, 1).load(&session()).await.unwrap().unwrap().body.expose(), secret);
}

/// As it was once written, by another program from the description of the format: every later version must read it.
#[tokio::test]
async fn version_1_stays_readable() {
    let inner = MemoryStore::new();
    let body = include_bytes!("v1.record");
    put(&inner, &session(), &record(7, body)).await;
    let found = sealed(&inner, 1).load(&session()).await.unwrap().unwrap();
    assert_eq!((found.session_id, found.body.expose()), (SessionId(7), &b"a session"[..]));
}

#[tokio::test]
async fn another_key_is_told_apart_and_destroys_nothing() {
    let inner = MemoryStore::new();
    put(&sealed(&inner, 1), &session(), &record(7, b"x")).await;
    let (before, other) = (bytes(&inner, &session()).await, sealed(&inner, 2));
    assert!(matches!(other.load(&session()).await, Err(StoreError::WrongKey)));
    for condition in [WriteCondition::Unconditional, WriteCondition::SameSession] {
        let saved = other.save(&session(), &record(7, b"y"), condition).await;
        assert!(matches!(saved, Err(StoreError::WrongKey)), "{saved:?}");
        let saved = other.save_all(&[(session(), record(7, b"y"), condition)]).await;
        assert!(matches!(saved, Err(StoreError::WrongKey)), "{saved:?}");
    }
    assert_eq!(bytes(&inner, &session()).await, before);
}

#[tokio::test]
async fn a_newer_version_is_left_alone() {
    let inner = MemoryStore::new();
    put(&inner, &session(), &record(7, b"b2auth-sealed\x02whatever")).await;
    let store = sealed(&inner, 1);
    let found = store.load(&session()).await;
    assert!(matches!(found, Err(StoreError::Newer { found: 2, supported: 1 })), "{found:?}");
    let saved = store.save(&session(), &record(7, b"x"), WriteCondition::Unconditional).await;
    assert!(matches!(saved, Err(StoreError::Newer { .. })), "{saved:?}");
    assert!(bytes(&inner, &session()).await.is_some());
}

/// All bytes but those of the mark and version, which have outcomes of their own.
#[tokio::test]
async fn every_changed_byte_is_seen() {
    let inner = MemoryStore::new();
    put(&sealed(&inner, 1), &session(), &record(7, b"x")).await;
    let good = bytes(&inner, &session()).await.unwrap();
    for at in 0..good.len() {
        let mut changed = good.clone();
        changed[at] ^= 0x80;
        put(&inner, &session(), &record(7, &changed)).await;
        let found = sealed(&inner, 1).load(&session()).await;
        match at {
            13 => assert!(matches!(found, Err(StoreError::Newer { .. })), "at {at}: {found:?}"),
            14..30 => assert!(matches!(found, Err(StoreError::WrongKey)), "at {at}: {found:?}"),
            _ => assert!(matches!(found, Err(StoreError::Corrupt { .. })), "at {at}: {found:?}"),
        }
    }
    for length in 0..good.len() {
        put(&inner, &session(), &record(7, &good[..length])).await;
        let found = sealed(&inner, 1).load(&session()).await;
        assert!(matches!(found, Err(StoreError::Corrupt { .. })), "of {length} bytes: {found:?}");
    }
}

#[tokio::test]
async fn a_record_opens_in_its_own_place_and_session_only() {
    let mut other_host = session();
    other_host.account.host = Host::parse("https://broker.example/base").unwrap();
    let mut other_office = session();
    other_office.account.office = Office::Back;
    let inner = MemoryStore::new();
    put(&sealed(&inner, 1), &session(), &record(7, b"x")).await;
    let body = bytes(&inner, &session()).await.unwrap();
    let others = [
        key_of("other", RecordKind::Session),
        key_of("default", RecordKind::Pending),
        other_host,
        other_office,
    ];
    for other in others {
        put(&inner, &other, &record(7, &body)).await;
        let found = sealed(&inner, 1).load(&other).await;
        assert!(matches!(found, Err(StoreError::Corrupt { .. })), "{other}: {found:?}");
    }
    put(&inner, &session(), &record(8, &body)).await;
    assert!(matches!(sealed(&inner, 1).load(&session()).await, Err(StoreError::Corrupt { .. })));
}

#[tokio::test]
async fn what_is_damaged_is_reported_once_and_stays_until_it_is_overwritten() {
    let inner = MemoryStore::new();
    let store = sealed(&inner, 1);
    for broken in [&b"never sealed"[..], b"b2auth-sealed\x01cut"] {
        put(&inner, &session(), &record(7, broken)).await;
        assert!(matches!(store.load(&session()).await, Err(StoreError::Corrupt { .. })));
        assert!(store.load(&session()).await.unwrap().is_none());
        assert_eq!(bytes(&inner, &session()).await.as_deref(), Some(broken), "nothing is deleted");
    }
    // Another process is notified too, and a late write of the session brings nothing back.
    assert!(matches!(sealed(&inner, 1).load(&session()).await, Err(StoreError::Corrupt { .. })));
    let late = store.save(&session(), &record(7, b"late"), WriteCondition::SameSession).await;
    assert!(matches!(late, Err(StoreError::SessionReplaced)), "{late:?}");
    put(&store, &session(), &record(8, b"next")).await;
    assert_eq!(store.load(&session()).await.unwrap().unwrap().body.expose(), b"next");
}

#[tokio::test]
async fn a_sign_out_removes_what_is_damaged() {
    let inner = MemoryStore::new();
    let store = sealed(&inner, 1);
    for by_what_was_read in [false, true] {
        put(&inner, &session(), &record(7, b"never sealed")).await;
        assert!(matches!(store.load(&session()).await, Err(StoreError::Corrupt { .. })), "told again");
        let removed = match by_what_was_read {
            false => store.remove(&session()).await,
            true => {
                let other = store.remove_unchanged(&session(), Some(&record(7, b"x"))).await;
                other.and(store.remove_unchanged(&session(), None).await)
            }
        };
        removed.unwrap();
        assert!(bytes(&inner, &session()).await.is_none());
    }
}

/// Else a forged session id would let a late answer through.
#[tokio::test]
async fn a_forged_session_id_meets_no_condition() {
    let inner = MemoryStore::new();
    put(&sealed(&inner, 1), &session(), &record(7, b"x")).await;
    let body = bytes(&inner, &session()).await.unwrap();
    put(&inner, &session(), &record(8, &body)).await;
    let store = sealed(&inner, 1);
    let late = store.save(&session(), &record(8, b"late"), WriteCondition::SameSession).await;
    assert!(matches!(late, Err(StoreError::SessionReplaced)), "{late:?}");
    put(&store, &session(), &record(8, b"next")).await;
    assert_eq!(store.load(&session()).await.unwrap().unwrap().body.expose(), b"next");
}

/// A keyring that is locked at first.
struct Keyring {
    asked: Arc<AtomicUsize>,
}

#[async_trait]
impl KeySource for Keyring {
    async fn store_key(&self) -> Result<StoreKey, StoreError> {
        match self.asked.fetch_add(1, Ordering::Relaxed) {
            0 => Err(StoreError::unavailable("the keyring is locked")),
            _ => Ok(StoreKey::from_bytes([1; 32])),
        }
    }
}

#[tokio::test]
async fn a_key_source_is_asked_until_it_gives_the_key_and_then_no_more() {
    let asked = Arc::new(AtomicUsize::new(0));
    let store = SealedStore::new(MemoryStore::new(), Keyring { asked: Arc::clone(&asked) });
    let locked = store.load(&session()).await;
    assert!(
        matches!(locked, Err(StoreError::Unavailable { .. })),
        "nothing there, but that cannot be said: {locked:?}"
    );
    put(&store, &session(), &record(7, b"x")).await;
    assert!(store.load(&session()).await.unwrap().is_some());
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

/// A user can sign out while the keyring is locked.
#[tokio::test]
async fn removing_needs_no_key() {
    let inner = MemoryStore::new();
    put(&sealed(&inner, 1), &session(), &record(7, b"x")).await;
    let store = SealedStore::new(inner.clone(), Keyring { asked: Arc::default() });
    store.remove(&session()).await.unwrap();
    assert!(bytes(&inner, &session()).await.is_none());
}
