//! A phone that approves, declines, or cannot.

use crate::{
    own_errors::own,
    ports::{OwnError, Reply, World, pair},
};
use async_trait::async_trait;
use auth_client::{
    AuthClient, Declined, Office, QrApprovalError, QrDetails, QrProtocol, QrRequest, QrRisk, RequestError,
    ScanSource, Session,
    ports::{Cause, TransportError, UserPresence},
};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

const CODE: &str = r#"{"id":"one","host":"https://broker.example"}"#;
const TOKENS: &str = "/api/v2/my/signin/tokens";

#[derive(Clone, Default)]
struct Finger(Arc<AtomicBool>);

#[async_trait]
impl UserPresence for Finger {
    async fn confirm(&self, details: &QrDetails) -> Result<bool, Cause> {
        assert_eq!(details.account, "ann@example.com");
        Ok(self.0.load(Ordering::SeqCst))
    }
}

/// A client of this world, which asks the host where it can.
fn client(world: &World, options: &[(&str, &str)], finger: Option<Finger>) -> AuthClient {
    let mut protocol = QrProtocol::default();
    for (key, value) in options {
        protocol.set(key, value).expect("as scripted");
    }
    let client = AuthClient::builder("https://broker.example")
        .transport(world.host.clone())
        .clock(world.clock.clone())
        .store(world.store.clone())
        .qr_protocol(protocol);
    match finger {
        Some(finger) => client.user_presence(finger),
        None => client,
    }
    .build()
    .expect("as scripted")
}

async fn phone(world: &World, options: &[(&str, &str)]) -> Session {
    crate::sessions::signed_in(world, pair("one", 900, 3600)).await;
    client(world, options, None).session(Office::Front).await.expect("as scripted").expect("as scripted")
}

async fn scan(session: &Session) -> QrRequest {
    session.inspect_qr(CODE, ScanSource::Camera).await.expect("as scripted")
}

fn kind<T: std::fmt::Debug>(result: Result<T, RequestError<QrApprovalError>>) -> &'static str {
    result.expect_err("as scripted").cause.kind()
}

fn sent(world: &World, path: &str) -> usize {
    world.host.asked().iter().filter(|asked| **asked == path).count()
}

#[tokio::test]
async fn an_approval_is_made_once() {
    let world = World::default();
    let session = phone(&world, &[]).await;
    let request = scan(&session).await;
    assert_eq!(request.details().risks, [QrRisk::AddressUnknown]);
    assert_eq!(sent(&world, TOKENS), 0);
    world.host.say("{}");
    request.approve().await.unwrap();
    assert_eq!(kind(request.approve().await), "qr_already_decided");
    assert_eq!(kind(request.clone().decline().await), "qr_already_decided");
    assert_eq!(sent(&world, TOKENS), 1);
    // A second one soon after is worth a second look.
    let again = scan(&session).await;
    assert_eq!(again.details().risks, [QrRisk::AddressUnknown, QrRisk::RecentApproval]);
    world.clock.forward(60);
    assert_eq!(scan(&session).await.details().risks, [QrRisk::AddressUnknown]);
}

