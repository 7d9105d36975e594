//! Ten thousand users of one client.

use crate::{
    counting::Counting,
    fleet::{Fleet, Kind, profile, user},
};
use auth_client::{Office, StateReason};
use std::time::Duration;
use tokio::time::timeout;

const MANY: usize = 10_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_token_of_a_user_who_is_not_in_memory_takes_one_load_of_one_record() {
    let fleet = Fleet::with(&[(Kind::Fresh, MANY)]).await;
    let store = Counting::new(fleet.store());
    let service = fleet.builder().store(store.clone()).build().unwrap();
    for n in (0..MANY).step_by(997) {
        let session = service.for_profile(profile(n)).session(Office::Front).await.unwrap().unwrap();
        assert_eq!(session.access_token().await.unwrap().expose(), format!("{}~0~access", user(n)));
        assert_eq!(store.take(), (1, 0), "{n}");
    }

    // One user is watched; what happens to the others wakes nobody.
    let watched = service.for_profile(profile(0));
    let _session = watched.session(Office::Front).await.unwrap().unwrap();
    let mut changes = watched.auth_state_changes(Office::Front);
    let _first = changes.next().await;
    for n in 1..100 {
        let other = service.for_profile(profile(n));
        other.session(Office::Front).await.unwrap().unwrap().refresh().await.unwrap();
    }
    let mut next = std::pin::pin!(changes.next());
    let woken = std::future::poll_fn(|context| std::task::Poll::Ready(next.as_mut().poll(context))).await;
    assert!(woken.is_pending(), "{woken:?}");
    watched.session(Office::Front).await.unwrap().unwrap().refresh().await.unwrap();
    let news = timeout(Duration::from_secs(60), next).await.expect("its own refresh is news");
    assert_eq!(news.reason, StateReason::Refreshed);
}
