//! Others at the same place in the store: other processes with the same session, other users with the next one.

use crate::{
    ports::{Call, Kinds, Reply, World, locked, pair, revoked},
    recovery::{refreshed_by_another_process, stored},
    sessions::{form_with, key, refreshes, sign_in_with, signed_in, token, token_under_way},
    signing_out::{nothing_waits, sign_outs},
};
use auth_client::{
    AuthClient, CallError, Limits, Office, RevocationStatus, Session, SessionError, SignInError, SignInStep,
    ports::{RecordKind, SessionId, SessionStore, StoreError, TransportError, WriteCondition},
    secret::RefreshToken,
};
use auth_core::ports::Record;

/// What another process leaves in the store in which the next user has signed in.
async fn next_user(world: &World) -> SessionId {
    let (record, session) = stored(world).await;
    let next = Record { session_id: SessionId(record.session_id.0.wrapping_add(1)), body: session.encode() };
    world
        .store
        .save(&key(RecordKind::Session), &next, WriteCondition::Unconditional)
        .await
        .expect("the store works");
    next.session_id
}

#[tokio::test]
async fn a_no_to_the_last_session_leaves_the_next_users_alone() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(900);
    world.host.next(Reply::Hold(Box::new(revoked())));
    let call = token_under_way(&world, &session).await;
    let next = next_user(&world).await;
    world.host.release.notify_one();
    assert!(matches!(call.await.unwrap(), Err(SessionError::Store(StoreError::SessionReplaced))));
    assert_eq!(stored(&world).await.0.session_id, next);
}

#[tokio::test]
async fn a_no_that_cannot_be_checked_ends_nothing() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(900);
    world.host.next(Reply::Hold(Box::new(revoked())));
    let call = token_under_way(&world, &session).await;
    world.store.fail(Kinds::All, locked());
    world.host.release.notify_one();
    assert!(matches!(call.await.unwrap(), Err(SessionError::Store(StoreError::Unavailable { .. }))));
    world.store.mend();
    refreshed_by_another_process(&world, "other").await;
    assert_eq!(token(&session).await.unwrap(), "other-access");
}

#[tokio::test]
async fn a_failure_is_not_written_over_another_processes_pair() {
    for (status, body) in [(503, ""), (401, ""), (422, r#"{"message":"Invalid","errors":{"a":["no"]}}"#)] {
        let world = World::default();
        let session = signed_in(&world, pair("one", 900, 3600)).await;
        world.clock.forward(900);
        world.host.next(Reply::Hold(Box::new(Reply::Say(status, body.into()))));
        let call = tokio::spawn(async move { token(&session).await });
        world.host.arrived.notified().await;
        refreshed_by_another_process(&world, "other").await;
        world.host.release.notify_one();
        assert_eq!(call.await.unwrap().unwrap(), "other-access", "{status}");
        assert_eq!(stored(&world).await.1.tokens.access.token.expose(), "other-access", "{status}");
    }
}

#[tokio::test]
async fn another_processes_pair_that_is_over_by_now_is_refreshed() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 36_000)).await;
    world.clock.forward(900);
    refreshed_by_another_process(&world, "other").await;
    world.clock.forward(5000);
    world.host.say(pair("three", 900, 36_000));
    assert_eq!(token(&session).await.unwrap(), "three-access");
}

#[tokio::test]
async fn another_processes_pair_has_to_last_as_long_as_was_asked_for() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 36_000)).await;
    world.clock.forward(300);
    refreshed_by_another_process(&world, "other").await;
    world.clock.forward(500);
    world.host.say(pair("three", 900, 36_000));
    let lasting = session.access_token_with_min_ttl(std::time::Duration::from_secs(600)).await.unwrap();
    assert_eq!(lasting.expose(), "three-access");
}

#[tokio::test]
async fn the_same_access_token_with_another_refresh_token_is_another_pair() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(900);
    let (mut record, mut refreshed) = stored(&world).await;
    refreshed.tokens.refresh.token = RefreshToken::new("other-refresh");
    refreshed.received = auth_client::ports::Clock::reading(&world.clock);
    record.body = refreshed.encode();
    world.store.save(&key(RecordKind::Session), &record, WriteCondition::SameSession).await.unwrap();
    assert_eq!(token(&session).await.unwrap(), "one-access");
    assert_eq!(refreshes(&world), 0);
}