#[tokio::test]
async fn what_is_no_code_of_this_host_sends_nothing() {
    let world = World::default();
    let session = phone(&world, &[("inspect", "true")]).await;
    let before = world.host.asked().len();
    for (text, kind_of_error) in [
        ("hello world", "not_a_qr_code"),
        ("https://evil.example/qr?id=1", "qr_other_host"),
        (r#"{"id":"1","host":"https://evil.example"}"#, "qr_other_host"),
    ] {
        assert_eq!(kind(session.inspect_qr(text, ScanSource::Camera).await), kind_of_error);
    }
    assert_eq!(kind(session.inspect_qr([0xff, 0xfe], ScanSource::Camera).await), "not_a_qr_code");
    assert_eq!(world.host.asked().len(), before);
}

#[tokio::test]
async fn the_host_is_asked_where_it_can_be() {
    let world = World::default();
    let session = phone(&world, &[("inspect", "true")]).await;
    world.host.say(r#"{"ip":"192.0.2.1","location":"Berlin","yourIp":"192.0.2.1"}"#);
    let request = scan(&session).await;
    assert_eq!(
        (request.details().ip.as_deref(), request.details().location.as_deref()),
        (Some("192.0.2.1"), Some("Berlin"))
    );
    assert!(request.details().risks.is_empty());
    world.host.next(Reply::Say(410, r#"{"error":{"code":0,"message":"expired"}}"#.into()));
    assert_eq!(kind(session.inspect_qr(CODE, ScanSource::Camera).await), "qr_expired");
}

#[tokio::test]
async fn an_expired_token_is_refreshed_first() {
    let world = World::default();
    let session = phone(&world, &[]).await;
    world.clock.forward(1000);
    let request = scan(&session).await;
    world.host.say(pair("two", 900, 3600));
    world.host.say("{}");
    request.approve().await.unwrap();
    assert_eq!(world.host.asked()[2..], ["/api/v2/my/refresh", TOKENS]);
}

#[tokio::test]
async fn a_token_that_the_host_refuses_is_replaced_once() {
    let world = World::default();
    let session = phone(&world, &[]).await;
    world.clock.forward(60);
    let request = scan(&session).await;
    let refused = || Reply::Say(401, r#"{"error":{"code":0,"message":"Unauthenticated"}}"#.into());
    world.host.next(refused());
    world.host.say(pair("two", 900, 3600));
    world.host.say("{}");
    request.approve().await.unwrap();
    assert_eq!(sent(&world, TOKENS), 2);

    // A host that refuses the new one too is not asked a third time, and the user may try again.
    world.clock.forward(60);
    let request = scan(&session).await;
    for reply in [refused(), Reply::Say(200, pair("three", 900, 3600)), refused()] {
        world.host.next(reply);
    }
    assert_eq!(kind(request.approve().await), "qr_unauthorized");
    assert_eq!(sent(&world, TOKENS), 4);
    world.host.say("{}");
    request.approve().await.unwrap();
}

#[tokio::test]
async fn a_token_that_was_just_issued_is_not_tried_twice() {
    let world = World::default();
    let session = phone(&world, &[]).await;
    let request = scan(&session).await;
    world.host.next(Reply::Say(401, r#"{"error":{"code":0,"message":"Unauthenticated"}}"#.into()));
    assert_eq!(kind(request.approve().await), "qr_unauthorized");
    assert_eq!(sent(&world, TOKENS), 1);
}

#[tokio::test]
async fn an_ended_session_approves_nothing() {
    let world = World::default();
    let session = phone(&world, &[]).await;
    world.clock.forward(1000);
    let request = scan(&session).await;
    world.host.next(Reply::Say(401, r#"{"error":{"code":0,"message":"Revoked"}}"#.into()));
    assert_eq!(kind(request.approve().await), "session_ended");
    assert_eq!(sent(&world, TOKENS), 0);
}

#[tokio::test]
async fn an_approval_without_an_answer_is_not_sent_again() {
    let world = World::default();
    let session = phone(&world, &[]).await;
    for reply in [
        Reply::Fail(TransportError::TimedOut),
        Reply::Fail(TransportError::Interrupted),
        Reply::Say(502, "<html>".into()),
    ] {
        let request = scan(&session).await;
        let before = sent(&world, TOKENS);
        world.host.next(reply);
        assert_eq!(kind(request.approve().await), "qr_uncertain");
        assert_eq!(sent(&world, TOKENS), before + 1);
        assert_eq!(kind(request.approve().await), "qr_already_decided");
    }
    // One that cannot have been sent can be.
    let request = scan(&session).await;
    world.host.next(Reply::Fail(TransportError::Unreachable));
    assert_eq!(kind(request.approve().await), "unreachable");
    world.host.say("{}");
    request.approve().await.unwrap();
}

#[tokio::test]
async fn giving_up_the_wait_does_not_send_an_approval_twice() {
    let world = World::default();
    let session = phone(&world, &[]).await;
    let request = scan(&session).await;
    world.host.hold("{}");
    let waiting = tokio::spawn({
        let request = request.clone();
        async move { request.approve().await }
    });
    world.host.arrived.notified().await;
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    assert_eq!(kind(request.approve().await), "qr_already_decided");
    world.host.release.notify_one();
    assert_eq!(sent(&world, TOKENS), 1);
}

#[tokio::test]
async fn the_user_confirms_before_anything_is_sent() {
    let world = World::default();
    crate::sessions::signed_in(&world, pair("one", 900, 3600)).await;
    let finger = Finger::default();
    let client = client(&world, &[], Some(finger.clone()));
    let session = client.session(Office::Front).await.unwrap().unwrap();
    let request = scan(&session).await;
    assert_eq!(kind(request.approve().await), "qr_not_confirmed");
    assert_eq!(sent(&world, TOKENS), 0);
    finger.0.store(true, Ordering::SeqCst);
    world.host.say("{}");
    request.approve().await.unwrap();
}

/// A prompt that cannot be shown.
struct NoPrompt;

#[async_trait]
impl UserPresence for NoPrompt {
    async fn confirm(&self, _: &QrDetails) -> Result<bool, Cause> {
        Err(OwnError(5).into())
    }
}

#[tokio::test]
async fn a_user_who_cannot_be_asked_has_not_confirmed_and_the_error_says_why() {
    let world = World::default();
    crate::sessions::signed_in(&world, pair("one", 900, 3600)).await;
    let client = AuthClient::builder("https://broker.example")
        .transport(world.host.clone())
        .clock(world.clock.clone())
        .store(world.store.clone())
        .user_presence(NoPrompt)
        .build()
        .unwrap();
    let session = client.session(Office::Front).await.unwrap().unwrap();
    let failed = scan(&session).await.approve().await.unwrap_err();
    assert_eq!(failed.cause.kind(), "qr_not_confirmed");
    assert_eq!(own(&failed), Some(5), "{failed:?}");
    assert_eq!(sent(&world, TOKENS), 0);
}

#[tokio::test]
async fn a_decline_is_sent_where_the_host_can_take_it() {
    let world = World::default();
    let session = phone(&world, &[]).await;
    let request = scan(&session).await;
    let before = world.host.asked().len();
    assert_eq!(request.decline().await.unwrap(), Declined::NotSent);
    assert_eq!(kind(request.approve().await), "qr_already_decided");
    assert_eq!(world.host.asked().len(), before);

    let world = World::default();
    let session = phone(&world, &[("decline", "true")]).await;
    let request = scan(&session).await;
    world.host.next(Reply::Say(204, String::new()));
    assert_eq!(request.decline().await.unwrap(), Declined::Sent);
    assert_eq!(sent(&world, "/api/v2/my/signin/qrcodes/decline"), 1);
}
