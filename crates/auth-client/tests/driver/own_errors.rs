//! A port that fails with an error of the program's own: whoever asked finds that very error, and nothing prints it by itself.

use crate::{
    ports::{Kinds, OwnError, Reply, World, pair},
    sessions::{form_with, signed_in},
};
use auth_client::{
    Credentials, Limits, RequestError, SessionError,
    ports::{RecordKind, StoreError, TransportError, TransportFailure},
    secret::Password,
};
use std::error::Error;
use tokio::task::JoinSet;

/// The program's own error along the sources, by its number.
pub(crate) fn own(error: &(dyn Error + 'static)) -> Option<u32> {
    let mut chain = std::iter::successors(Some(error), |&error| error.source());
    chain.find_map(|error| error.downcast_ref::<OwnError>()).map(|own| own.0)
}

#[track_caller]
fn hidden(error: &(impl Error + 'static)) {
    assert!(!format!("{error} {error:?}").contains("marker"), "{error:?}");
}

/// Ten callers, who share what one of them has found out.
async fn ten(session: &auth_client::Session) -> Vec<RequestError<SessionError>> {
    let mut callers = JoinSet::new();
    for _ in 0..10 {
        let session = session.clone();
        callers.spawn(async move { session.access_token().await.map(drop).expect_err("it fails") });
    }
    callers.join_all().await
}

#[tokio::test]
async fn what_a_store_failed_with_is_behind_the_error() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    for (number, error) in [(1, StoreError::failed()), (2, StoreError::unavailable("x"))] {
        world.clock.forward(900);
        world.store.fail(Kinds::Only(RecordKind::Session), error.because(OwnError(number)));
        for failed in ten(&session).await {
            assert_eq!(own(&failed), Some(number), "{failed:?}");
            hidden(&failed);
        }
        world.store.mend();
    }
}

#[tokio::test]
async fn what_kept_a_session_from_being_saved_is_behind_the_error() {
    let world = World::default();
    let (_, form) = form_with(&world.client_with(Limits::unlimited()), &world).await;
    world.host.hold(pair("one", 900, 3600));
    let call = tokio::spawn(async move {
        let login = Credentials::new("ann@example.com", Password::new("Secret123"));
        form.submit(login).await.map(drop).expect_err("it fails")
    });
    world.host.arrived.notified().await;
    world.store.fail(Kinds::Only(RecordKind::Session), StoreError::failed().because(OwnError(3)));
    world.host.release.notify_one();
    let failed = call.await.unwrap();
    assert_eq!((failed.cause.kind(), own(&failed)), ("not_saved", Some(3)));
    hidden(&failed);
}

#[tokio::test]
async fn what_a_transport_failed_with_is_behind_the_error() {
    let world = World::default();
    let session = signed_in(&world, pair("one", 900, 3600)).await;
    world.clock.forward(900);
    world.host.next(Reply::FailWith(TransportFailure::new(TransportError::Failed, OwnError(4))));
    for failed in ten(&session).await {
        assert_eq!(failed.cause.kind(), "transport_failed");
        assert_eq!(own(&failed), Some(4), "{failed:?}");
        hidden(&failed);
    }
}