#[tokio::test]
async fn a_handle_signs_out_nobody_else() {
    let world = World::default();
    let client = world.client_with(Limits::unlimited());
    world.host.take_revocations();
    let first = sign_in_with(&client, &world, pair("one", 900, 3600)).await;
    let next = sign_in_with(&client, &world, pair("next", 900, 3600)).await;
    let failed = first.sign_out().await.unwrap_err();
    assert!(matches!(failed.cause, SessionError::Store(StoreError::SessionReplaced)));
    assert_eq!(token(&next).await.unwrap(), "next-access");
    assert!(world.client().session(Office::Front).await.unwrap().is_some());
    let twice = next.clone();
    assert_eq!(next.sign_out().await.unwrap().revocation, RevocationStatus::Revoked);
    assert!(matches!(twice.sign_out().await.unwrap_err().cause, SessionError::NotSignedIn));
}

#[tokio::test]
async fn a_session_that_was_never_saved_is_signed_out_at_the_host_and_no_other_one_here() {
    let world = World::default();
    let kept = signed_in(&world, pair("one", 900, 3600)).await;
    world.store.fail(Kinds::Only(RecordKind::Session), locked());
    let (sign_in, form) = form_with(&world.client_with(Limits::unlimited()), &world).await;
    world.host.say(pair("two", 900, 3600));
    let login =
        auth_client::Credentials::new("bob@example.com", auth_client::secret::Password::new("Secret123"));
    assert!(matches!(form.submit(login).await.unwrap_err().cause, SignInError::NotSaved(_)));
    let SignInStep::SignedIn(unsaved) = sign_in.current() else { panic!() };
    world.store.mend();
    world.host.say("");
    let signed_out = unsaved.sign_out().await.unwrap();
    assert_eq!(
        (signed_out.account.as_deref(), signed_out.revocation),
        (Some("bob@example.com"), RevocationStatus::Revoked)
    );
    assert_eq!(token(&kept).await.unwrap(), "one-access");
    assert!(world.client().session(Office::Front).await.unwrap().is_some());
}

#[tokio::test]
async fn a_sign_out_that_the_store_refuses_is_not_told_to_the_host() {
    for kind in [RecordKind::Session, RecordKind::Pending] {
        let world = World::default();
        let session = signed_in(&world, pair("one", 900, 3600)).await;
        world.store.fail(Kinds::Only(kind), locked());
        session.clone().sign_out().await.unwrap_err();
        world.store.mend();
        assert!(nothing_waits(&world).await, "{kind:?}");
        assert_eq!(token(&session).await.unwrap(), "one-access", "nobody was signed out");
        assert!(world.client().session(Office::Front).await.unwrap().is_some(), "{kind:?}");
    }
}

#[tokio::test]
async fn a_sign_out_that_cannot_be_kept_for_later_is_told_now() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.store.fail(Kinds::Only(RecordKind::Revocations), locked());
    world.host.say("");
    assert_eq!(session.sign_out().await.unwrap().revocation, RevocationStatus::Revoked);
    assert_eq!(sign_outs(&world), 1);
}

#[tokio::test(start_paused = true)]
async fn a_process_that_never_lets_go_keeps_nobody_from_signing_in() {
    let world = World::default();
    let _frozen = world.store.lock(&key(RecordKind::Session)).await.unwrap();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    assert_eq!(token(&session).await.unwrap(), "one-access");
    assert!(world.client().session(Office::Front).await.unwrap().is_some());
}

#[tokio::test]
async fn a_pair_that_came_too_late_is_revoked_while_nobody_has_to_wait() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(900);
    world.host.hold(pair("two", 900, 3600));
    let call = token_under_way(&world, &session).await;
    world.store.remove(&key(RecordKind::Session)).await.unwrap();
    world.host.hold("");
    world.host.release.notify_one();
    world.host.arrived.notified().await;
    assert!(world.store.try_lock(&key(RecordKind::Session)).await.unwrap().is_some());
    world.host.release.notify_one();
    call.await.unwrap().unwrap_err();
}

