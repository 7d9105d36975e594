//! Signing out where the host is not there: gone here at once, told later.

use crate::{
    ports::{Kinds, Reply, World, pair, revoked},
    recovery::stored,
    sessions::{form_with, key, signed_in, token},
};
use auth_client::{
    CallError, Credentials, Office, PendingRevocations, RevocationStatus, SessionError, SignInStep,
    ports::{RecordKind, SessionStore, StoreError, TransportError, WriteCondition},
    secret::Password,
};
use auth_core::session::Revocations;

pub(crate) fn sign_outs(world: &World) -> usize {
    world.host.asked().iter().filter(|path| path.ends_with("/signout")).count()
}

async fn offline_sign_out(world: &World) {
    signed_in(world, pair("one", 900, 3600)).await;
    world.host.next(Reply::Fail(TransportError::Unreachable));
    let signed_out = world.client().sign_out(Office::Front).await.expect("the store works");
    assert_eq!(signed_out.account.as_deref(), Some("ann@example.com"));
    assert_eq!(signed_out.revocation, RevocationStatus::Pending);
    assert_eq!(signed_out.cause, Some(CallError::Transport(TransportError::Unreachable)));
    assert!(world.client().session(Office::Front).await.expect("the store works").is_none());
    assert!(world.store.load(&key(RecordKind::Session)).await.expect("the store works").is_none());
}

pub(crate) async fn nothing_waits(world: &World) -> bool {
    world.store.load(&key(RecordKind::Revocations)).await.expect("the store works").is_none()
}

/// What was asked last.
fn tail(world: &World, count: usize) -> Vec<&'static str> {
    let asked = world.host.asked();
    asked[asked.len() - count..].iter().map(|path| path.rsplit('/').next().expect("a path")).collect()
}

#[tokio::test]
async fn the_next_process_tells_the_host() {
    let world = World::default();
    offline_sign_out(&world).await;
    let later = world.client();
    world.host.next(Reply::Fail(TransportError::Unreachable));
    let delivered = later.deliver_pending_revocations(Office::Front).await.unwrap();
    assert_eq!((delivered.delivered, delivered.pending), (0, 1));
    world.host.say("");
    let delivered = later.deliver_pending_revocations(Office::Front).await.unwrap();
    assert_eq!(delivered, PendingRevocations { delivered: 1, ..PendingRevocations::default() });
    assert!(nothing_waits(&world).await, "no token is left");
    assert_eq!(
        later.deliver_pending_revocations(Office::Front).await.unwrap(),
        PendingRevocations::default()
    );
    assert_eq!(sign_outs(&world), 3);
}

#[tokio::test]
async fn a_401_that_is_not_the_hosts_is_no_answer() {
    let world = World::default();
    offline_sign_out(&world).await;
    for body in ["", "<html>proxy</html>", r#"{"message":"Unauthorized"}"#] {
        world.host.next(Reply::Say(401, body.into()));
        let told = world.client().deliver_pending_revocations(Office::Front).await.unwrap();
        assert_eq!((told.delivered, told.pending), (0, 1), "{body}");
    }
    assert!(!nothing_waits(&world).await);
}

#[tokio::test]
async fn a_dead_access_token_proves_nothing_and_a_dead_refresh_token_does() {
    // Without dates nobody knows here which of them is over.
    for (access, refresh) in [(0, 0), (900, 3600)] {
        let world = World::default();
        signed_in(&world, pair("one", access, refresh)).await;
        world.host.next(revoked());
        world.host.say(pair("two", access, refresh));
        world.host.say("");
        let signed_out = world.client().sign_out(Office::Front).await.unwrap();
        assert_eq!(signed_out.revocation, RevocationStatus::Revoked);
        assert_eq!(tail(&world, 3), ["signout", "refresh", "signout"], "the refresh token lived on");
        signed_in(&world, pair("three", access, refresh)).await;
        world.host.next(revoked());
        world.host.next(revoked());
        let signed_out = world.client().sign_out(Office::Front).await.unwrap();
        assert_eq!(signed_out.revocation, RevocationStatus::Revoked, "the host's word about both");
        assert!(nothing_waits(&world).await);
    }
}

