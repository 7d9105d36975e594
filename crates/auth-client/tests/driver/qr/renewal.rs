//! The end of a code, and the next one.

use super::*;
use crate::ports::Reply;
use auth_client::{QrExpiry, ports::TransportError};

fn reason(state: &QrState) -> QrExpiry {
    let QrState::Expired(reason) = state else { panic!("{state:?}") };
    *reason
}

fn payload(state: &QrState) -> String {
    state.code().unwrap_or_else(|| panic!("{state:?}")).payload().expose().to_owned()
}

/// The next code, on a new channel. A code that lived for a moment only is followed by a pause.
async fn renewed(screen: &mut Screen, states: &mut QrStates, id: &str) -> Watching {
    let clock = screen.clock.clone();
    let next = tokio::select! {
        biased;
        next = screen.subscribe(states) => next,
        () = async {
            loop {
                tokio::task::yield_now().await;
                clock.forward(1);
            }
        } => unreachable!("time goes on for ever"),
    };
    let renewed = state(states).await;
    assert_eq!(renewed.name(), "renewed");
    assert!(payload(&renewed).contains(id));
    next
}

#[tokio::test]
async fn a_code_whose_lifetime_is_over_is_replaced() {
    let mut screen = Screen::new();
    let (_sign_in, mut states, first) = screen.showing().await;
    screen.host.say(code("two"));
    screen.clock.forward(120);
    assert_eq!(reason(&state(&mut states).await), QrExpiry::Lifetime);
    let second = renewed(&mut screen, &mut states, "two").await;
    assert!(first.end.is_closed(), "the first channel is left");
    // An approval of the code before is not this one's.
    first.approve();
    screen.say_tokens();
    second.approve();
    assert_eq!((name(&mut states).await, name(&mut states).await), ("approved", "signed_in"));
}

#[tokio::test]
async fn a_wall_clock_that_is_set_changes_no_lifetime() {
    for set_by in [-86_400, 86_400] {
        let mut screen = Screen::new();
        let (sign_in, mut states, first) = screen.showing().await;
        screen.clock.set_wall(set_by);
        screen.clock.forward(119);
        let left = sign_in.current().unwrap().code().unwrap().time_left();
        assert_eq!(left, Duration::from_secs(1), "the wall clock was set by {set_by} s");
        screen.host.say(code("two"));
        screen.clock.forward(1);
        assert_eq!(reason(&state(&mut states).await), QrExpiry::Lifetime);
        let second = renewed(&mut screen, &mut states, "two").await;
        assert!(first.end.is_closed());
        screen.clock.set_wall(-2 * set_by);
        screen.say_tokens();
        second.approve();
        assert_eq!((name(&mut states).await, name(&mut states).await), ("approved", "signed_in"));
    }
}

#[tokio::test]
async fn an_approval_after_the_end_is_none() {
    let mut screen = Screen::new();
    let (_sign_in, mut states, watching) = screen.showing().await;
    screen.host.say(code("two"));
    // The event is read first, and it is too late.
    watching.approve();
    screen.clock.forward(120);
    assert_eq!(reason(&state(&mut states).await), QrExpiry::Lifetime);
    renewed(&mut screen, &mut states, "two").await;
    assert_eq!(screen.host.asked().len(), 3, "nothing was exchanged");
}

#[tokio::test]
async fn an_interrupted_channel_ends_its_code() {
    for over in [false, true] {
        let mut screen = Screen::new();
        let (_sign_in, mut states, first) = screen.showing().await;
        screen.host.say(code("two"));
        if over {
            first.end.send(ChannelError::Unreachable).unwrap();
        } else {
            first.send(ChannelEvent::Interrupted(ChannelError::Unreachable));
        }
        assert_eq!(reason(&state(&mut states).await), QrExpiry::ConnectionLost);
        renewed(&mut screen, &mut states, "two").await;
    }
}

#[tokio::test]
async fn the_host_can_end_a_code() {
    let mut screen = Screen::new();
    let (_sign_in, mut states, first) = screen.showing().await;
    screen.host.say(code("two"));
    first.publish("expired", "{}");
    assert_eq!(reason(&state(&mut states).await), QrExpiry::Host);
    renewed(&mut screen, &mut states, "two").await;
}

