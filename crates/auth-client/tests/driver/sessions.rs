//! Giving, refreshing and revoking tokens.

use crate::ports::{Kinds, Reply, WIZARD, World, pair};
use auth_client::{
    AccountKey, AuthClient, CallError, Credentials, CredentialsStep, Host, Limits, Office, Profile,
    RevocationStatus, Session, SessionError, SignIn, SignInStep,
    ports::{RecordKey, RecordKind, SessionStore, StoreError, TransportError},
    secret::Password,
};
use std::time::Duration;
use tokio::task::JoinHandle;

pub(crate) async fn signed_in(world: &World, tokens: String) -> Session {
    sign_in_with(&world.client_with(Limits::unlimited()), world, tokens).await
}

/// A sign-in of this client at its form.
pub(crate) async fn form_with(client: &AuthClient, world: &World) -> (SignIn, CredentialsStep) {
    world.host.say(WIZARD);
    let sign_in = client.sign_in(Office::Front);
    let SignInStep::Start(start) = sign_in.current() else { panic!() };
    let SignInStep::Credentials(form) = start.open().await.expect("it moves on") else { panic!() };
    (sign_in, form)
}

pub(crate) async fn sign_in_with(client: &AuthClient, world: &World, tokens: String) -> Session {
    let (_, form) = form_with(client, world).await;
    world.host.say(tokens);
    let login = Credentials::new("ann@example.com", Password::new("Secret123"));
    let SignInStep::SignedIn(session) = form.submit(login).await.expect("it moves on") else { panic!() };
    session
}

/// Where the front office's records of the default profile lie.
pub(crate) fn key(kind: RecordKind) -> RecordKey {
    let host = Host::parse("https://broker.example").expect("a host");
    RecordKey { account: AccountKey { profile: Profile::default(), host, office: Office::Front }, kind }
}

pub(crate) fn refreshes(world: &World) -> usize {
    world.host.asked().iter().filter(|path| path.ends_with("/refresh")).count()
}

pub(crate) async fn token(session: &Session) -> Result<String, SessionError> {
    session.access_token().await.map(|token| token.expose().to_owned()).map_err(|failed| failed.cause)
}

/// A caller who wants a token, as soon as the refresh that it waits for has reached the host.
pub(crate) async fn token_under_way(
    world: &World,
    session: &Session,
) -> JoinHandle<Result<String, SessionError>> {
    let session = session.clone();
    let call = tokio::spawn(async move { token(&session).await });
    world.host.arrived.notified().await;
    call
}

#[tokio::test]
async fn a_token_is_given_while_it_lives_and_refreshed_when_it_ends() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(700);
    assert_eq!(token(&session).await.unwrap(), "one-access");
    world.clock.forward(200);
    world.host.say(pair("two", 900, 3600));
    assert_eq!(token(&session).await.unwrap(), "two-access");
    let kept = world.client().session(Office::Front).await.unwrap().unwrap();
    assert_eq!(token(&kept).await.unwrap(), "two-access", "the store has it too");
}

#[tokio::test]
async fn a_token_about_to_end_is_given_and_refreshed_meanwhile() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(890);
    world.host.hold(pair("two", 900, 3600));
    assert_eq!(token(&session).await.unwrap(), "one-access", "nobody waits");
    world.host.arrived.notified().await;
    assert_eq!(token(&session).await.unwrap(), "one-access");
    world.host.release.notify_one();
    session.wait_for_refresh().await;
    assert_eq!(token(&session).await.unwrap(), "two-access");
}

#[tokio::test]
async fn a_program_that_ends_can_wait_for_the_refresh_or_for_time_left() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    let lasting = |seconds| session.access_token_with_min_ttl(Duration::from_secs(seconds));
    assert_eq!(lasting(600).await.unwrap().expose(), "one-access");
    world.clock.forward(400);
    world.host.say(pair("two", 900, 3600));
    assert_eq!(lasting(600).await.unwrap().expose(), "two-access");
    assert_eq!(lasting(100_000).await.unwrap().expose(), "two-access", "no refresh could bring more");
    world.clock.forward(890);
    world.host.next(Reply::Fail(TransportError::Unreachable));
    assert_eq!(lasting(0).await.unwrap().expose(), "two-access", "it serves on");
    world.clock.forward(10);
    world.host.next(Reply::Fail(TransportError::Unreachable));
    assert!(matches!(token(&session).await, Err(SessionError::Call(CallError::Transport(_)))));
    assert!(world.client().session(Office::Front).await.unwrap().is_some(), "offline is no sign-out");
}

#[tokio::test]
async fn only_the_hosts_401_ends_a_session() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 360_000)).await;
    world.clock.forward(900);
    for (status, body) in [
        (503, ""),
        (200, "<html>Sign in to the hotel</html>"),
        (302, ""),
        (401, "<html>proxy</html>"),
        (429, ""),
        (200, "{}"),
        (401, ""),
        (422, r#"{"message":"Invalid","errors":{"refreshToken":["no"]}}"#),
    ] {
        world.host.next(Reply::Say(status, body.into()));
        token(&session).await.unwrap_err();
        assert!(world.client().session(Office::Front).await.unwrap().is_some(), "{status} {body}");
        world.clock.forward(1000);
    }
    let world = World::default();
    let session = signed_in(&world, pair("two", 900, 360_000)).await;
    world.clock.forward(901);
    world.host.next(Reply::Say(401, r#"{"error":{"code":0,"message":"Revoked"}}"#.into()));
    assert!(matches!(token(&session).await, Err(SessionError::Ended)));
    assert!(world.client().session(Office::Front).await.unwrap().is_none());
}

#[tokio::test]
async fn a_refresh_token_past_its_time_is_not_sent() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(3600);
    assert!(session.is_expired());
    let asked = world.host.asked().len();
    assert!(matches!(token(&session).await, Err(SessionError::Ended)));
    assert_eq!(world.host.asked().len(), asked);
    assert!(world.client().session(Office::Front).await.unwrap().is_none(), "by a clock that nobody can set");
}

#[tokio::test]
async fn a_store_that_takes_no_intent_is_found_out_before_the_host_is_asked() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(900);
    world.store.fail(Kinds::Only(RecordKind::Session), StoreError::failed());
    let asked = world.host.asked().len();
    assert!(matches!(token(&session).await, Err(SessionError::Store(StoreError::Failed { .. }))));
    assert_eq!(world.host.asked().len(), asked, "the refresh token is not spent");
    world.store.mend();
    world.host.say(pair("two", 900, 3600));
    assert_eq!(token(&session).await.unwrap(), "two-access");
}

