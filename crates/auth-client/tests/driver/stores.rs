//! Stores that fail at the worst moment.

use crate::ports::{CODE, Kinds, Reply, WIZARD, World, locked, pair};
use auth_client::{
    Credentials, Office, SessionError, SignIn, SignInError, SignInStep,
    ports::{Record, RecordKey, RecordKind, SessionId, SessionStore, StoreError, WriteCondition},
    secret::{OneTimeCode, Password, SecretBytes},
};

async fn submit(world: &World, reply: Option<Reply>) -> (SignIn, Result<SignInStep, SignInError>) {
    world.host.say(WIZARD);
    let sign_in = world.client().sign_in(Office::Front);
    let SignInStep::Start(start) = sign_in.current() else { panic!() };
    let SignInStep::Credentials(form) = start.open().await.expect("it opens") else { panic!() };
    if let Some(reply) = reply {
        world.host.next(reply);
    }
    let result = form.submit(Credentials::new("ann@example.com", Password::new("Secret123"))).await;
    (sign_in, result.map_err(|failed| failed.cause))
}

#[tokio::test]
async fn a_store_that_is_locked_is_found_out_before_an_attempt_is_spent() {
    let world = World::default();
    world.host.say(WIZARD);
    let sign_in = world.client().sign_in(Office::Front);
    let SignInStep::Start(start) = sign_in.current() else { panic!() };
    let SignInStep::Credentials(form) = start.open().await.unwrap() else { panic!() };
    world.store.fail(Kinds::All, locked());
    let failed =
        form.submit(Credentials::new("ann@example.com", Password::new("Secret123"))).await.unwrap_err();
    assert!(matches!(failed.cause, SignInError::Store(StoreError::Unavailable { .. })));
    assert_eq!(world.host.asked().len(), 1, "only the wizard");
    assert!(matches!(world.client().session(Office::Front).await, Err(StoreError::Unavailable { .. })));
    world.store.mend();
    world.host.say(CODE);
    let again = form.submit(Credentials::new("ann@example.com", Password::new("Secret123"))).await.unwrap();
    assert_eq!(again.name(), "code");
}

#[tokio::test]
async fn signed_in_but_not_saved_is_said_and_the_session_still_works() {
    let world = World::default();
    world.store.fail(Kinds::Only(RecordKind::Session), locked());
    let (sign_in, result) = submit(&world, Some(Reply::Say(200, pair("one", 900, 3600)))).await;
    assert!(matches!(result, Err(SignInError::NotSaved(StoreError::Unavailable { .. }))));
    let SignInStep::SignedIn(session) = sign_in.current() else { panic!() };
    assert_eq!(session.access_token().await.unwrap().expose(), "one-access");
    assert!(
        matches!(session.refresh().await.unwrap_err().cause, SessionError::Store(_)),
        "nothing to refresh safely"
    );
}

#[tokio::test]
async fn a_step_that_cannot_be_kept_still_goes_on() {
    let world = World::default();
    world.store.fail(Kinds::Only(RecordKind::Pending), locked());
    let (sign_in, result) = submit(&world, Some(Reply::Say(200, CODE.into()))).await;
    assert_eq!(result.unwrap().name(), "code");
    assert!(matches!(sign_in.save().await, Err(StoreError::Unavailable { .. })));
    let SignInStep::Code(code) = sign_in.current() else { panic!() };
    world.host.say(pair("one", 900, 3600));
    assert_eq!(code.submit(OneTimeCode::new("123456")).await.unwrap().name(), "signed_in");
}

#[tokio::test]
async fn a_session_of_a_newer_version_is_not_overwritten() {
    let world = World::default();
    let client = world.client();
    let account = auth_client::AccountKey {
        profile: client.profile().clone(),
        host: client.host().clone(),
        office: Office::Front,
    };
    let key = RecordKey { account, kind: RecordKind::Session };
    let newer = Record { session_id: SessionId(1), body: SecretBytes::new(br#"{"v":9}"#.to_vec()) };
    world.store.save(&key, &newer, WriteCondition::Unconditional).await.unwrap();
    let (_, result) = submit(&world, None).await;
    assert!(matches!(result, Err(SignInError::Store(StoreError::Newer { found: 9, .. }))));
    assert_eq!(world.store.load(&key).await.unwrap().unwrap().body.expose(), br#"{"v":9}"#);
}

#[tokio::test]
async fn a_failed_sign_in_leaves_the_session_untouched() {
    let world = World::default();
    submit(&world, Some(Reply::Say(200, pair("one", 900, 3600)))).await.1.unwrap();
    let refused = submit(&world, Some(Reply::Say(401, String::new()))).await.1;
    assert!(matches!(refused, Err(SignInError::WrongCredentials { .. })));
    let session = world.client().session(Office::Front).await.unwrap().expect("still there");
    assert_eq!(session.access_token().await.unwrap().expose(), "one-access");
}
