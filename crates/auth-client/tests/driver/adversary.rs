//! What an adversary has tried: each of these once lost a session, revoked a live one, said "revoked" too early, or locked somebody out.

use crate::{
    ports::{Call, Kinds, Reply, World, pair, pair_from, revoked},
    recovery::stored,
    sessions::{form_with, key, sign_in_with, signed_in, token, token_under_way},
    signing_out::nothing_waits,
};
use auth_client::{
    BootTime, Credentials, Limits, Office, RevocationStatus, SessionError, SignInStep,
    ports::{Clock, Record, RecordKind, SessionId, SessionStore, StoreError, TransportError, WriteCondition},
    secret::{AccessToken, OneTimeCode, Password, RefreshToken},
};
use auth_core::session::{Revocations, Sequence};
use std::{sync::Arc, time::Duration};
use tokio::sync::Notify;

async fn put(world: &World, record: &Record) {
    world
        .store
        .save(&key(RecordKind::Session), record, WriteCondition::Unconditional)
        .await
        .expect("the store works");
}

#[tokio::test]
async fn a_refreshed_pair_is_kept_when_an_earlier_session_is_brought_back_meanwhile() {
    let world = World::default();
    let client = world.client_with(Limits::unlimited());
    world.host.take_revocations();
    sign_in_with(&client, &world, pair("ann", 900, 36_000)).await;
    let old = stored(&world).await.0;
    world.clock.forward(10);
    let bob = sign_in_with(&client, &world, pair("bob", 900, 36_000)).await;
    client.wait_for_refresh().await;
    world.clock.forward(900);
    world.host.hold(pair("bobs-next", 900, 36_000));
    let call = token_under_way(&world, &bob).await;
    // A folder that is synchronised.
    put(&world, &old).await;
    world.host.release.notify_one();
    let got = call.await.unwrap();
    client.wait_for_refresh().await;
    assert_ne!(
        world.host.bearers().last().map(String::as_str),
        Some("Bearer bobs-next-access"),
        "the only pair that works was revoked by ourselves"
    );
    assert_eq!(got.unwrap(), "bobs-next-access");
}

#[tokio::test]
async fn a_pair_of_a_version_that_does_not_count_is_newer() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 36_000)).await;
    world.clock.forward(900);
    world.host.say(pair_from("two", 900, 900, 36_000));
    assert_eq!(token(&session).await.unwrap(), "two-access");
    // An older version, which knows no sequence, refreshes: it reads format 2, and writes it without what it does not know.
    world.clock.forward(900);
    let (mut record, mut there) = stored(&world).await;
    there.tokens.access.token = AccessToken::new("three-access");
    there.tokens.refresh.token = RefreshToken::new("three-refresh");
    there.tokens.access.created_at = Some(Clock::now(&world.clock));
    there.tokens.access.expires_at = Some(world.clock.now().checked_add(Duration::from_secs(900)).unwrap());
    there.received = Clock::reading(&world.clock);
    there.sequence = Sequence { refresh_count: None, signed_in: None };
    record.body = there.encode();
    put(&world, &record).await;
    world.host.next(revoked()); // the spent token's
    let got = token(&session).await;
    assert_eq!(got.unwrap(), "three-access");
}

#[tokio::test]
async fn the_next_users_sign_in_is_not_displaced_by_a_host_date() {
    let world = World::default();
    let client = world.client_with(Limits::unlimited());
    sign_in_with(&client, &world, pair_from("ann", 3600, 900, 36_000)).await;
    world.clock.forward(300);
    // Bob signs in in another process that shares no boot id (macOS, iOS, Windows, another container); the host gives him an access
    // token that it had issued before, or comes from a machine that is behind.
    let (record, mut bobs) = stored(&world).await;
    bobs.account = "bob@example.com".into();
    bobs.tokens.access.token = AccessToken::new("bob-access");
    bobs.tokens.refresh.token = RefreshToken::new("bob-refresh");
    bobs.tokens.access.created_at =
        bobs.tokens.access.created_at.map(|at| at.checked_sub(Duration::from_secs(1)).unwrap());
    bobs.received = Clock::reading(&world.clock);
    bobs.received.boot = bobs.received.boot.map(|boot| BootTime { id: boot.id + 7, ..boot });
    let bob = Record { session_id: SessionId(record.session_id.0.wrapping_add(1)), body: bobs.encode() };
    put(&world, &bob).await;
    let here = client.session(Office::Front).await.unwrap().unwrap();
    // Whoever uses Ann's window for another minute.
    world.host.say(pair_from("anns-next", 4000, 900, 36_000));
    let _ = here.refresh().await;
    let there = stored(&world).await;
    assert_eq!(there.1.account, "bob@example.com", "the record of the user who has just signed in is gone");
    assert_eq!(here.account(), "bob@example.com");
}