#[tokio::test]
async fn a_pair_that_could_not_be_saved_is_saved_when_it_can_be() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(900);
    world.host.hold(pair("two", 900, 3600));
    let call = token_under_way(&world, &session).await;
    world.store.fail(Kinds::Only(RecordKind::Session), locked());
    world.host.release.notify_one();
    assert_eq!(call.await.unwrap().unwrap(), "two-access");
    world.store.mend();
    world.clock.forward(1);
    assert_eq!(token(&session).await.unwrap(), "two-access");
    session.wait_for_refresh().await;
    assert_eq!(stored(&world).await.1.tokens.access.token.expose(), "two-access");
    assert_eq!(refreshes(&world), 1, "it is saved, not refreshed");
}

/// What a folder holds that was restored or synchronised to an earlier state.
async fn brought_back(world: &World, old: &Record) {
    world.store.save(&key(RecordKind::Session), old, WriteCondition::Unconditional).await.expect("it works");
}

async fn record(world: &World) -> Record {
    world.store.load(&key(RecordKind::Session)).await.expect("the store works").expect("there is a record")
}

#[tokio::test]
async fn an_older_pair_that_was_brought_back_is_not_taken_over_and_the_newer_one_is_written_again() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 36_000)).await;
    let old = record(&world).await;
    world.host.say(pair("two", 900, 36_000));
    session.refresh().await.unwrap();
    for name in ["three", "four"] {
        brought_back(&world, &old).await;
        world.clock.forward(900);
        world.host.say(pair(name, 900, 36_000));
        assert_eq!(token(&session).await.unwrap(), format!("{name}-access"));
    }
    let kept = stored(&world).await.1;
    assert_eq!((kept.tokens.access.token.expose(), kept.sequence.refresh_count), ("four-access", Some(3)));
}

#[tokio::test]
async fn a_client_that_reads_an_older_pair_keeps_its_own_and_mends_the_store() {
    let world = World::default();
    let client = world.client_with(Limits::unlimited());
    let session = sign_in_with(&client, &world, pair("one", 900, 36_000)).await;
    let old = record(&world).await;
    world.host.say(pair("two", 900, 36_000));
    session.refresh().await.unwrap();
    brought_back(&world, &old).await;
    let again = client.session(Office::Front).await.unwrap().unwrap();
    assert_eq!(again.cached_access_token().expect("it is fresh").expose(), "two-access");
    client.wait_for_refresh().await;
    assert_eq!(stored(&world).await.1.tokens.access.token.expose(), "two-access");
    assert_eq!(refreshes(&world), 1, "it is saved, not refreshed");
}

#[tokio::test]
async fn an_earlier_sign_in_that_was_brought_back_is_not_taken_over() {
    for signs_out in [false, true] {
        let world = World::default();
        let client = world.client_with(Limits::unlimited());
        world.host.take_revocations();
        sign_in_with(&client, &world, pair("yesterday", 900, 36_000)).await;
        let old = record(&world).await;
        world.clock.forward(100);
        let session = sign_in_with(&client, &world, pair("today", 900, 36_000)).await;
        brought_back(&world, &old).await;
        if signs_out {
            assert_eq!(session.sign_out().await.unwrap().revocation, RevocationStatus::Revoked);
            assert!(world.store.load(&key(RecordKind::Session)).await.unwrap().is_none());
            continue;
        }
        let again = client.session(Office::Front).await.unwrap().unwrap();
        assert_eq!(token(&again).await.unwrap(), "today-access");
        client.wait_for_refresh().await;
        assert_eq!(stored(&world).await.1.tokens.access.token.expose(), "today-access");
        world.clock.forward(900);
        brought_back(&world, &old).await;
        world.host.say(pair("tonight", 900, 36_000));
        assert_eq!(token(&session).await.unwrap(), "tonight-access");
        assert_eq!(stored(&world).await.1.tokens.access.token.expose(), "tonight-access");
    }
}

