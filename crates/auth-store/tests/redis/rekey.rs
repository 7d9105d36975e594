//! Another key for all records, and a change of keys that was interrupted.

use super::*;
use crate::server::Server;

fn key(n: u8) -> StoreKey {
    StoreKey::from_bytes([n; 32])
}

fn with_key(server: &Server, n: u8) -> RedisStore {
    RedisStore::new(server.url().parse().unwrap(), key(n))
}

fn account(n: usize) -> RecordKey {
    key_of(&format!("p{n}"), RecordKind::Session)
}

async fn fill(store: &RedisStore, count: usize) {
    for n in 0..count {
        put(store, &account(n), 1, &format!("body {n}")).await;
    }
}

async fn check(store: &RedisStore, count: usize) {
    for n in 0..count {
        assert_eq!(body(store, &account(n)).await.unwrap(), format!("body {n}"));
    }
    assert_eq!(store.keys().await.unwrap().len(), count);
}

/// The ids of the keys that records are sealed with.
fn ids(server: &Server) -> std::collections::BTreeSet<Vec<u8>> {
    let names = server.names().into_iter().filter(|name| name.contains('{') && !name.ends_with(":lease"));
    names.map(|name| server.ask::<Vec<u8>>(&["HGET", &name, "b"])[1..9].to_vec()).collect()
}

#[tokio::test]
async fn the_old_key_opens_nothing_any_more_and_the_new_one_everything() {
    let server = Server::start();
    let store = with_key(&server, 1);
    fill(&store, 500).await;
    let before = ids(&server);
    store.rekey(key(2)).await.unwrap();
    check(&store, 500).await;
    check(&with_key(&server, 2), 500).await;
    assert!(matches!(with_key(&server, 1).load(&account(0)).await, Err(StoreError::WrongKey)));
    assert!(ids(&server).is_disjoint(&before));
    assert_eq!(ids(&server).len(), 1);
    for n in 3..6 {
        with_key(&server, n - 1).rekey(key(n)).await.unwrap();
        check(&with_key(&server, n), 500).await;
    }
    // Two keys at most: mark, version, salt, check, nonce, names, two keys with their ids, tag.
    assert_eq!(
        server.ask::<Vec<u8>>(&["GET", "b2auth:keys"]).len(),
        12 + 1 + 16 + 16 + 24 + 32 + 2 * 40 + 16
    );
}

#[tokio::test]
async fn neither_key_opens_the_store_is_an_error_that_changes_nothing() {
    let server = Server::start();
    fill(&with_key(&server, 1), 3).await;
    let other = with_key(&server, 8).rekey(key(9)).await;
    assert!(matches!(other, Err(StoreError::WrongKey)));
    check(&with_key(&server, 1), 3).await;
}

#[tokio::test]
async fn a_process_with_the_old_key_loses_nothing_and_is_told() {
    let server = Server::start();
    let running = with_key(&server, 1);
    fill(&running, 3).await;
    // It has read, and writes after the change of keys.
    with_key(&server, 1).rekey(key(2)).await.unwrap();
    running.save(&account(0), &record(1, "late"), WriteCondition::SameSession).await.unwrap();
    assert_eq!(body(&with_key(&server, 2), &account(0)).await.unwrap(), "late");
    assert!(matches!(running.load(&account(1)).await, Err(StoreError::WrongKey)));
    let absent = running.load(&account(9)).await;
    assert!(matches!(absent, Err(StoreError::WrongKey)), "{absent:?}");
    // Another change seals what came late anew.
    with_key(&server, 2).rekey(key(2)).await.unwrap();
    assert_eq!(ids(&server).len(), 1);
    assert_eq!(body(&with_key(&server, 2), &account(0)).await.unwrap(), "late");
}

#[tokio::test]
async fn a_process_with_the_new_key_meets_records_that_were_not_sealed_anew() {
    let server = Server::start();
    fill(&with_key(&server, 1), 300).await;
    for _ in 0..30 {
        let store = with_key(&server, 1);
        // Cut off at some instant.
        let change = store.rekey(key(2));
        let cut_off = tokio::time::timeout(Duration::from_micros(fastrand::u64(0..60_000)), change).await;
        // Whichever of the keys opens it now opens all of it.
        let first = with_key(&server, 1).load(&account(0)).await;
        let opens = if first.is_ok() { 1 } else { 2 };
        check(&with_key(&server, opens), 300).await;
        // And from either it can be brought to its end.
        with_key(&server, 1).rekey(key(2)).await.unwrap();
        check(&with_key(&server, 2), 300).await;
        assert_eq!(ids(&server).len(), 1, "{cut_off:?}");
        with_key(&server, 2).rekey(key(1)).await.unwrap();
    }
}

#[tokio::test]
async fn writes_go_on_while_keys_are_changed() {
    let server = Server::start();
    let store = with_key(&server, 1);
    fill(&store, 200).await;
    let writer = with_key(&server, 1);
    let change = tokio::spawn(async move { store.rekey(key(2)).await });
    let mut written = 0_usize;
    while !change.is_finished() {
        let n = written % 200;
        match writer.save(&account(n), &record(1, &format!("body {n}")), WriteCondition::SameSession).await {
            Ok(()) => written += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    change.await.unwrap().unwrap();
    check(&with_key(&server, 2), 200).await;
}
