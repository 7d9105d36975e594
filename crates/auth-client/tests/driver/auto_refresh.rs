//! Refreshing with nobody asking: it goes on while that can help, and no faster than it should.

use crate::{
    ports::{HandClock, Reply, World, pair, revoked},
    sessions::{key, refreshes, sign_in_with, signed_in},
};
use async_trait::async_trait;
use auth_client::{
    BootTime, Limits, Office, SessionError, SignedDuration, Timestamp,
    ports::{Clock, RecordKind, SessionStore, StoreError, TransportError},
};
use std::time::Duration;
use tokio::runtime::Handle;

#[tokio::test]
async fn a_dead_host_is_not_hammered() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 360_000)).await;
    world.clock.forward(900);
    for _ in 0..40 {
        world.host.next(Reply::Fail(TransportError::Unreachable));
    }
    world.host.next(revoked());
    let began = world.clock.now();
    assert!(matches!(session.auto_refresh().await, SessionError::Ended));
    assert_eq!(refreshes(&world), 41);
    let took = world.clock.now().duration_since(began);
    assert!(took > SignedDuration::from_mins(15), "{took:?} for 41 attempts");
}

/// A clock whose timers never end: what ends a wait is something else.
#[derive(Clone)]
struct NoTimers(HandClock);

#[async_trait]
impl Clock for NoTimers {
    fn now(&self) -> Timestamp {
        self.0.now()
    }

    fn boot_time(&self) -> Option<BootTime> {
        self.0.boot_time()
    }

    async fn sleep(&self, _: Duration) {
        std::future::pending().await
    }
}

#[tokio::test]
async fn a_sign_out_ends_it_at_once() {
    let world = World::default();
    let builder = world.builder(Limits::unlimited()).clock(NoTimers(world.clock.clone()));
    let client = builder.runtime(Handle::current()).build().unwrap();
    let session = sign_in_with(&client, &world, pair("one", 900, 3600)).await;
    let keeping = tokio::spawn(async move { session.auto_refresh().await });
    tokio::task::yield_now().await;
    assert!(!keeping.is_finished());
    world.host.say("");
    client.sign_out(Office::Front).await.unwrap();
    assert!(matches!(keeping.await.unwrap(), SessionError::NotSignedIn));
}

#[tokio::test]
async fn it_returns_once_the_host_wants_a_sign_in() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(890);
    world.host.next(Reply::Say(422, r#"{"message":"Invalid","errors":{"refreshToken":["no"]}}"#.into()));
    assert!(matches!(session.auto_refresh().await, SessionError::ReauthenticationRequired { .. }));
    assert_eq!(refreshes(&world), 1);
}

#[tokio::test]
async fn it_returns_once_somebody_else_has_signed_in_or_out() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    let next = signed_in(&world, pair("next", 900, 3600)).await;
    assert!(matches!(session.auto_refresh().await, SessionError::Store(StoreError::SessionReplaced)));
    world.store.remove(&key(RecordKind::Session)).await.unwrap();
    assert!(matches!(next.auto_refresh().await, SessionError::NotSignedIn));
}