#[tokio::test]
async fn a_pair_that_was_exchanged_is_saved_before_it_is_used() {
    let world = World::default();
    offline_sign_out(&world).await;
    world.clock.forward(1000);
    world.host.say(pair("two", 900, 3600));
    world.host.hold("");
    let client = world.client();
    let delivering =
        tokio::spawn(async move { client.deliver_pending_revocations(Office::Front).await.unwrap() });
    world.host.arrived.notified().await;
    let kept = world.store.load(&key(RecordKind::Revocations)).await.unwrap().unwrap();
    let kept = Revocations::decode(kept.body.expose()).unwrap();
    assert_eq!(kept.entries()[0].session.tokens.access.token.expose(), "two-access");
    world.host.release.notify_one();
    assert_eq!(delivering.await.unwrap().delivered, 1);
    assert!(nothing_waits(&world).await);
}

#[tokio::test]
async fn a_sign_out_in_the_middle_of_a_refresh_is_not_told_before_the_new_pair_is_revoked() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(800);
    let (asked, answer) = (session.clone(), Reply::Say(200, pair("two", 900, 3600)));
    world.host.next(Reply::Hold(Box::new(answer)));
    let refreshing = tokio::spawn(async move { asked.refresh().await });
    world.host.arrived.notified().await;
    tokio::time::pause();
    // The host has spent the old pair already, and says so.
    world.host.next(revoked());
    let signed_out = world.client().sign_out(Office::Front).await.unwrap();
    assert_eq!(signed_out.revocation, RevocationStatus::Pending, "another pair is on its way");
    world.host.say("");
    world.host.say("");
    world.host.release.notify_one();
    assert!(refreshing.await.unwrap().is_err());
    assert_eq!(
        tail(&world, 4),
        ["refresh", "signout", "signout", "signout"],
        "the new pair's, and the old one's"
    );
    // What is left is the old pair: its refresh token is spent, and another pair of it may have been lost.
    world.clock.forward(60);
    world.host.next(revoked());
    world.host.next(revoked());
    let left = world.client().deliver_pending_revocations(Office::Front).await.unwrap();
    assert_eq!((left.pending, left.abandoned), (0, 1));
    assert!(nothing_waits(&world).await);
}

#[tokio::test]
async fn after_a_lost_answer_nobody_says_that_the_session_is_revoked() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.host.next(Reply::Fail(TransportError::TimedOut));
    session.refresh().await.unwrap_err();
    world.clock.forward(60);
    world.host.say("");
    world.host.next(revoked());
    let signed_out = session.sign_out().await.unwrap();
    assert_eq!(signed_out.revocation, RevocationStatus::NotRevoked, "there may be a pair that nobody has");
    assert!(nothing_waits(&world).await);
}

#[tokio::test]
async fn a_clock_behind_after_a_restart_drops_no_revocation() {
    let world = World::default();
    offline_sign_out(&world).await;
    world.clock.restart();
    world.clock.set_wall(-1_000_000);
    world.host.say("");
    assert_eq!(world.client().deliver_pending_revocations(Office::Front).await.unwrap().delivered, 1);
}

#[tokio::test]
async fn what_is_over_by_the_wall_clock_alone_is_given_up_once_the_host_has_answered() {
    let world = World::default();
    offline_sign_out(&world).await;
    world.clock.restart();
    world.clock.set_wall(1_000_000);
    world.host.next(Reply::Fail(TransportError::Unreachable));
    let told = world.client().deliver_pending_revocations(Office::Front).await.unwrap();
    assert_eq!((told.pending, told.abandoned), (1, 0), "nobody could be asked");
    world.host.next(Reply::Say(503, String::new()));
    let told = world.client().deliver_pending_revocations(Office::Front).await.unwrap();
    assert_eq!((told.delivered, told.pending, told.abandoned), (0, 0, 1), "nothing is dropped unsaid");
    assert!(nothing_waits(&world).await);
}

#[tokio::test]
async fn who_waits_for_a_refresh_waits_for_the_sign_outs_that_it_delivers() {
    let world = World::default();
    offline_sign_out(&world).await;
    let session = signed_in(&world, pair("two", 900, 3600)).await;
    world.host.say(pair("three", 900, 3600));
    world.host.hold("");
    session.refresh().await.unwrap();
    world.host.release.notify_one();
    session.wait_for_refresh().await;
    assert!(nothing_waits(&world).await);
}

