//! Sessions at rest in memory, and clients of many profiles.

use crate::{
    ports::{Kinds, Reply, World, pair},
    sessions::{sign_in_with, token, token_under_way},
};
use auth_client::{Office, RestoreError, SessionError, SessionSnapshot, ports::StoreError};

#[tokio::test]
async fn a_restored_session_goes_on_where_it_was() {
    let world = World::default();
    let client = world.client();
    let ann = client.for_profile("ann".parse().unwrap());
    let snapshot = sign_in_with(&ann, &world, pair("one", 900, 36_000)).await.snapshot().unwrap();
    assert!(client.session(Office::Front).await.unwrap().is_none(), "the other profile's");
    drop(ann);

    let session = client.restore(&snapshot).unwrap();
    assert_eq!(
        (session.account(), session.cached_access_token().unwrap().expose()),
        ("ann@example.com", "one-access")
    );
    world.clock.forward(1000);
    world.host.say(pair("two", 900, 36_000));
    assert_eq!(token(&session).await.unwrap(), "two-access");
    // The store has it, under its profile, and so has whoever packs it again.
    let ann = client.for_profile("ann".parse().unwrap());
    assert_eq!(token(&ann.session(Office::Front).await.unwrap().unwrap()).await.unwrap(), "two-access");
    let session = client.restore(&session.snapshot().unwrap()).unwrap();
    assert_eq!(token(&session).await.unwrap(), "two-access");
}

#[tokio::test]
async fn an_old_package_takes_over_what_was_refreshed_meanwhile() {
    let world = World::default();
    let client = world.client();
    let session = sign_in_with(&client, &world, pair("one", 900, 36_000)).await;
    let snapshot = session.snapshot().unwrap();
    world.clock.forward(1000);
    world.host.say(pair("two", 900, 36_000));
    assert_eq!(token(&session).await.unwrap(), "two-access");
    let asked = world.host.asked().len();
    assert_eq!(token(&client.restore(&snapshot).unwrap()).await.unwrap(), "two-access");
    assert_eq!(world.host.asked().len(), asked, "no token is spent twice");

    world.host.next(Reply::Say(204, String::new()));
    session.clone().sign_out().await.unwrap();
    assert!(matches!(session.snapshot(), Err(SessionError::NotSignedIn)));
    let late = client.restore(&snapshot).unwrap();
    assert!(matches!(token(&late).await, Err(SessionError::NotSignedIn)), "nor after a sign-out");
}

#[tokio::test]
async fn a_pair_that_could_not_be_saved_is_packed_and_saved_later() {
    let world = World::default();
    let client = world.client();
    let session = sign_in_with(&client, &world, pair("one", 900, 36_000)).await;
    world.clock.forward(1000);
    world.host.hold(pair("two", 900, 36_000));
    let call = token_under_way(&world, &session).await;
    world.store.fail(Kinds::All, StoreError::failed());
    world.host.release.notify_one();
    assert_eq!(call.await.unwrap().unwrap(), "two-access");
    world.store.mend();
    let session = client.restore(&session.snapshot().unwrap()).unwrap();
    world.clock.forward(900);
    world.host.say(pair("three", 900, 36_000));
    assert_eq!(token(&session).await.unwrap(), "three-access");
}

#[tokio::test]
async fn another_host_does_not_get_it() {
    let world = World::default();
    let snapshot = sign_in_with(&world.client(), &world, pair("one", 900, 36_000)).await.snapshot().unwrap();
    let other = auth_client::AuthClient::builder("https://other.example").build().unwrap();
    assert_eq!(other.restore(&snapshot).unwrap_err(), RestoreError::OtherHost);
    let kept = SessionSnapshot::from_bytes(snapshot.expose());
    assert!(world.client().restore(&kept).is_ok());
}
