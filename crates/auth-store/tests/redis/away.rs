//! A server that is not there, does not answer, or refuses: never "no record", and never longer than the time limit.

use super::*;
use crate::server::{Server, free_port};

/// What whoever asks sees, in all its texts.
async fn refusal(store: &RedisStore) -> String {
    match store.load(&session()).await {
        Err(error @ StoreError::Unavailable { .. }) => texts(&error),
        other => panic!("{other:?}"),
    }
}

fn texts(error: &StoreError) -> String {
    let mut texts = format!("{error} / {error:?}");
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        texts.push_str(&format!(" / {error} / {error:?}"));
        source = error.source();
    }
    texts
}

#[tokio::test]
async fn no_server_is_unavailable() {
    let store = open(&format!("redis://127.0.0.1:{}", free_port()));
    assert!(refusal(&store).await.contains("Redis cannot be reached"));
    assert!(matches!(store.try_lock(&session()).await, Err(StoreError::Unavailable { .. })));
    assert!(matches!(store.lock(&session()).await, Err(StoreError::Unavailable { .. })));
    assert!(matches!(store.remove(&session()).await, Err(StoreError::Unavailable { .. })));
    assert!(matches!(store.remove_unchanged(&session(), None).await, Err(StoreError::Unavailable { .. })));
    assert!(matches!(store.keys().await, Err(StoreError::Unavailable { .. })));
    let saved = store.save(&session(), &record(1, "x"), WriteCondition::Unconditional).await;
    assert!(matches!(saved, Err(StoreError::Unavailable { .. })));
}

#[tokio::test]
async fn a_server_that_stands_still_is_unavailable_in_time_and_is_found_again() {
    let server = Server::start();
    let store = open_with(&server.url(), RedisOptions::default().command_timeout(Duration::from_millis(300)));
    put(&store, &session(), 1, "x").await;
    server.signal("-STOP");
    let begun = Instant::now();
    assert!(refusal(&store).await.contains("did not answer in time"));
    assert!(begun.elapsed() < Duration::from_secs(10));
    server.signal("-CONT");
    wait_for("an answer", async || store.load(&session()).await.is_ok()).await;
    assert_eq!(body(&store, &session()).await.unwrap(), "x");
}

#[tokio::test]
async fn what_was_saved_survives_a_crash_and_the_connection_is_made_anew() {
    let mut server = Server::with(&["--appendonly", "yes", "--appendfsync", "always"]);
    let store = open(&server.url());
    for n in 1..=20 {
        put(&store, &key_of(&format!("p{n}"), RecordKind::Session), n, &format!("body {n}")).await;
    }
    server.kill();
    assert!(refusal(&store).await.contains("Redis cannot be reached"));
    server.restart();
    for n in 1..=20 {
        let found = body(&store, &key_of(&format!("p{n}"), RecordKind::Session)).await;
        assert_eq!(found.unwrap(), format!("body {n}"));
    }
    // Nobody has asked between: the connection is lost without anybody's knowing.
    server.kill();
    server.restart();
    put(&store, &session(), 1, "after").await;
    assert_eq!(body(&store, &session()).await.unwrap(), "after");
}

#[tokio::test]
async fn each_refusal_says_what_to_do() {
    let server = Server::start();
    let store = open(&server.url());
    put(&store, &session(), 1, "x").await;
    let saving = async || {
        let saved = store.save(&session(), &record(1, "y"), WriteCondition::SameSession).await;
        assert!(matches!(saved, Err(StoreError::Unavailable { .. })), "{saved:?}");
        texts(&saved.unwrap_err())
    };
    let _: String = server.ask(&["CONFIG", "SET", "maxmemory", "1"]);
    assert!(saving().await.contains("raise maxmemory"));
    let _: String = server.ask(&["CONFIG", "SET", "maxmemory", "0"]);
    let _: String = server.ask(&["CONFIG", "SET", "min-replicas-to-write", "1"]);
    assert!(saving().await.contains("too few replicas are linked"));
    let _: String = server.ask(&["CONFIG", "SET", "min-replicas-to-write", "0"]);
    let _: String = server.ask(&["REPLICAOF", "127.0.0.1", &free_port().to_string()]);
    assert!(saving().await.contains("is a replica"));
    let _: String = server.ask(&["CONFIG", "SET", "replica-serve-stale-data", "no"]);
    assert!(refusal(&store).await.contains("lost its master"));
    let _: String = server.ask(&["REPLICAOF", "NO", "ONE"]);
    assert_eq!(body(&store, &session()).await.unwrap(), "x");
    let too_few = open_with(
        &server.url(),
        RedisOptions::default().min_replicas(1).command_timeout(Duration::from_millis(300)),
    );
    let saved = too_few.save(&session(), &record(1, "z"), WriteCondition::SameSession).await;
    assert!(matches!(saved, Err(StoreError::Unavailable { .. })), "{saved:?}");
}

