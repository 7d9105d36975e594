//! What every [`SessionStore`] must do, as checks for an adapter's own tests. They run in one process: what a store must do
//! between processes (see [Several processes](SessionStore#several-processes)) is not checked here.
//!
//! As tests of their own, each with a new and empty store (this needs tokio with `macros` and `rt`):
//!
//! ```text
//! auth_client::store::store_conformance!(|| async { MyStore::new() });
//! ```
//!
//! Or all in one, with whatever runs futures:
//!
//! ```text
//! auth_client::store::conformance::check_all(async || MyStore::new()).await;
//! ```
//!
//! The checks panic where a store does not do what the port promises.

use crate::{
    AccountKey, Host, Office, Profile,
    ports::{Record, RecordKey, RecordKind, SessionId, SessionStore, StoreError, WriteCondition},
    secret::SecretBytes,
};
use std::{future::poll_fn, task::Poll};

/// Runs every check of [`conformance`](mod@crate::conformance) as a `#[tokio::test]` of its own. The argument is called for
/// each and gives a future of a new, empty store.
#[macro_export]
macro_rules! store_conformance {
    ($make:expr) => {
        $crate::store_conformance! { @with each $make }
    };
    // The one list of all checks.
    (@with $what:ident $make:expr) => {
        $crate::store_conformance! { @$what $make;
            saved_record_is_loaded, absent_is_not_an_error, records_do_not_mix, removed_record_is_gone,
            same_session_replaces, another_sessions_write_is_refused, removed_record_is_not_brought_back, large_record_fits,
            lock_is_free_after_drop, held_lock_is_not_given_twice, every_record_is_listed,
            several_records_are_saved_at_once, only_the_named_session_is_replaced, only_what_was_read_is_removed,
            one_of_many_replaces, a_removal_outlives_late_writes, removal_leaves_nothing, many_records_are_listed,
        }
    };
    (@each $make:expr; $($check:ident,)*) => {$(
        #[tokio::test]
        async fn $check() {
            let store = ($make)().await;
            $crate::conformance::$check(&store).await;
        }
    )*};
    (@all $make:expr; $($check:ident,)*) => {$(
        $crate::conformance::$check(&($make)().await).await;
    )*};
}

/// Runs every check, one after the other, each with a new and empty store that `make` gives.
pub async fn check_all<S: SessionStore>(make: impl AsyncFn() -> S) {
    store_conformance!(@with all make);
}

fn key(profile: &str, office: Office, kind: RecordKind) -> RecordKey {
    let profile: Profile = profile.parse().expect("a valid name");
    let host = Host::parse("https://broker.example").expect("a valid host");
    RecordKey { account: AccountKey { profile, host, office }, kind }
}

fn session_key() -> RecordKey {
    key("default", Office::Front, RecordKind::Session)
}

fn record(session_id: u64, body: &str) -> Record {
    Record { session_id: SessionId(session_id), body: SecretBytes::new(body.as_bytes().to_vec()) }
}

async fn loaded(store: &impl SessionStore, key: &RecordKey) -> Option<(u64, Vec<u8>)> {
    let found = store.load(key).await.expect("the store answers");
    found.map(|record| (record.session_id.0, record.body.expose().to_vec()))
}

