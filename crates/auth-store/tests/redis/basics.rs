//! What is in the server, and what several clients see of it.

use super::*;
use crate::server::Server;
use auth_core::ports::StoreCursor;

#[tokio::test]
async fn nothing_in_the_server_says_whose_records_there_are_or_what_is_in_them() {
    let server = Server::start();
    let store = open(&server.url());
    put(&store, &key_of("marker-profile", RecordKind::Session), 1, "marker-content").await;
    put(&store, &key_of("marker-profile", RecordKind::Attempts), 0, "marker-content").await;
    let _lock = store.lock(&key_of("marker-profile", RecordKind::Session)).await.unwrap();
    let mut all = String::new();
    for name in server.names() {
        let kind: String = server.ask(&["TYPE", &name]);
        let content: Vec<u8> = match kind.as_str() {
            "hash" => server.ask::<Vec<Vec<u8>>>(&["HGETALL", &name]).concat(),
            _ => server.ask(&["GET", &name]),
        };
        all.push_str(&name);
        all.push_str(&String::from_utf8_lossy(&content));
    }
    assert_eq!(server.names().len(), 4, "{:?}", server.names());
    for word in ["marker", "broker", "session", "attempts", "front"] {
        assert!(!all.contains(word), "{word}");
    }
}

#[tokio::test]
async fn a_removal_leaves_nothing_of_the_account() {
    let server = Server::start();
    let store = open(&server.url());
    for kind in RecordKind::ALL {
        let key = key_of("gone", kind);
        let lock = store.lock(&key).await.unwrap();
        put(&store, &key, 1, "x").await;
        store.remove(&key).await.unwrap();
        drop(lock);
    }
    wait_for("the locks' release", async || server.names() == ["b2auth:keys"]).await;
}

#[tokio::test]
async fn a_wrong_key_is_told_and_is_never_an_absent_record() {
    let url = server::shared().url();
    put(&open(&url), &session(), 1, "x").await;
    let other = RedisStore::new(url.parse().unwrap(), StoreKey::from_bytes([8; 32]));
    assert!(matches!(other.load(&session()).await, Err(StoreError::WrongKey)));
    assert!(matches!(other.keys().await, Err(StoreError::WrongKey)));
    assert!(matches!(other.remove(&session()).await, Err(StoreError::WrongKey)));
    let saved = other.save(&session(), &record(2, "y"), WriteCondition::Unconditional).await;
    assert!(matches!(saved, Err(StoreError::WrongKey)));
    assert_eq!(body(&open(&url), &session()).await.unwrap(), "x");
}

