//! A display, from its first code to the session.

use super::*;
use crate::{
    own_errors::own,
    ports::{Kinds, OwnError, Reply},
};
use auth_client::{
    Office,
    ports::{RecordKind, SessionStore, StoreError, TransportError},
    secret::AuthorizationToken,
};

#[tokio::test]
async fn a_code_is_shown_once_its_channel_is_subscribed_to() {
    let mut screen = Screen::new();
    screen.host.say(WIZARD);
    screen.host.say(code("one"));
    let sign_in = screen.client.qr_sign_in();
    assert!(
        sign_in.current().is_none() && screen.host.asked().is_empty(),
        "nothing is sent before it is read"
    );
    let mut states = sign_in.states();
    let watching = screen.subscribe(&mut states).await;
    let shown = state(&mut states).await;
    let code = shown.code().expect("a code").clone();
    assert_eq!(shown.name(), "shown");
    assert_eq!(code.payload().expose(), r#"{"id":"one","host":"https://broker.example"}"#);
    assert_eq!(
        (code.ip(), code.location(), code.time_left()),
        (Some("192.0.2.1"), Some("Berlin"), Duration::from_secs(120))
    );
    assert_eq!(watching.subscription.channel.expose(), "qr.one");
    assert_eq!(watching.subscription.url, "https://broker.example/socket.io/");
    assert_eq!(screen.host.asked(), ["/api/v2/my/signin/wizard", "/api/v2/my/signin/qrcodes"]);
    screen.clock.forward(20);
    assert_eq!(code.time_left(), Duration::from_secs(100));
}

#[tokio::test]
async fn an_approval_becomes_a_saved_session() {
    let mut screen = Screen::new();
    let (sign_in, mut states, watching) = screen.showing().await;
    screen.say_tokens();
    // Published twice: the second one finds nothing to do.
    watching.approve();
    watching.approve();
    assert_eq!(name(&mut states).await, "approved");
    let QrState::SignedIn(session) = state(&mut states).await else { panic!("not signed in") };
    assert!(states.next().await.is_none() && sign_in.is_ended());
    assert_eq!((session.client_id(), session.account()), (Some("7"), "7"));
    assert_eq!(screen.host.asked()[2..], ["/api/v2/my/signin/qrcodes"], "exchanged once");
    let stored = screen.client.session(Office::Front).await.unwrap().expect("saved");
    assert_eq!(stored.access_token().await.unwrap().expose(), "qr-access");
    assert_eq!(screen.watched.load(Ordering::SeqCst), 0, "the channel is left");
}

#[tokio::test]
async fn other_events_change_nothing() {
    let mut screen = Screen::new();
    let (sign_in, mut states, watching) = screen.showing().await;
    watching.publish("approved", r#"{"authorizationToken":{"a":1}}"#);
    watching.publish("approved", "not json");
    watching.publish("disconnect", "null");
    watching.send(ChannelEvent::Subscribed);
    watching.publish("declined", "{}");
    assert_eq!(name(&mut states).await, "declined");
    assert!(states.next().await.is_none() && sign_in.is_ended());
}

#[tokio::test]
async fn a_host_without_qr_sign_in_is_a_state() {
    let off = WIZARD.replace("true", "false");
    for (wizard, answer) in
        [(off.as_str(), None), (WIZARD, Some(404)), (WIZARD, Some(405)), ("{}", Some(404))]
    {
        let screen = Screen::new();
        screen.host.say(wizard);
        if let Some(status) = answer {
            screen.host.next(Reply::Say(status, "<html>".into()));
        }
        let mut states = screen.client.qr_sign_in().states();
        assert_eq!(name(&mut states).await, "not_available");
        assert!(states.next().await.is_none());
    }
}

#[tokio::test]
async fn a_token_that_was_learned_in_another_way_is_exchanged() {
    let mut screen = Screen::new();
    let (sign_in, mut states, _watching) = screen.showing().await;
    screen.say_tokens();
    sign_in.complete(AuthorizationToken::new(TOKEN)).unwrap();
    assert_eq!(name(&mut states).await, "approved");
    assert_eq!(name(&mut states).await, "signed_in");
    let late = sign_in.complete(AuthorizationToken::new(TOKEN)).unwrap_err();
    assert_eq!(late.kind(), "qr_no_code");
}

#[tokio::test]
async fn without_a_live_channel_a_code_can_still_be_completed() {
    let (host, clock) = (Scripted::default(), StandingClock::default());
    let client = AuthClient::builder("https://broker.example").transport(host.clone()).clock(clock);
    let client = client.without_approval_channel().build().unwrap();
    host.say(WIZARD);
    host.say(code("one"));
    let sign_in = client.qr_sign_in();
    assert_eq!(sign_in.complete(AuthorizationToken::new(TOKEN)).unwrap_err().kind(), "qr_no_code");
    let mut states = sign_in.states();
    assert_eq!(name(&mut states).await, "shown");
    host.say(format!(r#"{{"tokens":{}}}"#, pair("qr", 900, 3600)));
    sign_in.complete(AuthorizationToken::new(TOKEN)).unwrap();
    assert_eq!((name(&mut states).await, name(&mut states).await), ("approved", "signed_in"));
}

#[tokio::test]
async fn an_approval_that_somebody_else_used_is_an_error_of_its_own() {
    let mut screen = Screen::new();
    let (_sign_in, mut states, watching) = screen.showing().await;
    screen.host.next(Reply::Say(409, r#"{"error":{"code":0,"message":"used"}}"#.into()));
    watching.approve();
    assert_eq!(name(&mut states).await, "approved");
    assert_eq!(failure(&mut states).await, "qr_authorization_used");
}

#[tokio::test]
async fn an_exchange_that_was_not_sent_is_sent_again_and_no_other() {
    let mut screen = Screen::new();
    let (_sign_in, mut states, watching) = screen.showing().await;
    screen.host.next(Reply::Fail(TransportError::Unreachable));
    screen.say_tokens();
    watching.approve();
    assert_eq!(name(&mut states).await, "approved");
    // It sleeps before the second try.
    let signed_in = tokio::spawn(async move { name(&mut states).await });
    while !signed_in.is_finished() {
        screen.clock.forward(1);
        tokio::task::yield_now().await;
    }
    assert_eq!(signed_in.await.unwrap(), "signed_in");

    let mut screen = Screen::new();
    let (_sign_in, mut states, watching) = screen.showing().await;
    screen.host.next(Reply::Fail(TransportError::TimedOut));
    watching.approve();
    assert_eq!(name(&mut states).await, "approved");
    assert_eq!(failure(&mut states).await, "timed_out");
}

#[tokio::test]
async fn what_cannot_be_saved_is_said() {
    let mut screen = Screen::new();
    let (_sign_in, mut states, watching) = screen.showing().await;
    screen.say_tokens();
    screen.store.fail(Kinds::Only(RecordKind::Session), StoreError::unavailable("disk"));
    watching.approve();
    assert_eq!(name(&mut states).await, "approved");
    assert_eq!(failure(&mut states).await, "not_saved");

    let screen = Screen::new();
    screen.store.fail(Kinds::All, StoreError::unavailable("disk"));
    let mut states = screen.client.qr_sign_in().states();
    assert_eq!(failure(&mut states).await, "store_unavailable");
    assert!(screen.host.asked().is_empty(), "found out before an approval is spent");
}

#[tokio::test]
async fn dropping_everything_ends_it() {
    let mut screen = Screen::new();
    let (sign_in, states, watching) = screen.showing().await;
    drop(states);
    // Another reader goes on from the newest state.
    let mut states = sign_in.states();
    assert_eq!(name(&mut states).await, "shown");
    drop(sign_in);
    assert_eq!(screen.watched.load(Ordering::SeqCst), 1, "the stream keeps it");
    drop(states);
    watching.end.closed().await;
    assert_eq!(screen.watched.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn cancelling_ends_the_streams() {
    let mut screen = Screen::new();
    let (sign_in, mut states, watching) = screen.showing().await;
    sign_in.cancel();
    assert!(states.next().await.is_none() && sign_in.is_ended());
    watching.end.closed().await;
    let never = screen.client.qr_sign_in();
    never.cancel();
    assert!(never.states().next().await.is_none());
}

#[tokio::test]
async fn a_sign_in_that_was_given_up_stays_given_up() {
    for by_dropping in [false, true] {
        let mut screen = Screen::new();
        let (sign_in, mut states, watching) = screen.showing().await;
        screen.host.hold(format!(r#"{{"tokens":{}}}"#, pair("qr", 900, 3600)));
        watching.approve();
        assert_eq!(name(&mut states).await, "approved");
        screen.host.arrived.notified().await;
        if by_dropping {
            drop((sign_in, states));
        } else {
            sign_in.cancel();
            assert!(states.next().await.is_none());
        }
        // The tokens come all the same, and are revoked.
        screen.host.next(Reply::Say(204, String::new()));
        screen.host.release.notify_one();
        while screen.host.asked().last() != Some(&"/api/v2/my/signout") {
            tokio::task::yield_now().await;
        }
        assert!(screen.client.session(Office::Front).await.unwrap().is_none());
    }
}

#[tokio::test]
async fn giving_up_while_the_session_waits_for_its_lock_is_in_time() {
    let mut screen = Screen::new();
    let (sign_in, mut states, watching) = screen.showing().await;
    let held = screen.store.lock(&crate::sessions::key(RecordKind::Session)).await.unwrap();
    screen.say_tokens();
    watching.approve();
    assert_eq!(name(&mut states).await, "approved");
    while !screen.host.asked()[2..].contains(&"/api/v2/my/signin/qrcodes") {
        tokio::task::yield_now().await;
    }
    sign_in.cancel();
    screen.host.next(Reply::Say(204, String::new()));
    drop(held);
    while screen.host.asked().last() != Some(&"/api/v2/my/signout") {
        tokio::task::yield_now().await;
    }
    assert!(screen.client.session(Office::Front).await.unwrap().is_none());
}

#[tokio::test]
async fn a_token_of_an_earlier_code_is_not_exchanged_for_the_next_one() {
    let mut screen = Screen::new();
    let (sign_in, mut states, watching) = screen.showing().await;
    let first = sign_in.current().unwrap().code().unwrap().clone();
    screen.host.say(code("two"));
    screen.clock.forward(60);
    watching.publish("expired", "{}");
    assert_eq!(name(&mut states).await, "expired");
    let _next = screen.subscribe(&mut states).await;
    assert_eq!(name(&mut states).await, "renewed");
    let late = sign_in.complete_code(&first, AuthorizationToken::new(TOKEN)).unwrap_err();
    assert_eq!((late.kind(), screen.host.asked().len()), ("qr_no_code", 3));
    screen.say_tokens();
    sign_in.complete(AuthorizationToken::new(TOKEN)).unwrap();
    assert_eq!((name(&mut states).await, name(&mut states).await), ("approved", "signed_in"));
}

#[test]
fn a_display_whose_runtime_ends_says_so() {
    let screen = Screen::new();
    screen.host.say(WIZARD);
    screen.host.say(code("one"));
    let mut states = screen.client.qr_sign_in().states();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let next = states.next();
        tokio::select! {
            biased;
            state = next => panic!("{state:?}"),
            () = tokio::task::yield_now() => {}
        }
    });
    drop(runtime);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    assert_eq!(runtime.block_on(failure(&mut states)), "store_unavailable");
}

#[test]
fn a_live_channel_is_not_watched_in_the_clear() {
    let mut protocol = auth_client::QrProtocol::default();
    protocol.socket_url = "http://live.broker.example/socket.io/".to_owned();
    let build = |plain: bool| {
        let client = AuthClient::builder("https://broker.example").qr_protocol(protocol.clone());
        let client = if plain { client.allow_plain_http_for_development() } else { client };
        client.build().map(drop)
    };
    assert_eq!(build(false), Err(auth_client::BuildError::LiveChannel));
    assert_eq!(build(true), Ok(()));
}

#[tokio::test]
async fn no_secret_is_in_debug() {
    let mut screen = Screen::new();
    let (sign_in, states, watching) = screen.showing().await;
    let debug = format!("{sign_in:?} {states:?} {:?} {:?}", sign_in.current(), watching.subscription);
    assert!(!debug.contains("one"), "{debug}");
}

/// A channel that says what its end came from, at once or once a code is shown.
struct OwnChannel {
    subscribes: bool,
}

#[async_trait]
impl ApprovalChannel for OwnChannel {
    async fn watch(&self, _: ChannelSubscription, events: ChannelEvents) -> ChannelFailure {
        if self.subscribes {
            events.send(ChannelEvent::Subscribed);
        }
        ChannelFailure::new(ChannelError::Failed, OwnError(6))
    }
}

#[tokio::test]
async fn what_ended_a_channel_is_behind_the_error() {
    for subscribes in [false, true] {
        let host = Scripted::default();
        host.say(WIZARD);
        host.say(code("one"));
        let client = AuthClient::builder("https://broker.example")
            .transport(host)
            .clock(StandingClock::default())
            .store(Fickle::default())
            .approval_channel(OwnChannel { subscribes })
            .build()
            .unwrap();
        let mut states = client.qr_sign_in().states();
        let failed = loop {
            match states.next().await.unwrap() {
                Ok(_) => {}
                Err(failed) => break failed,
            }
        };
        assert_eq!(failed.cause.kind(), "channel_failed");
        assert_eq!(own(&failed), Some(6), "{failed:?}");
    }
}