#[tokio::test]
async fn all_handles_of_a_profile_know_of_a_sign_out() {
    let world = World::default();
    // Without a date a token is given until somebody says no.
    let first = signed_in(&world, pair("one", 0, 0)).await;
    let client = world.client();
    let again = client.session(Office::Front).await.unwrap().unwrap();
    let third = client.for_profile(client.profile().clone()).session(Office::Front).await.unwrap().unwrap();
    let restored = client.restore(&first.snapshot().unwrap()).unwrap();
    let handles = [&first, &again, &third, &restored];
    assert!(handles.iter().all(|handle| handle.cached_access_token().is_some()));
    world.host.say("");
    first.clone().sign_out().await.unwrap();
    for (n, handle) in handles.iter().enumerate() {
        assert!(handle.cached_access_token().is_none(), "{n}");
        assert!(matches!(token(handle).await, Err(SessionError::NotSignedIn)), "{n}");
    }
    let snapshot = signed_in(&world, pair("two", 0, 0)).await.snapshot().unwrap();
    world.host.say("");
    world.client().sign_out(Office::Front).await.unwrap();
    let late = world.client().restore(&snapshot).unwrap();
    assert!(matches!(token(&late).await, Err(SessionError::NotSignedIn)), "also one that was packed before");
}

#[tokio::test]
async fn clones_of_a_session_that_was_never_saved_end_with_it() {
    let world = World::default();
    let (sign_in, form) = form_with(&world.client(), &world).await;
    world.host.hold(pair("one", 900, 3600));
    let login = Credentials::new("ann@example.com", Password::new("Secret123"));
    let submitting = tokio::spawn(async move { form.submit(login).await });
    world.host.arrived.notified().await;
    world.store.fail(Kinds::All, StoreError::failed());
    world.host.release.notify_one();
    assert!(submitting.await.unwrap().is_err());
    let SignInStep::SignedIn(session) = sign_in.current() else { panic!() };
    let clone = session.clone();
    assert_eq!(token(&clone).await.unwrap(), "one-access");
    world.host.say("");
    // The write that failed lands all the same, late.
    world.store.mend();
    let elsewhere = World::default();
    signed_in(&elsewhere, pair("one", 900, 3600)).await;
    let late = stored(&elsewhere).await.0;
    world.store.save(&key(RecordKind::Session), &late, WriteCondition::Unconditional).await.unwrap();
    session.sign_out().await.unwrap();
    assert!(world.store.load(&key(RecordKind::Session)).await.unwrap().is_none());
    assert!(matches!(token(&clone).await, Err(SessionError::NotSignedIn)));
    assert!(matches!(clone.sign_out().await.unwrap_err().cause, SessionError::NotSignedIn));
}

#[tokio::test]
async fn what_has_ended_here_is_no_sign_in_when_the_store_brings_it_back() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    let old = world.store.load(&key(RecordKind::Session)).await.unwrap().unwrap();
    world.host.say("");
    session.sign_out().await.unwrap();
    world.store.save(&key(RecordKind::Session), &old, WriteCondition::Unconditional).await.unwrap();
    assert!(world.client().session(Office::Front).await.unwrap().is_none());
    assert!(world.store.load(&key(RecordKind::Session)).await.unwrap().is_none(), "it is removed again");
}

#[tokio::test]
async fn once_the_access_token_is_over_one_more_pair_is_asked_for_and_revoked() {
    let world = World::default();
    offline_sign_out(&world).await;
    world.clock.forward(1000);
    world.host.say(pair("two", 900, 3600));
    world.host.next(Reply::Fail(TransportError::Interrupted));
    assert_eq!(world.client().deliver_pending_revocations(Office::Front).await.unwrap().pending, 1);
    world.host.say("");
    assert_eq!(world.client().deliver_pending_revocations(Office::Front).await.unwrap().delivered, 1);
    assert_eq!(tail(&world, 3), ["refresh", "signout", "signout"]);
    assert!(nothing_waits(&world).await);
}

#[tokio::test]
async fn nothing_outlives_the_refresh_token() {
    let world = World::default();
    offline_sign_out(&world).await;
    world.clock.forward(3600);
    let asked = world.host.asked().len();
    world.client().deliver_pending_revocations(Office::Front).await.unwrap();
    assert!(nothing_waits(&world).await);
    assert_eq!(world.host.asked().len(), asked, "there is nothing to revoke any more");
}

#[tokio::test]
async fn the_next_users_session_is_not_touched_by_the_last_ones_sign_out() {
    let world = World::default();
    offline_sign_out(&world).await;
    let next = signed_in(&world, pair("next", 900, 3600)).await;
    world.host.say("");
    world.client().deliver_pending_revocations(Office::Front).await.unwrap();
    assert_eq!(token(&next).await.unwrap(), "next-access");
    assert!(world.client().session(Office::Front).await.unwrap().is_some());
}