#[tokio::test]
async fn the_end_of_a_pair_that_was_brought_back_in_the_middle_ends_the_session_and_that_record() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 36_000)).await;
    let old = record(&world).await;
    world.host.say(pair("two", 900, 36_000));
    session.refresh().await.unwrap();
    world.clock.forward(900);
    world.host.next(Reply::Hold(Box::new(revoked())));
    let call = token_under_way(&world, &session).await;
    brought_back(&world, &old).await;
    world.host.release.notify_one();
    assert!(matches!(call.await.unwrap(), Err(SessionError::Ended)), "the host's word about the newest pair");
    assert!(world.store.load(&key(RecordKind::Session)).await.unwrap().is_none());
}

/// Two users, the later one signed in, and the record of the first.
async fn two_users(world: &World, first_signs_out: bool) -> (AuthClient, Session, Session, Record) {
    let client = world.client_with(Limits::unlimited());
    let first = sign_in_with(&client, world, pair("ann", 900, 36_000)).await;
    let old = record(world).await;
    if first_signs_out {
        world.host.say("");
        first.clone().sign_out().await.expect("the store works");
    }
    world.clock.forward(10);
    let next = sign_in_with(&client, world, pair("bob", 900, 36_000)).await;
    (client, first, next, old)
}

#[tokio::test]
async fn a_record_of_an_ended_session_costs_the_next_user_nothing() {
    let world = World::default();
    let (client, _, next, old) = two_users(&world, true).await;
    brought_back(&world, &old).await;
    let again = client.session(Office::Front).await.unwrap().expect("the next user is signed in");
    assert_eq!(token(&again).await.unwrap(), "bob-access");
    assert_eq!(stored(&world).await.1.tokens.access.token.expose(), "bob-access", "and written again");
    // The same where a refresh reads it,
    brought_back(&world, &old).await;
    world.host.say(pair("bobs-next", 900, 36_000));
    next.refresh().await.unwrap();
    assert_eq!(stored(&world).await.1.tokens.access.token.expose(), "bobs-next-access");
    // and a sign-out of whoever is signed in.
    brought_back(&world, &old).await;
    world.host.say("");
    let signed_out = client.sign_out(Office::Front).await.unwrap();
    assert_eq!(signed_out.revocation, RevocationStatus::Revoked);
    assert!(client.session(Office::Front).await.unwrap().is_none());
    assert!(world.store.load(&key(RecordKind::Session)).await.unwrap().is_none());
}

#[tokio::test]
async fn a_handle_of_the_last_user_does_not_sign_the_next_one_out() {
    let world = World::default();
    let (client, first, _, old) = two_users(&world, false).await;
    brought_back(&world, &old).await;
    let failed = first.sign_out().await.unwrap_err();
    assert!(matches!(failed.cause, SessionError::Store(StoreError::SessionReplaced)), "{failed:?}");
    let again = client.session(Office::Front).await.unwrap().expect("the next user is signed in");
    assert_eq!(token(&again).await.unwrap(), "bob-access");
    assert_eq!(stored(&world).await.1.tokens.access.token.expose(), "bob-access");
}

#[tokio::test]
async fn a_refresh_goes_by_what_is_in_use_when_it_has_the_lock() {
    let world = World::default();
    let client = world.client_with(Limits::unlimited());
    let session = sign_in_with(&client, &world, pair("one", 900, 36_000)).await;
    let old = record(&world).await;
    world.clock.forward(900);
    let lock = world.store.lock(&key(RecordKind::Session)).await.unwrap();
    let waiting = tokio::spawn(async move { token(&session).await });
    tokio::task::yield_now().await;
    refreshed_by_another_process(&world, "other").await;
    client.session(Office::Front).await.unwrap();
    brought_back(&world, &old).await;
    drop(lock);
    assert_eq!(waiting.await.unwrap().unwrap(), "other-access");
    assert_eq!(refreshes(&world), 0, "the older one is not sent");
    client.wait_for_refresh().await;
    assert_eq!(stored(&world).await.1.tokens.access.token.expose(), "other-access");
}

