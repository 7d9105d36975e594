//! Several runtimes, some of which end or stand still in the middle.

use crate::{
    ports::{World, pair},
    sessions::{refreshes, signed_in, token},
};
use auth_client::{Office, Session, SessionError, ports::StoreError};
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
    let client = world.client();
    let mut call = pin!(client.sign_out(Office::Front));
    {
        let _entered = begins.enter();
        assert!(call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    drop(begins);
    let cut_off = ends.block_on(call).unwrap_err();
    assert!(matches!(cut_off.cause, SessionError::Store(StoreError::Unavailable { .. })));
}
