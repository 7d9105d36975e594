//! Tokens of odd lifetimes.

use crate::{
    ports::{World, pair},
    sessions::{refreshes, signed_in, token},
};
use auth_client::{Office, SessionError};

#[tokio::test]
async fn a_refresh_token_that_ends_first_is_used_in_time() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 300)).await;
    world.clock.forward(200);
    assert_eq!(token(&session).await.unwrap(), "one-access");
    session.wait_for_refresh().await;
    assert_eq!(refreshes(&world), 0);
    world.clock.forward(75);
    world.host.say(pair("two", 900, 300));
    assert_eq!(token(&session).await.unwrap(), "one-access");
    session.wait_for_refresh().await;
    assert_eq!(token(&session).await.unwrap(), "two-access");
}

#[tokio::test]
async fn an_access_token_that_outlives_the_refresh_token_serves_until_its_own_end() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 300)).await;
    for _ in 0..5 {
        world.clock.forward(119);
        world.clock.forward(1);
    }
    for _ in 0..2 {
        assert_eq!(token(&session).await.unwrap(), "one-access");
        session.wait_for_refresh().await;
    }
    assert!(matches!(session.refresh().await.unwrap_err().cause, SessionError::Ended));
    world.clock.forward(250);
    assert_eq!(token(&session).await.unwrap(), "one-access");
    assert!(world.client().session(Office::Front).await.unwrap().is_some());
    world.clock.forward(50);
    assert!(matches!(token(&session).await, Err(SessionError::Ended)));
    assert!(world.client().session(Office::Front).await.unwrap().is_none());
    assert_eq!(refreshes(&world), 0);
}