#[tokio::test]
async fn a_login_and_the_least_rights_are_enough_and_its_secrets_are_shown_nowhere() {
    let logged = logs::collect();
    let server = Server::start();
    let mut rights = vec!["ACL", "SETUSER", "service", "on", ">marker-password"];
    rights.extend(crate::rights());
    let _: String = server.ask(&rights);
    let url = format!("redis://service:marker-password@127.0.0.1:{}", server.port);
    let store = open(&url);
    auth_store::conformance::only_what_was_read_is_removed(&store).await;
    auth_store::conformance::every_record_is_listed(&store).await;
    put(&store, &session(), 1, "x").await;
    let lock = store.lock(&session()).await.unwrap();
    put(&store, &session(), 1, "y").await;
    drop(lock);
    store.rekey(StoreKey::from_bytes([9; 32])).await.unwrap();
    let name =
        server.names().into_iter().find(|name| name.contains('{') && !name.contains(":lease")).unwrap();
    let _: i64 = server.ask(&["HSET", &name, "b", "\u{1}damaged"]);
    let mut damaged = 0;
    for key in store.keys().await.unwrap() {
        damaged += usize::from(matches!(store.load(&key).await, Err(StoreError::Corrupt { .. })));
    }
    assert_eq!(damaged, 1);
    assert!(!format!("{store:?} {:?}", store.url()).contains("marker"));

    let _: String = server.ask(&["ACL", "SETUSER", "service", "-hmget"]);
    let refused = refusal(&store).await;
    assert!(refused.contains("ACL does not allow") && !refused.contains("marker"), "{refused}");

    let wrong = open(&format!("redis://service:marker-wrong@127.0.0.1:{}", server.port));
    let refused = refusal(&wrong).await;
    assert!(refused.contains("refused the login") && !refused.contains("marker"), "{refused}");

    for place in [
        format!("redis+sentinel://service:marker@127.0.0.1:{}/x", server.port),
        format!("redis+cluster://service:marker@127.0.0.1:{}", server.port),
        format!("rediss://service:marker@127.0.0.1:{}", server.port),
        format!("redis+unix://service:marker@{}/none", std::env::temp_dir().display()),
    ] {
        let options = RedisOptions::default()
            .command_timeout(Duration::from_millis(300))
            .sentinel_login(Some("marker".to_owned()), "marker".to_owned());
        assert!(!format!("{options:?}").contains("marker"));
        let refused = refusal(&open_with(&place, options)).await;
        assert!(!refused.contains("marker"), "{refused}");
    }
    let logged = logged();
    assert!(logged.contains("quarantine"), "{logged}");
    assert!(!logged.contains("marker"), "{logged}");

    let _: String = server.ask(&["CONFIG", "SET", "requirepass", "another"]);
    let refused = refusal(&open(&server.url())).await;
    assert!(refused.contains("Redis wants a login"), "{refused}");
}

#[tokio::test]
async fn a_key_of_another_program_in_the_place_of_a_record_is_an_error_and_stays() {
    let server = Server::start();
    let store = open(&server.url());
    put(&store, &session(), 1, "x").await;
    let name = server.names().into_iter().find(|name| name.contains('{')).unwrap();
    let _: String = server.ask(&["SET", &name, "another"]);
    assert!(matches!(store.load(&session()).await, Err(StoreError::Failed { .. })));
    let saved = store.save(&session(), &record(1, "y"), WriteCondition::Unconditional).await;
    assert!(matches!(saved, Err(StoreError::Failed { .. })), "{saved:?}");
    assert_eq!(server.ask::<String>(&["GET", &name]), "another");
}

#[test]
fn a_runtime_that_nobody_drives_or_that_has_ended_does_not_stop_another_one() {
    let server = Server::start();
    let store = open(&server.url());
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let idle = runtime();
    idle.block_on(put(&store, &session(), 1, "x"));
    assert_eq!(runtime().block_on(body(&store, &session())).unwrap(), "x");
    drop(idle);
    assert_eq!(runtime().block_on(body(&store, &session())).unwrap(), "x");
}