#[tokio::test]
async fn two_processes_that_deliver_keep_the_exchanged_pair() {
    let world = World::default();
    signed_in(&world, pair("one", 0, 0)).await;
    world.host.next(Reply::Fail(TransportError::Unreachable));
    let told = world.client().sign_out(Office::Front).await.unwrap();
    assert_eq!(told.revocation, RevocationStatus::Pending);
    // Both have read the list, and ask the host by the access token, which is dead.
    let deliver = || {
        let client = world.client_with(Limits::unlimited());
        tokio::spawn(async move { client.deliver_pending_revocations(Office::Front).await.unwrap() })
    };
    world.host.next(Reply::Hold(Box::new(revoked())));
    world.host.next(Reply::Hold(Box::new(revoked())));
    let a = deliver();
    world.host.arrived.notified().await;
    let b = deliver();
    world.host.arrived.notified().await;
    // A exchanges the refresh token; the answer takes a while.
    world.host.hold(pair("two", 900, 36_000));
    world.host.release.notify_one();
    world.host.arrived.notified().await;
    // B does so too: the token is spent.
    world.host.next(revoked());
    world.host.release.notify_one();
    let b = b.await.unwrap();
    world.host.next(Reply::Fail(TransportError::Unreachable));
    world.host.release.notify_one();
    a.await.unwrap();
    assert!(!nothing_waits(&world).await, "`two` lives at the host, and nobody will ever revoke it");
    assert_eq!(b.delivered, 0, "and it was told to be revoked");
}

#[tokio::test]
async fn a_pair_that_somebody_else_has_exchanged_is_not_revoked() {
    let world = World::default();
    let here = world.client_with(Limits::unlimited());
    sign_in_with(&here, &world, pair("zero", 900, 36_000)).await;
    world.host.next(Reply::Fail(TransportError::Unreachable));
    here.sign_out(Office::Front).await.unwrap();
    let session = sign_in_with(&here, &world, pair("one", 5, 36_000)).await;
    // This process is at the older one.
    world.host.next(Reply::Hold(Box::new(Reply::Fail(TransportError::Unreachable))));
    let delivering = {
        let here = here.clone();
        tokio::spawn(async move { here.deliver_pending_revocations(Office::Front).await })
    };
    world.host.arrived.notified().await;
    world.clock.forward(10);
    let signing_out = tokio::spawn(async move { session.sign_out().await });
    while world.store.load(&key(RecordKind::Session)).await.unwrap().is_some() {
        tokio::task::yield_now().await;
    }
    // Another process delivers: it exchanges the pair, and then the network is gone.
    world.host.say(pair("two", 900, 36_000));
    world.host.next(Reply::Fail(TransportError::Unreachable));
    let other = world.client_with(Limits::unlimited());
    other.deliver_pending_revocations(Office::Front).await.unwrap();
    world.host.next(Reply::Fail(TransportError::Unreachable));
    world.host.release.notify_one();
    delivering.await.unwrap().unwrap();
    let told = signing_out.await.unwrap().unwrap();
    let record = world.store.load(&key(RecordKind::Revocations)).await.unwrap().unwrap();
    let list = Revocations::decode(record.body.expose()).unwrap();
    let waits: Vec<_> = list.entries().iter().map(|e| e.session.tokens.access.token.expose()).collect();
    assert_ne!(told.revocation, RevocationStatus::Revoked, "{waits:?} live on");
}