#[tokio::test]
async fn a_refresh_that_is_not_saved_is_not_passed_over_and_saved_later() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(900);
    world.host.hold(pair("two", 900, 3600));
    let call = token_under_way(&world, &session).await;
    world.store.fail(Kinds::Only(RecordKind::Session), StoreError::failed());
    world.host.release.notify_one();
    // The token is good all the same, and the caller gets it.
    assert_eq!(call.await.unwrap().unwrap(), "two-access");
    world.store.mend();
    world.clock.forward(900);
    world.host.say(pair("three", 900, 3600));
    assert_eq!(token(&session).await.unwrap(), "three-access");
    let kept = world.client().session(Office::Front).await.unwrap().unwrap();
    assert_eq!(token(&kept).await.unwrap(), "three-access");
}

#[tokio::test]
async fn a_pair_that_comes_after_the_sign_out_is_revoked() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(900);
    world.host.hold(pair("two", 900, 3600));
    let call = token_under_way(&world, &session).await;
    // A sign-out that does not wait for the lock: another process, or one that gave up waiting.
    let client = world.client();
    world.store.remove(&key(RecordKind::Session)).await.unwrap();
    world.host.say("");
    world.host.release.notify_one();
    assert!(matches!(call.await.unwrap(), Err(SessionError::Store(StoreError::SessionReplaced))));
    assert_eq!(world.host.asked().last(), Some(&"/api/v2/my/signout"));
    assert!(client.session(Office::Front).await.unwrap().is_none());
}

#[tokio::test]
async fn many_callers_make_one_refresh() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    let other = world.client().session(Office::Front).await.unwrap().unwrap();
    world.clock.forward(900);
    world.host.hold(pair("two", 900, 3600));
    let calls: Vec<_> = (0..20)
        .map(|n| {
            let session = if n % 2 == 0 { session.clone() } else { other.clone() };
            tokio::spawn(async move { token(&session).await })
        })
        .collect();
    world.host.arrived.notified().await;
    world.host.release.notify_one();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap(), "two-access");
    }
    assert_eq!(world.host.asked().iter().filter(|path| path.ends_with("/refresh")).count(), 1);
}

#[tokio::test]
async fn a_refresh_goes_on_without_its_caller() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(900);
    world.host.hold(pair("two", 900, 3600));
    let call = token_under_way(&world, &session).await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    world.host.release.notify_one();
    // The next caller waits for the same lock, or finds the work done.
    assert_eq!(token(&session).await.unwrap(), "two-access");
    assert_eq!(world.host.asked().iter().filter(|path| path.ends_with("/refresh")).count(), 1);
}

#[tokio::test]
async fn a_late_refresh_cannot_touch_the_next_users_session() {
    let world = World::default();
    let first = signed_in(&world, pair("one", 900, 3600)).await;
    let _second = signed_in(&world, pair("two", 900, 3600)).await;
    let failed = first.refresh().await.unwrap_err();
    assert!(matches!(failed.cause, SessionError::Store(StoreError::SessionReplaced)));
    let kept = world.client().session(Office::Front).await.unwrap().unwrap();
    assert_eq!(token(&kept).await.unwrap(), "two-access");
}

#[tokio::test]
async fn sign_out_wipes_first_and_tells_the_host_if_it_can() {
    let world = World::default();
    for told in [(200, ""), (200, "{}"), (204, "")] {
        signed_in(&world, pair("one", 900, 3600)).await;
        world.host.next(Reply::Say(told.0, told.1.into()));
        let signed_out = world.client().sign_out(Office::Front).await.unwrap();
        assert_eq!((signed_out.revocation, signed_out.cause), (RevocationStatus::Revoked, None), "{told:?}");
    }
    let failed = world.client().sign_out(Office::Front).await.unwrap_err();
    assert!(matches!(failed.cause, SessionError::NotSignedIn));
}

#[tokio::test]
async fn a_token_without_a_life_is_used_until_the_host_says_no() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 0, 0)).await;
    world.clock.forward(10_000_000);
    assert_eq!(token(&session).await.unwrap(), "one-access");
    assert!(!session.is_expired());
}

#[tokio::test]
async fn after_a_restart_the_wall_clock_is_believed_but_ends_nothing_alone() {
    let world = World::default();
    signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(100);
    world.clock.restart();
    let session = world.client().session(Office::Front).await.unwrap().unwrap();
    assert_eq!(token(&session).await.unwrap(), "one-access", "no needless refresh");
    // Somebody set the clock a day ahead: both tokens look over, and the host knows better.
    world.clock.set_wall(86_400);
    world.host.say(pair("two", 900, 3600));
    assert_eq!(token(&session).await.unwrap(), "two-access");
}