#[tokio::test]
async fn of_64_clients_that_replace_one_record_one_wins() {
    let url = server::shared().url();
    put(&open(&url), &session(), 1, "first").await;
    let clients = (0..64_u64).map(|n| {
        let store = open(&url);
        tokio::spawn(async move {
            store.save(&session(), &record(100 + n, "next"), WriteCondition::Replacing(SessionId(1))).await
        })
    });
    let mut won = 0;
    for client in clients.collect::<Vec<_>>() {
        match client.await.unwrap() {
            Ok(()) => won += 1,
            Err(StoreError::SessionReplaced) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(won, 1);
}

#[tokio::test]
async fn an_emptied_database_is_an_empty_store_and_is_begun_anew() {
    let server = Server::start();
    let (one, other) = (open(&server.url()), open(&server.url()));
    put(&one, &session(), 1, "x").await;
    assert_eq!(body(&other, &session()).await.unwrap(), "x");
    let _: String = server.ask(&["FLUSHALL"]);
    assert_eq!(body(&one, &session()).await, None);
    // Somebody who knew no keys begins it anew with others; those who knew the old ones find what it writes.
    let new = open(&server.url());
    put(&new, &session(), 2, "y").await;
    assert_eq!(body(&one, &session()).await.unwrap(), "y");
    // The other one still knows the old keys, and writes first.
    put(&other, &key_of("next", RecordKind::Session), 3, "z").await;
    assert_eq!(body(&new, &key_of("next", RecordKind::Session)).await.unwrap(), "z");
    assert_eq!(new.keys().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_list_finds_the_records_of_a_database_that_was_begun_anew() {
    for way in ["keys", "pages", "all"] {
        let server = Server::start();
        let (one, other) = (open(&server.url()), open(&server.url()));
        put(&one, &session(), 1, "x").await;
        let _: String = server.ask(&["FLUSHALL"]);
        put(&other, &session(), 2, "y").await;
        let listed = match way {
            "keys" => one.keys().await.unwrap().len(),
            "pages" => one.keys_page(&StoreCursor::start(), 100).await.unwrap().keys.len(),
            _ => one.load_all().await.unwrap().len(),
        };
        assert_eq!(listed, 1, "{way}");
    }
}

#[tokio::test]
async fn the_marker_comes_back_with_the_first_record_after_a_flush() {
    let server = Server::start();
    let store = open(&server.url());
    put(&store, &session(), 1, "x").await;
    let _: String = server.ask(&["FLUSHALL"]);
    put(&store, &session(), 2, "y").await;
    assert_eq!(body(&open(&server.url()), &session()).await.unwrap(), "y");
}

#[tokio::test]
async fn records_without_their_marker_are_an_error_and_stay() {
    let server = Server::start();
    put(&open(&server.url()), &session(), 1, "x").await;
    let marker: Vec<u8> = server.ask(&["GET", "b2auth:keys"]);
    let _: i64 = server.ask(&["DEL", "b2auth:keys"]);
    let store = open(&server.url());
    assert!(matches!(store.load(&session()).await, Err(StoreError::Failed { .. })));
    let saved = store.save(&session(), &record(2, "y"), WriteCondition::Unconditional).await;
    assert!(matches!(saved, Err(StoreError::Failed { .. })));
    assert!(matches!(store.keys().await, Err(StoreError::Failed { .. })));
    let mut set = redis::cmd("SET");
    let _: () = set.arg("b2auth:keys").arg(marker).query(&mut server.plain()).unwrap();
    assert_eq!(body(&store, &session()).await.unwrap(), "x");
}

#[tokio::test]
async fn a_marker_that_is_damaged_newer_or_of_another_program_is_an_error_and_stays() {
    let server = Server::start();
    put(&open(&server.url()), &session(), 1, "x").await;
    let marker: Vec<u8> = server.ask(&["GET", "b2auth:keys"]);
    let mut newer = marker.clone();
    newer[b"b2auth-redis".len()] = 9;
    let mut damaged = marker.clone();
    *damaged.last_mut().unwrap() ^= 1;
    for (bytes, is_newer) in
        [(newer, true), (damaged, false), (b"another".to_vec(), false), (marker[..20].to_vec(), false)]
    {
        let mut set = redis::cmd("SET");
        let _: () = set.arg("b2auth:keys").arg(&bytes).query(&mut server.plain()).unwrap();
        let store = open(&server.url());
        let saved = store.save(&session(), &record(2, "y"), WriteCondition::Unconditional).await;
        for error in [store.load(&session()).await.map(drop), saved] {
            match error {
                Err(StoreError::Newer { found: 9, supported: 1 }) => assert!(is_newer),
                Err(StoreError::Failed { .. }) => assert!(!is_newer),
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(server.ask::<Vec<u8>>(&["GET", "b2auth:keys"]), bytes);
    }
}

#[tokio::test]
async fn a_damaged_record_is_reported_once_and_kept_aside_until_it_is_removed() {
    let server = Server::start();
    let store = open(&server.url());
    put(&store, &session(), 1, "x").await;
    let name = record_name(&server);
    let mut sealed: Vec<u8> = server.ask(&["HGET", &name, "b"]);
    *sealed.last_mut().unwrap() ^= 1;
    let mut set = redis::cmd("HSET");
    let _: i64 = set.arg(&name).arg("b").arg(&sealed).query(&mut server.plain()).unwrap();
    assert!(matches!(store.load(&session()).await, Err(StoreError::Corrupt { .. })));
    assert_eq!(body(&store, &session()).await, None);
    let aside = format!("{name}:damaged");
    assert_eq!(server.ask::<Vec<u8>>(&["HGET", &aside, "b"]), sealed);
    assert!(server.ask::<i64>(&["PTTL", &aside]) > 0);
    assert!(store.keys().await.unwrap().is_empty());
    store.remove(&session()).await.unwrap();
    assert_eq!(server.names(), ["b2auth:keys"]);
}

#[tokio::test]
async fn a_record_of_a_newer_version_is_refused_and_not_overwritten() {
    let server = Server::start();
    let store = open(&server.url());
    put(&store, &session(), 1, "x").await;
    let name = record_name(&server);
    let _: i64 = server.ask(&["HSET", &name, "b", "\u{9}newer"]);
    assert!(matches!(store.load(&session()).await, Err(StoreError::Newer { found: 9, supported: 1 })));
    for condition in [WriteCondition::Unconditional, WriteCondition::SameSession] {
        let saved = store.save(&session(), &record(1, "y"), condition).await;
        assert!(matches!(saved, Err(StoreError::Newer { found: 9, .. })), "{saved:?}");
    }
    assert!(matches!(store.remove(&session()).await, Err(StoreError::Newer { .. })));
    assert!(matches!(store.remove_unchanged(&session(), None).await, Err(StoreError::Newer { .. })));
    assert_eq!(server.ask::<String>(&["HGET", &name, "b"]), "\u{9}newer");
}

#[tokio::test]
async fn a_record_opens_in_its_own_place_only() {
    let server = Server::start();
    let store = open(&server.url());
    put(&store, &session(), 1, "x").await;
    let name = record_name(&server);
    let sealed: Vec<Vec<u8>> = server.ask(&["HMGET", &name, "s", "b", "p"]);
    put(&store, &key_of("other", RecordKind::Session), 1, "y").await;
    let other = server.names().into_iter().find(|other| other.contains('{') && *other != name).unwrap();
    let mut set = redis::cmd("HSET");
    set.arg(&other).arg("s").arg(&sealed[0]).arg("b").arg(&sealed[1]);
    let _: i64 = set.query(&mut server.plain()).unwrap();
    let moved = store.load(&key_of("other", RecordKind::Session)).await;
    assert!(matches!(moved, Err(StoreError::Corrupt { .. })), "{moved:?}");
}

/// The name of the one record.
fn record_name(server: &Server) -> String {
    server.names().into_iter().find(|name| name.contains('{')).unwrap()
}

#[tokio::test]
async fn a_load_and_a_save_that_replaces_are_one_request_each() {
    let server = Server::start();
    let store = open(&server.url());
    put(&store, &session(), 1, "x").await;
    let asked = || -> u64 {
        let stats: String = server.ask(&["INFO", "commandstats"]);
        let calls = |name: &str| {
            let line = stats.lines().find_map(|line| line.strip_prefix(&format!("cmdstat_{name}:calls=")));
            line.map_or(0, |calls| calls.split(',').next().unwrap().parse::<u64>().unwrap())
        };
        // What the script asks for is in `hmget` too.
        ["get", "set", "eval", "scan", "hmget"].map(calls).iter().sum()
    };
    let before = asked();
    for _ in 0..10 {
        assert_eq!(body(&store, &session()).await.unwrap(), "x");
    }
    assert_eq!(asked() - before, 10);
    for _ in 0..10 {
        store.save(&session(), &record(1, "x"), WriteCondition::SameSession).await.unwrap();
    }
    assert_eq!(asked() - before, 20);
}
