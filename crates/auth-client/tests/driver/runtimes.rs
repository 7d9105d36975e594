//! Several runtimes, some of which end or stand still in the middle.

use crate::{
    ports::{World, pair},
    recovery::stored,
    sessions::{key, refreshes, sign_in_with, signed_in, token},
};
use auth_client::{
    AuthClient, Limits, Office, Session, SessionError,
    ports::{RecordKind, SessionStore, StoreError},
};
use std::{
    pin::pin,
    task::{Context, Waker},
};
use tokio::runtime::{Builder, Runtime};

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime")
}

/// A session whose token is over, and a runtime that has begun to refresh it and stands still.
fn begun(world: &World) -> (Session, Runtime) {
    let runtime = runtime();
    let session = runtime.block_on(signed_in(world, pair("one", 900, 3600)));
    world.clock.forward(900);
    world.host.hold(pair("lost", 900, 3600));
    runtime.block_on(async {
        let session = session.clone();
        tokio::spawn(async move { token(&session).await });
        world.host.arrived.notified().await;
    });
    (session, runtime)
}

#[test]
fn a_refresh_whose_runtime_ended_is_made_up_for_by_whoever_waited() {
    let world = World::default();
    let (session, ends) = begun(&world);
    runtime().block_on(async {
        let call = tokio::spawn(async move { token(&session).await });
        tokio::task::yield_now().await;
        std::thread::spawn(move || drop(ends)).join().unwrap();
        world.host.say(pair("two", 900, 3600));
        assert_eq!(call.await.unwrap().unwrap(), "two-access");
    });
    assert_eq!(refreshes(&world), 2);
}

#[test]
fn nobody_waits_for_ever_for_a_runtime_that_stands_still() {
    let world = World::default();
    let (session, _stands_still) = begun(&world);
    let given_up = runtime().block_on(token(&session));
    assert!(matches!(given_up, Err(SessionError::Store(StoreError::Unavailable { .. }))), "{given_up:?}");
    runtime().block_on(session.wait_for_refresh());
}

#[test]
fn a_sign_out_whose_runtime_ended_is_an_error_and_no_panic() {
    let world = World::default();
    let (begins, ends) = (runtime(), runtime());
    begins.block_on(signed_in(&world, pair("one", 900, 3600)));
    let client = begins.block_on(async { world.client() });
    world.host.hold("");
    let mut call = pin!(client.sign_out(Office::Front));
    {
        let _entered = begins.enter();
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    drop(begins);
    let cut_off = ends.block_on(call).unwrap_err();
    assert!(matches!(cut_off.cause, SessionError::Store(StoreError::Unavailable { .. })));
}

/// A client whose work is done where it is done by default, and that is signed in.
fn client_of_its_own(world: &World, tokens: String) -> (AuthClient, Session) {
    let client = world.builder(Limits::unlimited()).build().expect("a client");
    let session = runtime().block_on(sign_in_with(&client, world, tokens));
    (client, session)
}

#[test]
fn a_refresh_ahead_of_time_ends_though_the_program_drives_its_runtime_only_per_call() {
    let world = World::default();
    let (client, session) = client_of_its_own(&world, pair("one", 900, 3600));
    world.clock.forward(890);
    world.host.hold(pair("two", 900, 3600));
    let per_call = runtime();
    assert_eq!(per_call.block_on(token(&session)).unwrap(), "one-access");
    // From here on nobody drives that runtime. The refresh is under way, and holds the store's lock.
    runtime().block_on(world.host.arrived.notified());
    world.host.release.notify_one();
    // Not one whose clock jumps while another thread works.
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        // Another process waits for the same lock.
        drop(world.store.lock(&key(RecordKind::Session)).await.unwrap());
        client.wait_for_refresh().await;
        assert_eq!(stored(&world).await.1.tokens.access.token.expose(), "two-access");
    });
    assert_eq!(per_call.block_on(token(&session)).unwrap(), "two-access");
    assert_eq!(refreshes(&world), 1);
}

#[test]
fn a_call_that_is_given_up_leaves_no_lock_behind() {
    let world = World::default();
    let (client, session) = client_of_its_own(&world, pair("one", 900, 3600));
    world.clock.forward(900);
    world.host.hold(pair("two", 900, 3600));
    let per_call = runtime();
    per_call.block_on(async {
        let mut call = pin!(token(&session));
        let waits = std::future::poll_fn(|cx| std::task::Poll::Ready(call.as_mut().poll(cx).is_pending()));
        assert!(waits.await);
    });
    runtime().block_on(world.host.arrived.notified());
    world.host.release.notify_one();
    runtime().block_on(client.wait_for_refresh());
    assert_eq!(session.cached_access_token().expect("it is fresh").expose(), "two-access");
    assert_eq!(refreshes(&world), 1);
    drop(per_call);
}

#[test]
fn a_token_that_is_borrowed_outside_any_runtime_is_refreshed_too() {
    let world = World::default();
    let (client, session) = client_of_its_own(&world, pair("one", 900, 3600));
    world.clock.forward(890);
    world.host.say(pair("two", 900, 3600));
    assert_eq!(session.cached_access_token().expect("it is good").expose(), "one-access");
    runtime().block_on(client.wait_for_refresh());
    assert_eq!(session.cached_access_token().expect("it is fresh").expose(), "two-access");
}

#[test]
fn the_end_of_one_callers_runtime_is_nothing_to_the_others() {
    let world = World::default();
    let (_client, session) = client_of_its_own(&world, pair("one", 900, 3600));
    world.clock.forward(900);
    world.host.hold(pair("two", 900, 3600));
    let ends = Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let first = session.clone();
    ends.spawn(async move { token(&first).await });
    runtime().block_on(async {
        world.host.arrived.notified().await;
        let others: Vec<_> = (0..50)
            .map(|_| {
                let session = session.clone();
                tokio::spawn(async move { token(&session).await })
            })
            .collect();
        tokio::task::yield_now().await;
        ends.shutdown_background();
        world.host.release.notify_one();
        for other in others {
            assert_eq!(other.await.unwrap().unwrap(), "two-access");
        }
    });
    assert_eq!(refreshes(&world), 1, "it was not even cut off");
}
