//! Clocks that are off, that jump, and machines that sleep: no needless refresh, and no dead token borrowed.

use crate::ports::{Reply, World, pair, pair_from};
use crate::sessions::{refreshes, signed_in, token};
use auth_client::{Office, Session, SessionError, ports::TransportError};
use std::time::Duration;

const DAY: i64 = 24 * 60 * 60;

/// The same session in a process that has just begun.
async fn another_process(world: &World) -> Session {
    world.client().session(Office::Front).await.expect("the store says").expect("somebody is signed in")
}

#[tokio::test]
async fn a_device_that_is_a_day_off_refreshes_when_the_token_ends_and_not_before() {
    for off in [-DAY, DAY] {
        let world = World::default();
        // The tokens' dates are the host's; the device is wrong from the start.
        world.clock.set_wall(off);
        let session = signed_in(&world, pair("one", 900, 3600)).await;
        for seconds in [0, 400, 370] {
            world.clock.forward(seconds);
            assert_eq!(token(&session).await.unwrap(), "one-access", "{off}");
            assert_eq!(token(&another_process(&world).await).await.unwrap(), "one-access", "{off}");
        }
        assert_eq!(refreshes(&world), 0, "{off}");
        world.clock.forward(130);
        world.host.say(pair_from("two", 900, 900, 3600));
        assert_eq!(token(&session).await.unwrap(), "two-access", "{off}");
        world.clock.forward(700);
        assert_eq!(token(&session).await.unwrap(), "two-access", "{off}");
        assert_eq!((refreshes(&world), session.is_expired()), (1, false), "{off}");
    }
}

#[tokio::test]
async fn a_clock_that_jumps_neither_brings_a_refresh_nor_keeps_a_dead_token() {
    for jumps in [[DAY, -DAY], [-DAY, DAY], [60, -120], [365 * DAY, 0]] {
        let world = World::default();
        let session = signed_in(&world, pair("one", 900, 3600)).await;
        for by in jumps {
            world.clock.set_wall(by);
            assert_eq!(token(&session).await.unwrap(), "one-access", "{jumps:?}");
            assert_eq!(token(&another_process(&world).await).await.unwrap(), "one-access", "{jumps:?}");
        }
        assert_eq!(refreshes(&world), 0, "{jumps:?}");
        // Time goes on, and somebody sets the clock back by more.
        world.clock.forward(900);
        world.clock.set_wall(-1000);
        assert!(session.cached_access_token().is_none(), "{jumps:?}");
        world.host.say(pair("two", 900, 3600));
        assert_eq!(token(&session).await.unwrap(), "two-access", "{jumps:?}");
        assert_eq!(refreshes(&world), 1, "{jumps:?}");
    }
}

#[tokio::test]
async fn a_clock_set_back_over_a_restart_is_uncertain_and_the_host_is_asked() {
    let world = World::default();
    signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.restart();
    world.clock.set_wall(-DAY);
    let session = another_process(&world).await;
    assert!(session.cached_access_token().is_none(), "nobody knows how old it is");
    assert!(!session.is_expired());
    // Offline it is tried all the same: it may be good.
    world.host.next(Reply::Fail(TransportError::Unreachable));
    assert_eq!(token(&session).await.unwrap(), "one-access");
    world.host.say(pair("two", 900, 3600));
    assert_eq!(token(&session).await.unwrap(), "two-access");
    assert!(session.cached_access_token().is_some(), "what has just come is known to be young");
    assert_eq!(refreshes(&world), 2);
}

#[tokio::test]
async fn a_clock_set_forward_over_a_restart_costs_a_question_and_no_session() {
    let world = World::default();
    signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.restart();
    world.clock.set_wall(DAY);
    let session = another_process(&world).await;
    assert!(session.cached_access_token().is_none());
    // By the wall clock the refresh token is over too, but that clock may lie: the host knows.
    world.host.say(pair("two", 900, 3600));
    assert_eq!(token(&session).await.unwrap(), "two-access");
    assert_eq!(refreshes(&world), 1);
}

#[tokio::test]
async fn after_eight_hours_of_sleep_no_dead_token_is_given() {
    let world = World::default();
    let day_long = |name| pair(name, 900, 86_400);
    let session = signed_in(&world, day_long("one")).await;
    assert_eq!(session.cached_access_token().expect("it is fresh").expose(), "one-access");
    // The machine's timers stood still meanwhile; both of these clocks went on.
    world.clock.forward(8 * 60 * 60);
    assert!(
        session.cached_access_token().is_none(),
        "also where it was looked at a moment ago, as the process sees it"
    );
    world.host.say(day_long("two"));
    assert_eq!(token(&session).await.unwrap(), "two-access");
    assert_eq!(refreshes(&world), 1);

    // Over the refresh token's life: the session is over, and nothing is sent.
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(8 * 60 * 60);
    assert!(session.is_expired());
    assert!(matches!(token(&session).await, Err(SessionError::Ended)));
    assert_eq!(refreshes(&world), 0);
}

#[tokio::test]
async fn a_token_of_two_seconds_is_used_while_it_lives() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 2, 3600)).await;
    world.clock.forward(1);
    assert_eq!(token(&session).await.unwrap(), "one-access");
    assert_eq!(refreshes(&world), 0, "fresh from the host, however short its life");
    for name in ["two", "three", "four"] {
        world.clock.forward(2);
        assert!(session.cached_access_token().is_none());
        world.host.say(pair(name, 2, 3600));
        for _ in 0..3 {
            assert_eq!(token(&session).await.unwrap(), format!("{name}-access"));
        }
        let lasting = session.access_token_with_min_ttl(Duration::from_secs(60)).await.unwrap();
        assert_eq!(lasting.expose(), format!("{name}-access"), "no refresh could bring more");
    }
    assert_eq!(refreshes(&world), 3, "one for each that ended");
}