/// Runs all of these at once, in whatever order they get on.
async fn at_once<T>(calls: impl IntoIterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut running: Vec<_> = calls.into_iter().map(|call| (Box::pin(call), None)).collect();
    poll_fn(|context| {
        for (call, outcome) in running.iter_mut().filter(|(_, outcome)| outcome.is_none()) {
            if let Poll::Ready(done) = call.as_mut().poll(context) {
                *outcome = Some(done);
            }
        }
        if running.iter().all(|(_, outcome)| outcome.is_some()) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    running.into_iter().filter_map(|(_, outcome)| outcome).collect()
}

/// What was saved is read back, with its session id, and the last write counts.
pub async fn saved_record_is_loaded(store: &impl SessionStore) {
    for (session_id, body) in [(1, "first"), (u64::MAX, ""), (2, "last")] {
        store
            .save(&session_key(), &record(session_id, body), WriteCondition::Unconditional)
            .await
            .expect("saved");
        assert_eq!(loaded(store, &session_key()).await, Some((session_id, body.as_bytes().to_vec())));
    }
}

/// A missing record is no error.
pub async fn absent_is_not_an_error(store: &impl SessionStore) {
    assert_eq!(loaded(store, &session_key()).await, None);
    store.remove(&session_key()).await.expect("removing nothing is fine");
}

/// Records of different profiles, hosts, offices and kinds are kept apart.
pub async fn records_do_not_mix(store: &impl SessionStore) {
    let mut other_host = session_key();
    other_host.account.host = Host::parse("https://broker.example/base").expect("a valid host");
    let keys = [
        session_key(),
        key("other", Office::Front, RecordKind::Session),
        key("default", Office::Back, RecordKind::Session),
        key("default", Office::Front, RecordKind::Pending),
        key("default", Office::Front, RecordKind::Attempts),
        key("default", Office::Front, RecordKind::Revocations),
        other_host,
    ];
    for (n, key) in keys.iter().enumerate() {
        store
            .save(key, &record(n as u64, &n.to_string()), WriteCondition::Unconditional)
            .await
            .expect("saved");
    }
    store.remove(&keys[0]).await.expect("removed");
    assert_eq!(loaded(store, &keys[0]).await, None);
    for (n, key) in keys.iter().enumerate().skip(1) {
        assert_eq!(loaded(store, key).await, Some((n as u64, n.to_string().into_bytes())));
    }
}

/// A removed record is absent.
pub async fn removed_record_is_gone(store: &impl SessionStore) {
    store.save(&session_key(), &record(1, "x"), WriteCondition::Unconditional).await.expect("saved");
    store.remove(&session_key()).await.expect("removed");
    assert_eq!(loaded(store, &session_key()).await, None);
}

/// A write of the same session is accepted.
pub async fn same_session_replaces(store: &impl SessionStore) {
    store.save(&session_key(), &record(7, "old"), WriteCondition::Unconditional).await.expect("saved");
    store.save(&session_key(), &record(7, "new"), WriteCondition::SameSession).await.expect("saved");
    assert_eq!(loaded(store, &session_key()).await, Some((7, b"new".to_vec())));
}

/// A late write of an earlier session does not touch the next one.
pub async fn another_sessions_write_is_refused(store: &impl SessionStore) {
    store.save(&session_key(), &record(8, "next user"), WriteCondition::Unconditional).await.expect("saved");
    let late = store.save(&session_key(), &record(7, "late"), WriteCondition::SameSession).await;
    assert!(matches!(late, Err(StoreError::SessionReplaced)), "{late:?}");
    assert_eq!(loaded(store, &session_key()).await, Some((8, b"next user".to_vec())));
}

/// A late write does not bring back a session that was signed out.
pub async fn removed_record_is_not_brought_back(store: &impl SessionStore) {
    store.save(&session_key(), &record(7, "x"), WriteCondition::Unconditional).await.expect("saved");
    store.remove(&session_key()).await.expect("removed");
    let late = store.save(&session_key(), &record(7, "late"), WriteCondition::SameSession).await;
    assert!(matches!(late, Err(StoreError::SessionReplaced)), "{late:?}");
    assert_eq!(loaded(store, &session_key()).await, None);
}

/// A write that names the session to be replaced replaces no other one.
pub async fn only_the_named_session_is_replaced(store: &impl SessionStore) {
    let replacing = |id| WriteCondition::Replacing(SessionId(id));
    let save = async |record: &Record, condition| store.save(&session_key(), record, condition).await;
    let nothing_there = save(&record(7, "x"), replacing(6)).await;
    assert!(matches!(nothing_there, Err(StoreError::SessionReplaced)), "{nothing_there:?}");
    save(&record(6, "earlier"), WriteCondition::Unconditional).await.expect("saved");
    save(&record(7, "later"), replacing(6)).await.expect("saved");
    let another = save(&record(8, "x"), replacing(6)).await;
    assert!(matches!(another, Err(StoreError::SessionReplaced)), "{another:?}");
    assert_eq!(loaded(store, &session_key()).await, Some((7, b"later".to_vec())));
}

/// A removal that names a record removes no other one.
pub async fn only_what_was_read_is_removed(store: &impl SessionStore) {
    let (mine, newer, next) = (record(7, "pair"), record(7, "newer pair"), record(8, "pair"));
    store.remove_unchanged(&session_key(), None).await.expect("removing nothing is fine");
    store.remove_unchanged(&session_key(), Some(&mine)).await.expect("so is removing what is gone");
    for there in [&newer, &next] {
        store.save(&session_key(), there, WriteCondition::Unconditional).await.expect("saved");
        for read in [Some(&mine), None] {
            let refused = store.remove_unchanged(&session_key(), read).await;
            assert!(matches!(refused, Err(StoreError::SessionReplaced)), "{refused:?}");
        }
        assert!(loaded(store, &session_key()).await.is_some());
        store.remove_unchanged(&session_key(), Some(there)).await.expect("removed");
        assert_eq!(loaded(store, &session_key()).await, None);
    }
}

/// Tokens with many claims fit.
pub async fn large_record_fits(store: &impl SessionStore) {
    let body = "x".repeat(200_000);
    store.save(&session_key(), &record(1, &body), WriteCondition::Unconditional).await.expect("saved");
    assert_eq!(loaded(store, &session_key()).await, Some((1, body.into_bytes())));
}

/// A lock can be taken again once it was released, and locks of different keys do not wait for each other.
pub async fn lock_is_free_after_drop(store: &impl SessionStore) {
    for _ in 0..2 {
        let one = store.lock(&session_key()).await.expect("free");
        let other = store.lock(&key("default", Office::Front, RecordKind::Attempts)).await.expect("free");
        drop((one, other));
    }
}

/// A lock that is held is not given a second time, and that is no error.
pub async fn held_lock_is_not_given_twice(store: &impl SessionStore) {
    let held = store.try_lock(&session_key()).await.expect("the store answers").expect("free");
    assert!(store.try_lock(&session_key()).await.expect("the store answers").is_none());
    drop(held);
    assert!(store.try_lock(&session_key()).await.expect("the store answers").is_some());
}

/// The list has all records, in any order, and none that was removed; read all at once, each has its own content.
pub async fn every_record_is_listed(store: &impl SessionStore) {
    assert!(store.keys().await.expect("the store answers").is_empty());
    let mut other_host = session_key();
    other_host.account.host = Host::parse("https://broker.example:8443/base").expect("a valid host");
    let there = [session_key(), key("bot-eu_2@x", Office::Back, RecordKind::Pending), other_host];
    for (n, key) in there.iter().enumerate() {
        store.save(key, &record(n as u64, "x"), WriteCondition::Unconditional).await.expect("saved");
    }
    let gone = key("gone", Office::Front, RecordKind::Session);
    store.save(&gone, &record(9, "x"), WriteCondition::Unconditional).await.expect("saved");
    store.remove(&gone).await.expect("removed");
    let listed = store.keys().await.expect("the store answers");
    assert_eq!(listed.len(), there.len(), "{listed:?}");
    assert!(there.iter().all(|key| listed.contains(key)), "{listed:?}");
    let all = store.load_all().await.expect("the store answers");
    assert_eq!(all.len(), there.len(), "{all:?}");
    for (n, key) in there.iter().enumerate() {
        let read = all.iter().find(|(found, _)| found == key).map(|(_, record)| record);
        assert!(read.is_some_and(|read| read.is_same(&record(n as u64, "x"))), "{key:?}: {all:?}");
    }
}

/// Several records are written with one call, each under its condition. One whose condition does not hold stays as it is.
pub async fn several_records_are_saved_at_once(store: &impl SessionStore) {
    let other = key("default", Office::Front, RecordKind::Attempts);
    store.save(&session_key(), &record(1, "old"), WriteCondition::Unconditional).await.expect("saved");
    let both = |session_id| {
        [
            (other.clone(), record(0, "counted"), WriteCondition::Unconditional),
            (session_key(), record(session_id, "new"), WriteCondition::SameSession),
        ]
    };
    let refused = store.save_all(&both(2)).await;
    assert!(matches!(refused, Err(StoreError::SessionReplaced)));
    assert_eq!(loaded(store, &session_key()).await, Some((1, b"old".to_vec())));
    store.save_all(&both(1)).await.expect("saved");
    assert_eq!(loaded(store, &session_key()).await, Some((1, b"new".to_vec())));
    assert_eq!(loaded(store, &other).await, Some((0, b"counted".to_vec())));
}

/// Of many sign-ins that want to take the place of one session at once, one does, and its record is the one that is there.
pub async fn one_of_many_replaces(store: &impl SessionStore) {
    store.save(&session_key(), &record(1, "old"), WriteCondition::Unconditional).await.expect("saved");
    let (key, condition) = (session_key(), WriteCondition::Replacing(SessionId(1)));
    let records: Vec<_> = (2..18).map(|session_id| record(session_id, &session_id.to_string())).collect();
    let outcomes = at_once(records.iter().map(|record| store.save(&key, record, condition))).await;
    let winners: Vec<_> = records.iter().zip(&outcomes).filter(|(_, outcome)| outcome.is_ok()).collect();
    assert!(matches!(winners[..], [_]), "{outcomes:?}");
    let lost =
        |outcome: &Result<(), StoreError>| matches!(outcome, Ok(()) | Err(StoreError::SessionReplaced));
    assert!(outcomes.iter().all(lost), "{outcomes:?}");
    let there = store.load(&key).await.expect("the store answers");
    assert!(there.is_some_and(|there| winners.iter().all(|(record, _)| record.is_same(&there))));
}

/// However a removal and late writes of the same session meet, nothing is there afterwards.
pub async fn a_removal_outlives_late_writes(store: &impl SessionStore) {
    let (key, late) = (session_key(), record(1, "late"));
    for before in [0, 3, 7] {
        store.save(&key, &record(1, "old"), WriteCondition::Unconditional).await.expect("saved");
        let outcomes = at_once((0..8).map(async |n| {
            if n == before {
                store.remove(&key).await
            } else {
                store.save(&key, &late, WriteCondition::SameSession).await
            }
        }))
        .await;
        assert!(outcomes[before].is_ok(), "{outcomes:?}");
        assert_eq!(loaded(store, &key).await, None, "{outcomes:?}");
    }
}

/// Where all records of an account were removed, nothing of it is listed or read.
pub async fn removal_leaves_nothing(store: &impl SessionStore) {
    let keys = RecordKind::ALL.map(|kind| key("ann@client.example", Office::Front, kind));
    for key in &keys {
        store.save(key, &record(1, "x"), WriteCondition::Unconditional).await.expect("saved");
    }
    for key in &keys {
        store.remove(key).await.expect("removed");
        assert_eq!(loaded(store, key).await, None, "{key}");
    }
    assert!(store.keys().await.expect("the store answers").is_empty());
    assert!(store.load_all().await.expect("the store answers").is_empty());
}

/// A list of many is complete, and has each once.
pub async fn many_records_are_listed(store: &impl SessionStore) {
    let there: Vec<_> =
        (0..300).map(|n| key(&format!("user-{n}"), Office::Front, RecordKind::Session)).collect();
    let writes: Vec<_> =
        there.iter().map(|key| (key.clone(), record(1, "x"), WriteCondition::Unconditional)).collect();
    store.save_all(&writes).await.expect("saved");
    let mut listed: Vec<_> =
        store.keys().await.expect("the store answers").iter().map(ToString::to_string).collect();
    listed.sort_unstable();
    let mut expected: Vec<_> = there.iter().map(ToString::to_string).collect();
    expected.sort_unstable();
    assert_eq!(listed, expected);
}
