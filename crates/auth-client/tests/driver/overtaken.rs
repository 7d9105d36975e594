//! A caller who is overtaken by another one's refresh, at the worst moment.

use crate::{
    ports::{HandClock, World, pair},
    sessions::{refreshes, sign_in_with, token},
};
use async_trait::async_trait;
use auth_client::{
    AuthClient, AuthState, BootTime, Limits, Office, Session, StateReason, Timestamp, ports::Clock,
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

type Action = Box<dyn FnOnce() + Send>;

/// A clock that does something once, just as it is asked how old a token is.
#[derive(Clone)]
struct Tripwire {
    inner: HandClock,
    once: Arc<Mutex<Option<Action>>>,
}

#[async_trait]
impl Clock for Tripwire {
    fn now(&self) -> Timestamp {
        self.inner.now()
    }

    fn boot_time(&self) -> Option<BootTime> {
        let now = self.inner.boot_time();
        let once = self.once.lock().expect("not poisoned").take();
        if let Some(once) = once {
            once();
        }
        now
    }

    async fn sleep(&self, how_long: Duration) {
        self.inner.sleep(how_long).await;
    }
}

/// Calls on a thread and a runtime of its own, and waits for it.
fn elsewhere(session: Session) {
    let call = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(async { token(&session).await.expect("a token") })
    };
    assert_eq!(std::thread::spawn(call).join().expect("it does not panic"), "two-access");
}

#[tokio::test]
async fn a_refresh_that_ends_while_another_caller_looks_is_not_made_twice() {
    let world = World::default();
    let clock = Tripwire { inner: world.clock.clone(), once: Arc::default() };
    let client = AuthClient::builder("https://broker.example")
        .transport(world.host.clone())
        .clock(clock.clone())
        .store(world.store.clone())
        .limits(Limits::unlimited())
        .build()
        .unwrap();
    let session = sign_in_with(&client, &world, pair("one", 900, 3600)).await;
    let mut states = client.auth_state_changes(Office::Front);
    let first = states.next().await;
    assert!(matches!(first.state, AuthState::SignedIn { .. }));
    world.clock.forward(900);
    world.host.say(pair("two", 900, 3600));
    world.host.say(pair("three", 900, 3600));
    let other = session.clone();
    *clock.once.lock().unwrap() = Some(Box::new(move || elsewhere(other)));
    assert_eq!(token(&session).await.unwrap(), "two-access");
    assert_eq!(refreshes(&world), 1);
    assert_eq!(states.next().await.reason, StateReason::Refreshed, "no other process had a hand in it");
}