#[tokio::test]
async fn a_host_that_never_takes_a_sign_out_is_left_alone_for_longer_and_longer_by_all_processes() {
    for kind in ["hangs", "fails", "refuses"] {
        let world = World::default();
        signed_in(&world, pair("one", 900, 70 * 365 * 86_400)).await;
        let no = || match kind {
            "hangs" => Reply::Fail(TransportError::TimedOut),
            "fails" => Reply::Say(500, String::new()),
            _ => Reply::Fail(TransportError::Unreachable),
        };
        world.host.next(no());
        world.client().sign_out(Office::Front).await.unwrap();
        let (mut asked_at, mut minute) = (Vec::new(), 0);
        // A command a minute, each a process of its own.
        while minute < 300 {
            let before = world.host.asked().len();
            world.host.next(no());
            let told = world.client().deliver_pending_revocations(Office::Front).await.unwrap();
            world.host.forget_replies();
            assert_eq!((told.delivered, told.pending), (0, 1), "{kind} at {minute}");
            let asked = world.host.asked().len() > before;
            assert_eq!(told.cause.is_some(), asked, "{kind} at {minute}: a request has a cause");
            if asked {
                asked_at.push(minute);
            }
            world.clock.forward(60);
            minute += 1;
        }
        assert_eq!(asked_at, [0, 1, 2, 3, 5, 9, 17, 33, 65, 125, 185, 245], "{kind}");
        // After an hour at most it is asked again, and is well.
        world.clock.forward(3600);
        world.host.say(pair("two", 900, 3600));
        world.host.say("");
        assert_eq!(world.client().deliver_pending_revocations(Office::Front).await.unwrap().delivered, 1);
        assert!(nothing_waits(&world).await);
    }
}

/// However long the host dates its tokens.
#[tokio::test]
async fn what_a_host_never_takes_is_given_up_after_weeks_and_said() {
    let world = World::default();
    signed_in(&world, pair("one", 900, 70 * 365 * 86_400)).await;
    world.host.next(Reply::Fail(TransportError::Unreachable));
    world.client().sign_out(Office::Front).await.unwrap();
    for day in 0..28 {
        world.host.next(Reply::Fail(TransportError::Unreachable));
        let told = world.client().deliver_pending_revocations(Office::Front).await.unwrap();
        assert_eq!((told.pending, told.abandoned), (1, 0), "{day}");
        world.clock.forward(86_400);
    }
    let asked = world.host.asked().len();
    let told = world.client().deliver_pending_revocations(Office::Front).await.unwrap();
    assert_eq!((told.pending, told.abandoned), (0, 1));
    assert_eq!(world.host.asked().len(), asked);
    assert!(nothing_waits(&world).await);
}

#[tokio::test]
async fn a_new_sign_out_does_not_wait_for_an_older_one() {
    let world = World::default();
    offline_sign_out(&world).await;
    for _ in 0..6 {
        world.host.next(Reply::Fail(TransportError::Unreachable));
        world.client().deliver_pending_revocations(Office::Front).await.unwrap();
    }
    world.host.forget_replies();
    signed_in(&world, pair("two", 900, 3600)).await;
    world.host.say("");
    world.host.say("");
    let signed_out = world.client().sign_out(Office::Front).await.unwrap();
    assert_eq!(signed_out.revocation, RevocationStatus::Revoked);
    assert!(nothing_waits(&world).await, "the host is there, and takes the older one too");
}

#[tokio::test]
async fn a_damaged_list_is_told_as_given_up() {
    let world = World::default();
    offline_sign_out(&world).await;
    let list = world.store.load(&key(RecordKind::Revocations)).await.unwrap().unwrap();
    let cut = list.body.expose()[..20].to_vec();
    let cut = auth_client::ports::Record {
        session_id: list.session_id,
        body: auth_client::secret::SecretBytes::new(cut),
    };
    world.store.save(&key(RecordKind::Revocations), &cut, WriteCondition::Unconditional).await.unwrap();
    let told = world.client().deliver_pending_revocations(Office::Front).await.unwrap();
    assert_eq!((told.pending, told.abandoned), (0, 1));
    assert_eq!(world.client().deliver_pending_revocations(Office::Front).await.unwrap().abandoned, 0);
    assert!(nothing_waits(&world).await);
}
