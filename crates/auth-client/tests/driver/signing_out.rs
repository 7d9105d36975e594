//! Signing out where the host is not there: gone here at once, told later.

use crate::{
    ports::{Reply, World, pair},
    sessions::{key, signed_in, token},
};
use auth_client::{
    CallError, Office, PendingRevocations, RevocationStatus,
    ports::{RecordKind, SessionStore, TransportError},
};

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
    assert_eq!(delivered, PendingRevocations { delivered: 1, pending: 0, cause: None });
    assert!(nothing_waits(&world).await, "no token is left");
    assert_eq!(
        later.deliver_pending_revocations(Office::Front).await.unwrap(),
        PendingRevocations::default()
    );
    assert_eq!(sign_outs(&world), 3);
}

#[tokio::test]
async fn a_401_on_delivery_counts_as_delivered() {
    let world = World::default();
    offline_sign_out(&world).await;
    world.host.next(Reply::Say(401, String::new()));
    assert_eq!(world.client().deliver_pending_revocations(Office::Front).await.unwrap().delivered, 1);
    assert!(nothing_waits(&world).await);
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
    let asked = world.host.asked();
    let tail: Vec<_> =
        asked.iter().rev().take(3).rev().map(|path| path.rsplit('/').next().unwrap()).collect();
    assert_eq!(tail, ["refresh", "signout", "signout"]);
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