#[tokio::test]
async fn an_approval_that_came_too_late_leads_to_a_new_code() {
    let mut screen = Screen::new();
    let (_sign_in, mut states, first) = screen.showing().await;
    screen.host.next(Reply::Say(410, r#"{"error":{"code":0,"message":"expired"}}"#.into()));
    screen.host.say(code("two"));
    first.approve();
    assert_eq!(name(&mut states).await, "approved");
    assert_eq!(reason(&state(&mut states).await), QrExpiry::Late);
    renewed(&mut screen, &mut states, "two").await;
}

#[tokio::test]
async fn the_first_code_fails_at_once() {
    let screen = Screen::new();
    screen.host.next(Reply::Fail(TransportError::Unreachable));
    screen.host.next(Reply::Fail(TransportError::Unreachable));
    let mut states = screen.client.qr_sign_in().states();
    assert_eq!(failure(&mut states).await, "unreachable");
}

#[tokio::test]
async fn a_channel_that_does_not_answer_fails_the_first_code_in_time() {
    let mut screen = Screen::new();
    screen.host.say(WIZARD);
    screen.host.say(code("one"));
    let sign_in = screen.client.qr_sign_in();
    let mut states = sign_in.states();
    let waiting = tokio::spawn(async move { failure(&mut states).await });
    let watching = screen.begun.recv().await.unwrap();
    watching.send(ChannelEvent::Interrupted(ChannelError::Protocol));
    while !waiting.is_finished() {
        screen.clock.forward(1);
        tokio::task::yield_now().await;
    }
    assert_eq!(waiting.await.unwrap(), "channel_protocol", "the last thing that was wrong");
}

#[tokio::test]
async fn a_channel_that_cannot_be_watched_is_an_error() {
    let mut screen = Screen::new();
    screen.host.say(WIZARD);
    screen.host.say(code("one"));
    let mut states = screen.client.qr_sign_in().states();
    let waiting = tokio::spawn(async move { failure(&mut states).await });
    let watching = screen.begun.recv().await.unwrap();
    watching.end.send(ChannelError::Refused).unwrap();
    assert_eq!(waiting.await.unwrap(), "channel_refused");
}

#[tokio::test]
async fn a_display_that_has_shown_a_code_tries_for_a_while() {
    let mut screen = Screen::new();
    let (_sign_in, mut states, first) = screen.showing().await;
    for error in [TransportError::Unreachable, TransportError::TimedOut] {
        screen.host.next(Reply::Fail(error));
    }
    screen.host.next(Reply::Say(503, "<html>".into()));
    screen.host.say(code("two"));
    first.send(ChannelEvent::Interrupted(ChannelError::Unreachable));
    assert_eq!(reason(&state(&mut states).await), QrExpiry::ConnectionLost);
    let clock = screen.clock.clone();
    let second = loop {
        tokio::select! {
            biased;
            watching = screen.begun.recv() => break watching.unwrap(),
            () = tokio::task::yield_now() => clock.forward(1),
        }
    };
    second.send(ChannelEvent::Subscribed);
    assert!(payload(&state(&mut states).await).contains("two"));

    // A host that stays away ends it.
    for _ in 0..100 {
        screen.host.next(Reply::Fail(TransportError::Unreachable));
    }
    second.send(ChannelEvent::Interrupted(ChannelError::Unreachable));
    assert_eq!(reason(&state(&mut states).await), QrExpiry::ConnectionLost);
    let waiting = tokio::spawn(async move { failure(&mut states).await });
    while !waiting.is_finished() {
        screen.clock.forward(10);
        tokio::task::yield_now().await;
    }
    assert_eq!(waiting.await.unwrap(), "unreachable");
}

#[tokio::test]
async fn a_host_whose_channel_ends_at_once_is_not_asked_without_a_pause() {
    let mut screen = Screen::new();
    let (_sign_in, mut states, mut watching) = screen.showing().await;
    let mut waited = Vec::new();
    for round in 0..6 {
        watching.send(ChannelEvent::Interrupted(ChannelError::Unreachable));
        assert_eq!(reason(&state(&mut states).await), QrExpiry::ConnectionLost);
        screen.host.say(code(&format!("code-{round}")));
        let mut seconds = 0;
        watching = loop {
            tokio::select! {
                biased;
                next = screen.begun.recv() => break next.unwrap(),
                () = tokio::task::yield_now() => {
                    // Long enough for the task to have gone to sleep.
                    for _ in 0..20 {
                        tokio::task::yield_now().await;
                    }
                    screen.clock.forward(1);
                    seconds += 1;
                }
            }
        };
        watching.send(ChannelEvent::Subscribed);
        assert_eq!(name(&mut states).await, "renewed");
        waited.push(seconds);
    }
    assert!(waited[0] >= 1 && waited[5] >= 8, "{waited:?}");
}

#[tokio::test]
async fn a_subscriber_whom_the_host_refuses_is_told_so() {
    let mut screen = Screen::new();
    let (_sign_in, mut states, watching) = screen.showing().await;
    // The refusal comes after the subscription, which nobody acknowledges.
    watching.end.send(ChannelError::Refused).unwrap();
    assert_eq!(failure(&mut states).await, "channel_refused");
}

#[tokio::test]
async fn more_events_than_can_be_looked_at_are_an_interruption() {
    let mut screen = Screen::new();
    let (_sign_in, mut states, watching) = screen.showing().await;
    screen.host.say(code("two"));
    for _ in 0..10_000 {
        watching.publish("noise", "{}");
    }
    assert_eq!(reason(&state(&mut states).await), QrExpiry::ConnectionLost);
    renewed(&mut screen, &mut states, "two").await;
}

#[tokio::test]
async fn a_proxy_s_not_found_is_not_the_end_of_a_display_that_has_shown_codes() {
    let mut screen = Screen::new();
    let (_sign_in, mut states, watching) = screen.showing().await;
    screen.host.next(Reply::Say(404, "<html>".into()));
    screen.host.next(Reply::Fail(TransportError::Tls));
    screen.host.say(code("two"));
    watching.publish("expired", "{}");
    assert_eq!(reason(&state(&mut states).await), QrExpiry::Host);
    let _two = renewed(&mut screen, &mut states, "two").await;
    // One that stays with it is believed.
    for _ in 0..5 {
        screen.host.next(Reply::Say(404, "<html>".into()));
    }
    screen.clock.forward(120);
    assert_eq!(reason(&state(&mut states).await), QrExpiry::Lifetime);
    let clock = screen.clock.clone();
    let last = tokio::spawn(async move { name(&mut states).await });
    while !last.is_finished() {
        clock.forward(1);
        tokio::task::yield_now().await;
    }
    assert_eq!(last.await.unwrap(), "not_available");
}
