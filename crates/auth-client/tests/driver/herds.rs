//! Very many who want a token at once: the host is asked once, whatever it says and whoever gives up.

use crate::ports::{HandClock, Reply, Scripted, World, pair};
use auth_client::{
    AuthClient, Office, SessionError,
    ports::SessionStore,
    store::{FileStore, MemoryStore},
};
use std::sync::Arc;
use tokio::task::JoinSet;

const MANY: usize = 10_000;

/// A client whose session's access token is over; nothing of it is in memory.
async fn cold(store: Arc<dyn SessionStore>) -> (AuthClient, Scripted) {
    let (host, clock) = (Scripted::default(), HandClock::default());
    let client = || {
        AuthClient::builder("https://broker.example")
            .transport(host.clone())
            .clock(clock.clone())
            .shared_store(store.clone())
            .build()
            .expect("a client")
    };
    let world = World { host: host.clone(), clock: clock.clone(), ..World::default() };
    drop(crate::sessions::sign_in_with(&client(), &world, pair("one", 900, 360_000)).await);
    clock.forward(1000);
    (client(), host)
}

async fn token(client: AuthClient) -> Result<String, SessionError> {
    let session = client.session(Office::Front).await?.expect("signed in");
    session.access_token().await.map(|token| token.expose().to_owned()).map_err(|failed| failed.cause)
}

/// Lets all of them ask, then the host answer; gives what each got, and how many requests there were.
async fn herd(
    client: &AuthClient,
    host: &Scripted,
    reply: Reply,
) -> (Vec<Result<String, SessionError>>, usize) {
    let before = host.asked().len();
    host.next(Reply::Hold(Box::new(reply)));
    let mut tasks = JoinSet::new();
    for _ in 0..MANY {
        tasks.spawn(token(client.clone()));
    }
    host.arrived.notified().await;
    // Each has been polled at least once by now, and again after any read of the store.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    host.release.notify_one();
    let got = tasks.join_all().await;
    (got, host.asked().len() - before)
}

fn all_got(got: &[Result<String, SessionError>], token: &str) {
    assert_eq!(got.len(), MANY);
    assert!(got.iter().all(|got| got.as_ref().is_ok_and(|got| got == token)));
}

#[tokio::test]
async fn an_ended_token_is_refreshed_once_for_all() {
    let (client, host) = cold(Arc::new(MemoryStore::new())).await;
    let _in_memory = client.session(Office::Front).await.unwrap().unwrap();
    let (got, requests) = herd(&client, &host, Reply::Say(200, pair("two", 900, 360_000))).await;
    all_got(&got, "two-access");
    assert_eq!(requests, 1);
}

#[tokio::test]
async fn a_cold_client_reads_and_refreshes_once_for_all() {
    let folder = tempfile::tempdir().unwrap();
    let file = FileStore::with_key_file(folder.path().join("store"));
    let stores: [Arc<dyn SessionStore>; 2] = [Arc::new(MemoryStore::new()), Arc::new(file)];
    for store in stores {
        let (client, host) = cold(store).await;
        let (got, requests) = herd(&client, &host, Reply::Say(200, pair("two", 900, 360_000))).await;
        all_got(&got, "two-access");
        assert_eq!(requests, 1);
    }
}

#[tokio::test]
async fn one_refusal_is_for_all() {
    let (client, host) = cold(Arc::new(MemoryStore::new())).await;
    let no = Reply::Say(400, r#"{"error":{"code":400,"message":"No","details":[]}}"#.into());
    let (got, requests) = herd(&client, &host, no).await;
    assert!(got.iter().all(|got| matches!(got, Err(SessionError::ReauthenticationRequired { .. }))));
    assert_eq!(requests, 1);
    let (late, more) = (token(client).await, host.asked().len());
    assert!(
        matches!(late, Err(SessionError::ReauthenticationRequired { .. })),
        "whoever comes later receives the same"
    );
    assert_eq!(host.asked().len(), more);
}

#[tokio::test]
async fn a_leader_that_gives_up_leaves_its_refresh_to_the_others() {
    let (client, host) = cold(Arc::new(MemoryStore::new())).await;
    let before = host.asked().len();
    host.hold(pair("two", 900, 360_000));
    let mut leaders = JoinSet::new();
    for _ in 0..8 {
        leaders.spawn(token(client.clone()));
    }
    host.arrived.notified().await;
    let mut others = JoinSet::new();
    for _ in 0..MANY {
        others.spawn(token(client.clone()));
    }
    tokio::task::yield_now().await;
    leaders.abort_all();
    while leaders.join_next().await.is_some() {}
    host.release.notify_one();
    all_got(&others.join_all().await, "two-access");
    assert_eq!(host.asked().len() - before, 1);
}