#[tokio::test]
async fn an_attempt_that_was_given_up_is_not_forgotten_by_a_refusal() {
    let world = World::default();
    let client = world.client();
    let (sign_in, form) = form_with(&client, &world).await;
    world.host.say(crate::ports::CODE);
    form.submit(Credentials::new("ann@example.com", Password::new("Secret123"))).await.unwrap();
    let SignInStep::Code(step) = sign_in.current() else { panic!() };
    let code = || OneTimeCode::new("000000");
    let wrong = || Reply::Say(400, r#"{"error":{"code":0,"message":"Invalid code"}}"#.into());
    for _ in 0..4 {
        world.host.next(wrong());
        step.submit(code()).await.unwrap_err();
    }
    // The fifth is slow, and its user gives up after 40 s; the host may have counted it at any time until then.
    world.host.next(Reply::Hold(Box::new(wrong())));
    let call = tokio::spawn({
        let (step, code) = (step.clone(), code());
        async move { step.submit(code).await }
    });
    world.host.arrived.notified().await;
    world.clock.forward(40);
    call.abort();
    let _ = call.await;
    if std::env::var_os("R13_NO_REFUSAL").is_none() {
        // Somebody who is impatient.
        step.submit(code()).await.unwrap_err();
    }
    world.clock.forward(22);
    // The four that were quick are over. The fifth, which counts until the 102nd second, leaves four.
    let checks = || world.host.asked().iter().filter(|path| path.contains("2fa")).count();
    let before = checks();
    for _ in 0..6 {
        world.host.next(wrong());
        let _ = step.submit(code()).await;
    }
    assert_eq!(checks() - before, 4, "one more within a minute, and the host blocks for ten");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_blocks_in_place_works_in_a_program_with_threads() {
    let world = World::default();
    let client = world.builder(Limits::unlimited()).build().unwrap();
    let session = sign_in_with(&client, &world, pair("one", 900, 36_000)).await;
    world.clock.forward(900);
    // As many do over a keyring or a database.
    world.store.before(Call::Load, || async { tokio::task::block_in_place(|| ()) });
    world.host.say(pair("two", 900, 36_000));
    assert_eq!(token(&session).await.unwrap(), "two-access");
}

#[tokio::test]
async fn a_sign_out_that_failed_is_not_told_to_the_host_later() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 36_000)).await;
    let (mut record, mut there) = stored(&world).await;
    // Another process marks the record, and the device is locked.
    there.refresh_history.failures = 1;
    record.body = there.encode();
    let store = world.store.clone();
    world.store.before(Call::Removal, move || async move {
        store.save(&key(RecordKind::Session), &record, WriteCondition::SameSession).await.unwrap();
        store.fail(Kinds::All, StoreError::unavailable("the device is locked"));
    });
    let failed = session.clone().sign_out().await.unwrap_err();
    assert!(matches!(failed.cause, SessionError::Store(StoreError::Unavailable { .. })), "{failed:?}");
    world.store.mend();
    assert_eq!(token(&session).await.unwrap(), "one-access", "nobody was signed out");
    world.clock.forward(100);
    world.host.say(""); // the sign-out that must not come
    let _ = world.client().deliver_pending_revocations(Office::Front).await.unwrap();
    assert!(!world.host.asked().iter().any(|path| path.ends_with("/signout")), "the host has ended it");
}

#[tokio::test]
async fn all_handles_of_an_unsaved_session_that_was_restored_know_of_its_sign_out() {
    let world = World::default();
    let client = world.client_with(Limits::unlimited());
    let (sign_in, form) = form_with(&client, &world).await;
    world.host.hold(pair("one", 900, 36_000));
    let call = tokio::spawn({
        let form = form.clone();
        async move { form.submit(Credentials::new("ann@example.com", Password::new("Secret123"))).await }
    });
    world.host.arrived.notified().await;
    world.store.fail(Kinds::Only(RecordKind::Session), StoreError::unavailable("locked"));
    world.host.release.notify_one();
    call.await.unwrap().unwrap_err();
    let SignInStep::SignedIn(session) = sign_in.current() else { panic!("{}", sign_in.current().name()) };
    let again = client.restore(&session.snapshot().unwrap()).unwrap();
    let third = client.restore(&session.snapshot().unwrap()).unwrap();
    world.host.say("");
    assert_eq!(again.sign_out().await.unwrap().revocation, RevocationStatus::Revoked);
    let given: Vec<_> = [token(&session).await.is_ok(), token(&third).await.is_ok()].into();
    assert_eq!(given, [false, false], "tokens given after the sign-out");
}

#[tokio::test]
async fn a_clock_that_is_ahead_after_a_restart_gives_up_no_revocation_that_the_host_was_not_asked_for() {
    let world = World::default();
    for name in ["one", "two"] {
        signed_in(&world, pair(name, 900, 3600)).await;
        world.host.next(Reply::Fail(TransportError::Unreachable));
        world.client().sign_out(Office::Front).await.unwrap();
    }
    // No network yet, and a clock that the network will set.
    world.clock.restart();
    world.clock.set_wall(86_400);
    world.host.next(Reply::Fail(TransportError::Unreachable));
    world.client().deliver_pending_revocations(Office::Front).await.unwrap();
    world.clock.set_wall(-86_400 + 60);
    assert!(!nothing_waits(&world).await, "both live on at the host for an hour");
}

#[tokio::test(start_paused = true)]
async fn a_program_with_paused_time_gives_its_runtime_and_gets_its_token() {
    let world = World::default();
    let client =
        world.builder(Limits::unlimited()).runtime(tokio::runtime::Handle::current()).build().unwrap();
    let session = sign_in_with(&client, &world, pair("one", 900, 36_000)).await;
    world.clock.forward(900);
    world.host.say(pair("two", 900, 36_000));
    let got = tokio::time::timeout(Duration::from_secs(60), token(&session)).await;
    assert_eq!(got.expect("a minute is enough for a host that answers at once").unwrap(), "two-access");
}

