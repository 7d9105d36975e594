//! Answers that were lost, locks that were lost, and pairs of other processes: nobody is signed out by them.

use crate::{
    ports::{Reply, World, pair},
    sessions::{key, refreshes, signed_in, token, token_under_way},
};
use auth_client::{
    Office, SessionError,
    ports::{RecordKind, SessionStore, TransportError, WriteCondition},
};
use auth_core::{ports::Record, session::StoredSession};

pub(crate) async fn stored(world: &World) -> (Record, StoredSession) {
    let record = world
        .store
        .load(&key(RecordKind::Session))
        .await
        .expect("the store works")
        .expect("a session is kept");
    let session = StoredSession::decode(record.body.expose()).expect("the store works");
    (record, session)
}

/// What another process that has refreshed the session leaves in the store.
pub(crate) async fn refreshed_by_another_process(world: &World, name: &str) {
    let (mut record, mut session) = stored(world).await;
    session.tokens.access.token = auth_client::secret::AccessToken::new(format!("{name}-access"));
    session.tokens.refresh.token = auth_client::secret::RefreshToken::new(format!("{name}-refresh"));
    session.received = auth_client::ports::Clock::reading(&world.clock);
    record.body = session.encode();
    world
        .store
        .save(&key(RecordKind::Session), &record, WriteCondition::SameSession)
        .await
        .expect("the store works");
}

#[tokio::test]
async fn the_intent_is_in_the_store_before_the_host_is_asked() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(900);
    world.host.hold(pair("two", 900, 3600));
    let call = token_under_way(&world, &session).await;
    assert!(stored(&world).await.1.refresh_history.in_flight_or_lost, "a process that dies now leaves word");
    world.host.release.notify_one();
    assert_eq!(call.await.unwrap().unwrap(), "two-access");
    assert!(!stored(&world).await.1.refresh_history.in_flight_or_lost);
}

#[tokio::test]
async fn a_refresh_cut_short_is_made_up_for_at_the_next_start() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(10);
    world.host.next(Reply::Fail(TransportError::Interrupted));
    session.refresh().await.unwrap_err();
    // Another process, later, while the old token still serves.
    world.clock.forward(5);
    let next = world.client().session(Office::Front).await.unwrap().unwrap();
    world.host.say(pair("two", 900, 3600));
    assert_eq!(token(&next).await.unwrap(), "one-access", "nobody waits for it");
    next.wait_for_refresh().await;
    assert_eq!(token(&next).await.unwrap(), "two-access");
    assert_eq!(refreshes(&world), 2, "asked once more, with the old refresh token");
}

#[tokio::test]
async fn making_up_is_tried_once_and_then_left_for_a_while() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    for _ in 0..2 {
        world.host.next(Reply::Fail(TransportError::TimedOut));
    }
    session.refresh().await.unwrap_err();
    world.clock.forward(5);
    let next = world.client().session(Office::Front).await.unwrap().unwrap();
    for _ in 0..10 {
        assert_eq!(token(&next).await.unwrap(), "one-access");
        next.wait_for_refresh().await;
    }
    assert_eq!(refreshes(&world), 2);
}

#[tokio::test]
async fn a_no_is_checked_against_the_store_before_it_ends_a_session() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(900);
    let refused = Reply::Say(401, r#"{"error":{"code":0,"message":"Revoked"}}"#.into());
    world.host.next(Reply::Hold(Box::new(refused)));
    let call = token_under_way(&world, &session).await;
    // This process slept, its lock was given to another one, which has refreshed: the spent token was refused.
    refreshed_by_another_process(&world, "other").await;
    world.host.release.notify_one();
    assert_eq!(call.await.unwrap().unwrap(), "other-access");
    assert_eq!(stored(&world).await.1.tokens.access.token.expose(), "other-access");
}

#[tokio::test]
async fn a_pair_of_another_process_is_taken_over_without_asking() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(900);
    refreshed_by_another_process(&world, "other").await;
    assert_eq!(token(&session).await.unwrap(), "other-access");
    assert_eq!(refreshes(&world), 0);
}

#[tokio::test]
async fn a_token_that_a_host_refuses_is_refreshed_once_and_a_fresh_one_never() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    let one = session.access_token().await.unwrap();
    assert_eq!(
        session.replace_rejected_token(&one).await.unwrap().expose(),
        "one-access",
        "it has just come"
    );
    world.clock.forward(120);
    world.host.say(pair("two", 900, 3600));
    let two = session.replace_rejected_token(&one).await.unwrap();
    assert_eq!(two.expose(), "two-access");
    assert_eq!(
        session.replace_rejected_token(&one).await.unwrap().expose(),
        "two-access",
        "somebody else's refresh"
    );
    for _ in 0..10 {
        assert_eq!(session.replace_rejected_token(&two).await.unwrap().expose(), "two-access");
    }
    assert_eq!(refreshes(&world), 1);
}

#[tokio::test]
async fn a_refusal_is_asked_once_for_all_and_remembered_by_the_next_process() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(900);
    let refused = Reply::Say(422, r#"{"message":"Invalid","errors":{"refreshToken":["no"]}}"#.into());
    world.host.next(Reply::Hold(Box::new(refused)));
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let session = session.clone();
            tokio::spawn(async move { token(&session).await })
        })
        .collect();
    world.host.arrived.notified().await;
    world.host.release.notify_one();
    for call in calls {
        assert!(matches!(call.await.unwrap(), Err(SessionError::ReauthenticationRequired { .. })));
    }
    let next = world.client().session(Office::Front).await.unwrap().unwrap();
    assert!(matches!(token(&next).await, Err(SessionError::ReauthenticationRequired { .. })));
    assert_eq!(refreshes(&world), 1);
    world.host.say(pair("two", 900, 3600));
    next.refresh().await.expect("asked for by name it is tried again");
    assert_eq!(token(&session).await.unwrap(), "two-access");
}

#[tokio::test]
async fn a_failure_is_shared_by_all_who_waited() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(900);
    world.host.next(Reply::Hold(Box::new(Reply::Say(503, String::new()))));
    let calls: Vec<_> = (0..100)
        .map(|_| {
            let session = session.clone();
            tokio::spawn(async move { token(&session).await })
        })
        .collect();
    world.host.arrived.notified().await;
    world.host.release.notify_one();
    for call in calls {
        assert!(matches!(call.await.unwrap(), Err(SessionError::Call(_))));
    }
    assert_eq!(refreshes(&world), 1, "not once for each of them");
}

#[tokio::test]
async fn after_a_401_another_processes_sign_out_is_seen_before_a_token_is_given_again() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    let rejected = session.access_token().await.unwrap();
    // It was just issued, so it would be given again.
    assert_eq!(session.replace_rejected_token(&rejected).await.unwrap().expose(), "one-access");
    world.store.remove(&key(RecordKind::Session)).await.unwrap();
    let gone = session.replace_rejected_token(&rejected).await.unwrap_err();
    assert!(matches!(gone.cause, SessionError::NotSignedIn));
    assert_eq!(refreshes(&world), 0);
}
