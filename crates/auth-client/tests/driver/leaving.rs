//! What a session leaves behind when it goes: the pair that has to be revoked, and why it is over. In every case that was once
//! accepted as a loss, nothing is lost.

use crate::{
    ports::{CODE, Call, Kinds, Reply, World, locked, pair, pair_from, revoked},
    recovery::stored,
    sessions::{form_with, key, sign_in_with, signed_in, token},
    signing_out::sign_outs,
};
use auth_client::{
    AuthState, Credentials, Limits, Office, RevocationStatus, SessionEndReason, SessionError, SignInError,
    SignInStep, StateReason,
    ports::{Record, RecordKind, SessionStore, StoreError, WriteCondition},
    secret::{OneTimeCode, Password, SecretBytes},
};

fn ann() -> Credentials {
    Credentials::new("ann@example.com", Password::new("Secret123"))
}

#[tokio::test]
async fn a_sign_in_revokes_the_pair_that_it_replaces() {
    let world = World::default();
    let client = world.client_with(Limits::unlimited());
    world.host.take_revocations();
    sign_in_with(&client, &world, pair("one", 900, 3600)).await;
    let next = sign_in_with(&client, &world, pair("next", 900, 3600)).await;
    next.wait_for_refresh().await;
    assert_eq!(sign_outs(&world), 1);
    assert_eq!(world.host.bearers().last().map(String::as_str), Some("Bearer one-access"));
    assert_eq!(token(&next).await.unwrap(), "next-access");
    assert!(world.store.load(&key(RecordKind::Revocations)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_replaced_pair_waits_for_a_host_that_is_away() {
    let world = World::default();
    let client = world.client_with(Limits::unlimited());
    sign_in_with(&client, &world, pair("one", 900, 3600)).await;
    let (_, form) = form_with(&client, &world).await;
    world.host.say(pair("next", 900, 3600));
    world.host.next(Reply::Fail(auth_client::ports::TransportError::Unreachable));
    let SignInStep::SignedIn(next) = form.submit(ann()).await.unwrap() else { panic!() };
    next.wait_for_refresh().await;
    assert!(world.store.load(&key(RecordKind::Revocations)).await.unwrap().is_some());
    world.host.take_revocations();
    client.network_changed();
    assert_eq!(client.deliver_pending_revocations(Office::Front).await.unwrap().delivered, 1);
    assert_eq!(token(&next).await.unwrap(), "next-access");
}

#[tokio::test]
async fn a_sign_in_that_fails_revokes_nothing() {
    let world = World::default();
    let client = world.client_with(Limits::unlimited());
    let session = sign_in_with(&client, &world, pair("one", 900, 3600)).await;
    let (_, form) = form_with(&client, &world).await;
    world.host.next(Reply::Say(400, r#"{"error":{"code":0,"message":"No"}}"#.into()));
    assert!(form.submit(ann()).await.is_err());
    world.host.say(pair("lost", 900, 3600));
    world.store.fail(Kinds::Only(RecordKind::Session), locked());
    let failed = form.submit(ann()).await.unwrap_err();
    assert!(matches!(failed.cause, SignInError::NotSaved(_)));
    world.store.mend();
    client.wait_for_refresh().await;
    assert_eq!(sign_outs(&world), 0);
    assert!(world.store.load(&key(RecordKind::Revocations)).await.unwrap().is_none());
    assert_eq!(token(&session).await.unwrap(), "one-access");
}

#[tokio::test]
async fn a_host_that_gives_the_same_token_again_is_not_asked_to_revoke_it() {
    let world = World::default();
    let client = world.client_with(Limits::unlimited());
    sign_in_with(&client, &world, pair("one", 900, 3600)).await;
    world.clock.forward(600);
    // As it was issued ten minutes ago: it does not live longer for being given again.
    let again = sign_in_with(&client, &world, pair_from("one", 0, 900, 3600)).await;
    again.wait_for_refresh().await;
    assert_eq!(sign_outs(&world), 0);
    world.clock.forward(280);
    world.host.say(pair_from("two", 880, 900, 3600));
    assert_eq!(token(&again).await.unwrap(), "one-access");
    again.wait_for_refresh().await;
    assert_eq!(token(&again).await.unwrap(), "two-access", "a refresh was due by the earlier of its dates");
}

#[tokio::test]
async fn a_record_that_is_damaged_is_written_again_from_memory() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    let (record, _) = stored(&world).await;
    for load in [true, false] {
        let damaged = Record { body: SecretBytes::new(b"{\"v\":2".to_vec()), ..record.clone() };
        world.store.save(&key(RecordKind::Session), &damaged, WriteCondition::Unconditional).await.unwrap();
        if load {
            let found = world.client().session(Office::Front).await;
            assert!(matches!(found, Err(StoreError::Corrupt { .. })), "another process knows no better");
            let client = auth_client_of(&session).await;
            assert_eq!(client.as_deref(), Some("one-access"));
        } else {
            world.clock.forward(900);
            world.host.say(pair_from("two", 900, 900, 3600));
            assert_eq!(token(&session).await.unwrap(), "two-access");
        }
        let kept = stored(&world).await.1.tokens.access.token.expose().to_owned();
        assert_eq!(kept, if load { "one-access" } else { "two-access" });
    }
}

/// The token after the store was looked at.
async fn auth_client_of(session: &auth_client::Session) -> Option<String> {
    let token = session.access_token().await.ok()?;
    session.replace_rejected_token(&token).await.ok().map(|token| token.expose().to_owned())
}

#[tokio::test]
async fn a_sign_out_that_was_cut_short_is_brought_to_its_end_by_the_next_process() {
    let world = World::default();
    let dying = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap();
    let client = world.builder(Limits::unlimited()).runtime(dying.handle().clone()).build().unwrap();
    let session = sign_in_with(&client, &world, pair("one", 900, 3600)).await;
    // The process dies between the two writes: what comes after the first never happens.
    let begun = std::sync::Arc::new(tokio::sync::Notify::new());
    let arrived = begun.clone();
    world.store.before(Call::Removal, move || async move {
        arrived.notify_one();
        std::future::pending::<()>().await;
    });
    let signing_out = tokio::spawn(session.sign_out());
    begun.notified().await;
    dying.shutdown_background();
    assert!(signing_out.await.unwrap().is_err());
    assert!(world.store.load(&key(RecordKind::Revocations)).await.unwrap().is_some(), "it has begun");
    assert!(world.store.load(&key(RecordKind::Session)).await.unwrap().is_some(), "and not ended");
    world.host.take_revocations();
    let next = world.client();
    assert!(next.session(Office::Front).await.unwrap().is_none());
    assert!(world.store.load(&key(RecordKind::Session)).await.unwrap().is_none());
    for _ in 0..50 {
        next.wait_for_refresh().await;
        tokio::task::yield_now().await;
    }
    assert_eq!(sign_outs(&world), 1);
    assert_eq!(next.session_end(Office::Front).await.unwrap(), None, "it was signed out, and did not end");
}

#[tokio::test]
async fn a_code_that_was_under_way_when_the_process_died_leaves_an_uncertain_step() {
    let world = World::default();
    let client = world.client_with(Limits::unlimited());
    let (_, form) = form_with(&client, &world).await;
    world.host.say(CODE);
    let SignInStep::Code(code) = form.submit(ann()).await.unwrap() else { panic!() };
    let before = pending(&world).await;
    world.host.hold(pair("one", 900, 3600));
    let arrived = world.host.arrived.clone();
    let call = tokio::spawn(async move { code.submit(OneTimeCode::new("123456")).await });
    arrived.notified().await;
    assert_ne!(pending(&world).await, before, "it is marked as one whose answer was lost");
    call.abort();
    // The next process is at the step whose answer was lost.
    let resumed = world.client().resume_sign_in(Office::Front).await.unwrap();
    assert_eq!(resumed.current().name(), "code");
    world.host.next(Reply::Say(400, r#"{"error":{"code":0,"message":"No"}}"#.into()));
    let SignInStep::Code(code) = resumed.current() else { panic!() };
    // The host may have moved on at the request that was cut short, so a refusal is not one of this code.
    let failed = code.submit(OneTimeCode::new("123456")).await.unwrap_err();
    assert!(matches!(failed.cause, SignInError::WizardEnded), "{failed:?}");
}

async fn pending(world: &World) -> String {
    let found = world.store.load(&key(RecordKind::Pending)).await.expect("the store answers");
    String::from_utf8(found.expect("a step is pending").body.expose().to_vec()).expect("a text")
}

#[tokio::test]
async fn a_step_that_another_sign_in_has_replaced_is_submitted_all_the_same() {
    let world = World::default();
    let client = world.client_with(Limits::unlimited());
    let (_, form) = form_with(&client, &world).await;
    world.host.say(CODE);
    let SignInStep::Code(code) = form.submit(ann()).await.unwrap() else { panic!() };
    let (_, other) = form_with(&world.client(), &world).await;
    world.host.say(CODE);
    other.submit(ann()).await.unwrap();
    world.host.say(pair("one", 900, 3600));
    assert_eq!(code.submit(OneTimeCode::new("123456")).await.unwrap().name(), "signed_in");
}

#[tokio::test]
async fn why_a_session_ended_is_said_until_the_next_sign_in() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 36_000)).await;
    world.clock.forward(900);
    world.host.next(revoked());
    for _ in 0..3 {
        assert!(matches!(token(&session).await, Err(SessionError::Ended)));
    }
    // Of another process too.
    let next = world.client_with(Limits::unlimited());
    for _ in 0..2 {
        assert!(next.session(Office::Front).await.unwrap().is_none());
        let end = next.session_end(Office::Front).await.unwrap().expect("it is kept");
        assert_eq!((end.reason, end.account.as_str()), (SessionEndReason::EndedByHost, "ann@example.com"));
        let change = next.auth_state_changes(Office::Front).next().await;
        assert_eq!((change.state, change.reason), (AuthState::SignedOut, StateReason::EndedByHost));
    }
    sign_in_with(&next, &world, pair("two", 900, 3600)).await;
    assert_eq!(next.session_end(Office::Front).await.unwrap(), None);
    world.clock.forward(3600);
    let session = next.session(Office::Front).await.unwrap().unwrap();
    assert!(matches!(token(&session).await, Err(SessionError::Ended)));
    let end = next.session_end(Office::Front).await.unwrap().expect("it is kept");
    assert_eq!(end.reason, SessionEndReason::Expired);
    let failed = next.sign_out(Office::Front).await.unwrap_err();
    assert!(matches!(failed.cause, SessionError::NotSignedIn));
    assert_eq!(next.session_end(Office::Front).await.unwrap(), None, "a sign-out settles it");
}

#[tokio::test]
async fn a_refresh_that_lands_during_a_sign_out_is_revoked_and_not_written_over() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 36_000)).await;
    let (old, _) = stored(&world).await;
    world.host.take_revocations();
    // Somebody else holds the lock, refreshes, and saves just before the record is removed.
    let _lock = world.store.lock(&key(RecordKind::Session)).await.unwrap();
    let (store, mut newer) = (world.store.clone(), stored(&world).await.1);
    newer.tokens.access.token = auth_client::secret::AccessToken::new("two-access");
    newer.tokens.refresh.token = auth_client::secret::RefreshToken::new("two-refresh");
    let newer = Record { body: newer.encode(), ..old };
    world.store.before(Call::Removal, move || async move {
        store.save(&key(RecordKind::Session), &newer, WriteCondition::SameSession).await.unwrap();
    });
    tokio::time::pause();
    session.sign_out().await.unwrap();
    world.client().deliver_pending_revocations(Office::Front).await.unwrap();
    assert!(world.host.bearers().contains(&"Bearer two-access".to_owned()), "{:?}", world.host.bearers());
    assert!(world.store.load(&key(RecordKind::Session)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_queued_revocation_spares_a_token_that_is_in_use_again() {
    let world = World::default();
    let client = world.client_with(Limits::unlimited());
    let first = sign_in_with(&client, &world, pair("one", 900, 3600)).await;
    world.host.next(Reply::Fail(auth_client::ports::TransportError::Unreachable));
    assert_eq!(first.sign_out().await.unwrap().revocation, RevocationStatus::Pending);
    client.network_changed();
    let again = sign_in_with(&client, &world, pair("one", 900, 3600)).await;
    let delivered = client.deliver_pending_revocations(Office::Front).await.unwrap();
    assert_eq!((delivered.delivered, delivered.pending), (0, 0));
    assert_eq!(sign_outs(&world), 1, "only the one that failed");
    assert_eq!(token(&again).await.unwrap(), "one-access");
}

#[tokio::test]
async fn giving_up_a_sign_in_while_it_is_saved_leaves_the_session_in_use() {
    let world = World::default();
    let client = world.client_with(Limits::unlimited());
    world.host.take_revocations();
    let session = sign_in_with(&client, &world, pair("one", 900, 3600)).await;
    let (sign_in, form) = form_with(&client, &world).await;
    world.host.say(pair("two", 900, 3600));
    world.store.before(Call::Save, move || async move { sign_in.abandon().await.unwrap() });
    assert!(form.submit(ann()).await.is_err());
    client.wait_for_refresh().await;
    assert_eq!(world.host.bearers(), ["Bearer two-access"], "what nobody wants is revoked, and nothing else");
    assert_eq!(token(&session).await.unwrap(), "one-access");
    assert_eq!(stored(&world).await.1.tokens.access.token.expose(), "one-access");
}

#[tokio::test]
async fn what_is_in_use_is_revoked_though_its_record_does_not_read() {
    for signs_out in [true, false] {
        let world = World::default();
        let client = world.client_with(Limits::unlimited());
        world.host.take_revocations();
        sign_in_with(&client, &world, pair("one", 900, 3600)).await;
        let (record, _) = stored(&world).await;
        let damaged = Record { body: SecretBytes::new(b"{\"v\":2".to_vec()), ..record };
        world.store.save(&key(RecordKind::Session), &damaged, WriteCondition::Unconditional).await.unwrap();
        if signs_out {
            client.sign_out(Office::Front).await.unwrap();
        } else {
            sign_in_with(&client, &world, pair("two", 900, 3600)).await;
        }
        client.wait_for_refresh().await;
        assert_eq!(world.host.bearers(), ["Bearer one-access"], "{signs_out}");
    }
}