#[tokio::test]
async fn an_end_that_finds_an_older_pair_is_not_a_success() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 36_000)).await;
    let old = stored(&world).await.0;
    world.clock.forward(900);
    world.host.say(pair("two", 900, 36_000));
    session.refresh().await.unwrap();
    world.clock.forward(900);
    world.host.next(revoked());
    let store = world.store.clone();
    world.store.before(Call::Removal, move || async move {
        store.save(&key(RecordKind::Session), &old, WriteCondition::Unconditional).await.unwrap();
    });
    let got = token(&session).await;
    assert!(got.is_err(), "a token that is over, of a session that the host has ended");
}

#[tokio::test]
async fn a_sign_in_that_was_abandoned_while_it_was_saved_stays_given_up() {
    let world = World::default();
    let client = world.client_with(Limits::unlimited());
    let (saving, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (sign_in, form) = form_with(&client, &world).await;
    world.host.say(pair("late", 900, 3600));
    {
        let (saving, go) = (saving.clone(), go.clone());
        world.store.before(Call::Save, || async move {
            saving.notify_one();
            go.notified().await;
        });
    }
    let call = tokio::spawn(async move {
        form.submit(Credentials::new("ann@example.com", Password::new("Secret123")))
            .await
            .map(|step| step.name())
    });
    saving.notified().await;
    sign_in.abandon().await.unwrap();
    world.host.say("");
    go.notify_one();
    let _given_up = call.await.unwrap();
    assert!(
        client.session(Office::Front).await.unwrap().is_none(),
        "signed in after `abandon` had returned Ok"
    );
}

#[tokio::test]
async fn a_pair_that_could_not_be_saved_is_revoked_when_the_session_is_found_signed_out() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 36_000)).await;
    world.host.hold(pair("two", 900, 36_000));
    let refreshing = {
        let session = session.clone();
        tokio::spawn(async move { session.refresh().await })
    };
    world.host.arrived.notified().await;
    world.store.fail(Kinds::Only(RecordKind::Session), StoreError::unavailable("locked"));
    world.host.release.notify_one();
    refreshing.await.unwrap().unwrap_err();
    world.store.mend();
    // Another process signs out: it knows the spent pair only.
    world.host.next(revoked());
    world.host.next(revoked());
    world.client_with(Limits::unlimited()).sign_out(Office::Front).await.unwrap();
    world.clock.forward(1);
    world.host.say("");
    let got = token(&session).await;
    session.wait_for_refresh().await;
    assert!(got.is_err());
    assert!(
        world.host.bearers().contains(&"Bearer two-access".to_owned()),
        "`two` lives on at the host for ten hours"
    );
}

/// What a program without tokio has: GTK's loop, `futures::executor`.
fn block_on<T>(work: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl std::task::Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = std::sync::Arc::new(Unpark(std::thread::current())).into();
    let mut work = std::pin::pin!(work);
    loop {
        match work.as_mut().poll(&mut std::task::Context::from_waker(&waker)) {
            std::task::Poll::Ready(done) => return done,
            std::task::Poll::Pending => std::thread::park(),
        }
    }
}

#[test]
fn a_caller_without_tokio_may_wait_for_a_refresh_on_the_runtime_that_was_given() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let world = World::default();
    let client = world.builder(Limits::unlimited()).runtime(runtime.handle().clone()).build().unwrap();
    let session = runtime.block_on(sign_in_with(&client, &world, pair("one", 900, 36_000)));
    world.clock.forward(900);
    world.host.say(pair("two", 900, 36_000));
    assert_eq!(block_on(token(&session)).unwrap(), "two-access");
}

#[test]
fn a_caller_without_tokio_may_wait_for_a_refresh() {
    let world = World::default();
    let client = world.builder(Limits::unlimited()).build().unwrap();
    let session = block_on(sign_in_with(&client, &world, pair("one", 900, 36_000)));
    world.clock.forward(900);
    world.host.say(pair("two", 900, 36_000));
    assert_eq!(block_on(token(&session)).unwrap(), "two-access");
    world.host.say("");
    block_on(session.sign_out()).unwrap();
}

#[tokio::test]
async fn a_pair_that_could_not_be_saved_outlives_the_handles_of_one_call() {
    let world = World::default();
    let client = world.client_with(Limits::unlimited());
    let user = || client.for_profile("user-17".parse().unwrap());
    sign_in_with(&user(), &world, pair("one", 900, 36_000)).await;
    world.clock.forward(900);
    world.host.hold(pair("two", 900, 36_000));
    // A service, for each request of this user.
    let request = || {
        let user = user();
        async move {
            let session = user.session(Office::Front).await.unwrap().expect("signed in");
            token(&session).await
        }
    };
    let first = tokio::spawn(request());
    world.host.arrived.notified().await;
    world.store.fail(Kinds::All, StoreError::unavailable("the disk is full for a moment"));
    world.host.release.notify_one();
    let _not_saved = first.await.unwrap();
    world.store.mend();
    world.host.next(revoked()); // the spent token's
    let second = request().await;
    assert_eq!(second.unwrap(), "two-access");
}