/// A pair that could not be saved, and has landed after all; another process has begun to refresh it, or has refreshed it.
async fn landed_after_all(world: &World, refreshed: bool) -> Session {
    let session = signed_in(world, pair("one", 900, 36_000)).await;
    world.host.hold(pair("two", 900, 36_000));
    let refreshing = {
        let session = session.clone();
        tokio::spawn(async move { session.refresh().await })
    };
    world.host.arrived.notified().await;
    world.store.fail(Kinds::Only(RecordKind::Session), locked());
    world.host.release.notify_one();
    refreshing.await.expect("it does not panic").expect_err("it is not saved");
    world.store.mend();
    let elsewhere = World::default();
    let same = signed_in(&elsewhere, pair("one", 900, 36_000)).await;
    elsewhere.host.say(pair("two", 900, 36_000));
    same.refresh().await.expect("it is refreshed");
    if refreshed {
        elsewhere.host.say(pair("three", 900, 36_000));
    } else {
        elsewhere.host.next(Reply::Fail(TransportError::TimedOut));
    }
    let _lost = same.refresh().await;
    let landed = Record { session_id: record(world).await.session_id, body: record(&elsewhere).await.body };
    brought_back(world, &landed).await;
    session
}

#[tokio::test]
async fn a_sign_out_revokes_the_newest_pair_wherever_it_is() {
    let world = World::default();
    let session = landed_after_all(&world, true).await;
    world.host.say("");
    session.sign_out().await.unwrap();
    assert_eq!(world.host.bearers().last().map(String::as_str), Some("Bearer three-access"));

    // With the mark of a refresh whose answer was lost nobody can say that it is revoked.
    let world = World::default();
    let session = landed_after_all(&world, false).await;
    world.clock.forward(60);
    world.host.say("");
    world.host.next(revoked());
    assert_eq!(session.sign_out().await.unwrap().revocation, RevocationStatus::NotRevoked);
}

#[tokio::test]
async fn a_pair_that_has_landed_is_not_written_over_the_mark_of_another_refresh() {
    let world = World::default();
    let session = landed_after_all(&world, false).await;
    world.clock.forward(1);
    assert_eq!(token(&session).await.unwrap(), "two-access");
    session.wait_for_refresh().await;
    assert!(stored(&world).await.1.refresh_history.in_flight_or_lost);
}

/// Signs the next user in just before a record is removed: where the last read cannot see it.
#[tokio::test]
async fn a_removal_that_comes_late_leaves_the_next_users_session() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(900);
    world.host.next(revoked());
    let (record, stored_session) = stored(&world).await;
    let next =
        Record { session_id: SessionId(record.session_id.0.wrapping_add(1)), body: stored_session.encode() };
    let there = next.clone();
    let store = world.store.clone();
    world.store.before(Call::Removal, move || async move {
        store.save(&key(RecordKind::Session), &there, WriteCondition::Unconditional).await.expect("it works");
    });
    assert!(matches!(token(&session).await, Err(SessionError::Store(StoreError::SessionReplaced))));
    assert_eq!(stored(&world).await.0.session_id, next.session_id);

    // The same for a sign-out: what was not read is not removed unrevoked.
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    let (store, of) = (world.store.clone(), stored(&world).await.0.session_id.0.wrapping_add(1));
    world.store.before(Call::Removal, move || async move {
        let next = Record { session_id: SessionId(of), body: stored_session.encode() };
        store.save(&key(RecordKind::Session), &next, WriteCondition::Unconditional).await.expect("it works");
    });
    let failed = session.sign_out().await.unwrap_err();
    assert!(matches!(failed.cause, SessionError::Store(StoreError::SessionReplaced)), "{failed:?}");
    assert_eq!(stored(&world).await.0.session_id, SessionId(of));
    assert!(nothing_waits(&world).await);
}

#[tokio::test]
async fn a_host_that_cannot_be_reached_is_left_alone_for_a_while() {
    let world = World::default();
    let client = world.client_with(Limits::unlimited());
    let session = sign_in_with(&client, &world, pair("one", 900, 3600)).await;
    world.clock.forward(900);
    for _ in 0..3 {
        world.host.next(Reply::Fail(TransportError::Unreachable));
        token(&session).await.unwrap_err();
    }
    for _ in 0..50 {
        let away = token(&session).await.unwrap_err();
        assert!(matches!(away, SessionError::Call(CallError::Transport(TransportError::Unreachable))));
    }
    assert_eq!(refreshes(&world), 3);
    client.network_changed();
    world.host.say(pair("two", 900, 3600));
    assert_eq!(token(&session).await.unwrap(), "two-access", "another network: at once");
}
