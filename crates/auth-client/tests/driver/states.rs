//! Who is signed in, as something to watch: the first state from the store, and a reason for each change.

use crate::{
    ports::{Kinds, Reply, World, pair},
    sessions::{key, signed_in, token},
};
use auth_client::{
    AuthState, AuthStateChanges, Office, StateReason,
    ports::{RecordKind, SessionStore, StoreError},
};

async fn next(states: &mut AuthStateChanges) -> (&'static str, StateReason) {
    let change = states.next().await;
    (change.state.as_str(), change.reason)
}

#[tokio::test]
async fn the_first_state_comes_from_the_store() {
    let world = World::default();
    assert_eq!(
        next(&mut world.client().auth_state_changes(Office::Front)).await,
        ("signed_out", StateReason::Stored)
    );
    signed_in(&world, pair("one", 900, 3600)).await;
    let first = world.client().auth_state_changes(Office::Front).next().await;
    assert_eq!(first.state, AuthState::SignedIn { account: "ann@example.com".into() });
    assert_eq!(first.reason, StateReason::Stored);
    world.store.fail(Kinds::All, StoreError::unavailable("the device is locked"));
    let locked = next(&mut world.client().auth_state_changes(Office::Front)).await;
    assert_eq!(locked, ("unavailable", StateReason::StoreUnavailable), "never signed out");
}

#[tokio::test]
async fn every_change_carries_its_reason() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    let client = session_client(&world);
    let session_of_client = client.session(Office::Front).await.unwrap().unwrap();
    drop(session);
    let mut states = client.auth_state_changes(Office::Front);
    assert_eq!(next(&mut states).await, ("signed_in", StateReason::Stored));
    world.host.say(pair("two", 900, 3600));
    session_of_client.refresh().await.unwrap();
    assert_eq!(next(&mut states).await, ("signed_in", StateReason::Refreshed));
    world.clock.forward(900);
    world.host.next(Reply::Say(422, r#"{"message":"Invalid","errors":{"refreshToken":["no"]}}"#.into()));
    token(&session_of_client).await.unwrap_err();
    assert_eq!(next(&mut states).await, ("reauthentication_required", StateReason::Refused));
    world.host.next(Reply::Say(401, r#"{"error":{"code":0,"message":"Revoked"}}"#.into()));
    session_of_client.refresh().await.unwrap_err();
    assert_eq!(next(&mut states).await, ("signed_out", StateReason::EndedByHost));
}

#[tokio::test]
async fn what_other_processes_do_is_seen_when_the_store_is_read() {
    let world = World::default();
    signed_in(&world, pair("one", 900, 3600)).await;
    let client = session_client(&world);
    let mut states = client.auth_state_changes(Office::Front);
    assert_eq!(next(&mut states).await, ("signed_in", StateReason::Stored));
    signed_in(&world, pair("next", 900, 3600)).await;
    assert!(client.session(Office::Front).await.unwrap().is_some());
    assert_eq!(next(&mut states).await, ("signed_in", StateReason::ChangedElsewhere));
    world.store.remove(&key(RecordKind::Session)).await.unwrap();
    assert!(client.session(Office::Front).await.unwrap().is_none());
    assert_eq!(next(&mut states).await, ("signed_out", StateReason::SignedOutElsewhere));
}

#[tokio::test]
async fn a_sign_out_and_a_sign_in_of_this_process_are_told() {
    let world = World::default();
    let client = session_client(&world);
    let mut states = client.auth_state_changes(Office::Front);
    assert_eq!(next(&mut states).await, ("signed_out", StateReason::Stored));
    crate::sessions::sign_in_with(&client, &world, pair("one", 900, 3600)).await;
    assert_eq!(next(&mut states).await, ("signed_in", StateReason::SignedIn));
    world.host.say("");
    client.sign_out(Office::Front).await.unwrap();
    assert_eq!(next(&mut states).await, ("signed_out", StateReason::SignedOut));
}

fn session_client(world: &World) -> auth_client::AuthClient {
    world.client_with(auth_client::Limits::unlimited())
}

#[tokio::test]
async fn a_store_that_comes_back_ends_the_wait() {
    for somebody in [false, true] {
        let world = World::default();
        if somebody {
            signed_in(&world, pair("one", 900, 3600)).await;
        }
        let mut states = world.client().auth_state_changes(Office::Front);
        world.store.fail(Kinds::All, StoreError::unavailable("the device is locked"));
        assert_eq!(next(&mut states).await.0, "unavailable");
        let waiting = tokio::spawn(async move { next(&mut states).await });
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert!(!waiting.is_finished(), "the same state is not told again");
        world.store.mend();
        let expected = if somebody { "signed_in" } else { "signed_out" };
        assert_eq!(waiting.await.unwrap(), (expected, StateReason::Stored));
    }
}
